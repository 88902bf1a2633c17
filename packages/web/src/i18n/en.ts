/** The English catalogue, by part of the app. What German lacks, the types of de.ts name. */
import { actions } from './en/actions.ts';
import { errors } from './en/errors.ts';
import { network } from './en/network.ts';

export const catalogue = { ...actions, ...errors, ...network } as const;
