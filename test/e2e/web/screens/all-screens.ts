/** Every screen of the app and everything that opens above one. `npm run screenshots` pictures them, screens.test.ts judges them. */
import { absenceScreens } from './absence-screens.ts';
import { firstStepsScreens } from './first-steps-screens.ts';
import { listScreens, searchScreens } from './list-screens.ts';
import { peopleScreens } from './people-screens.ts';
import type { Screen } from './screen.ts';
import { settingsScreens } from './settings-screens.ts';
import { talkScreens } from './talk-screens.ts';

export const allScreens: readonly Screen[] = [
  ...firstStepsScreens,
  ...listScreens,
  ...talkScreens,
  ...searchScreens,
  ...peopleScreens,
  ...settingsScreens,
  ...absenceScreens,
];
