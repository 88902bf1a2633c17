/** The German catalogue: the same ids as the English one, no more and no less. */
import type { catalogue as english } from './en.ts';
import { actions } from './de/actions.ts';
import { errors } from './de/errors.ts';
import { health } from './de/health.ts';
import { list } from './de/list.ts';
import { network } from './de/network.ts';
import { people } from './de/people.ts';
import { settings } from './de/settings.ts';
import { shell } from './de/shell.ts';
import { talk } from './de/talk.ts';
import { writing } from './de/writing.ts';

export const catalogue: Record<keyof typeof english, string> = {
  ...actions,
  ...errors,
  ...health,
  ...list,
  ...network,
  ...people,
  ...settings,
  ...shell,
  ...talk,
  ...writing,
};
