/** The English catalogue, by part of the app. What German lacks, the types of de.ts name. */
import { actions } from './en/actions.ts';
import { errors } from './en/errors.ts';
import { health } from './en/health.ts';
import { list } from './en/list.ts';
import { network } from './en/network.ts';
import { people } from './en/people.ts';
import { settings } from './en/settings.ts';
import { shell } from './en/shell.ts';
import { talk } from './en/talk.ts';
import { writing } from './en/writing.ts';

export const catalogue = {
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
} as const;
