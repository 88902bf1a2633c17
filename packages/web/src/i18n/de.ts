/** The German catalogue: the same ids as the English one, no more and no less. */
import type { catalogue as english } from './en.ts';
import { actions } from './de/actions.ts';
import { errors } from './de/errors.ts';
import { network } from './de/network.ts';

export const catalogue: Record<keyof typeof english, string> = { ...actions, ...errors, ...network };
