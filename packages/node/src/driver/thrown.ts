/** What was thrown, as people and the log may be told. */
import { KithError } from '@kith/core/base/errors';

export function kithError(cause: unknown): KithError {
  return cause instanceof KithError ? cause : new KithError('internal', undefined, { cause });
}

// The message of a foreign error may hold what a person wrote; its name does not.
export function nameOf(cause: unknown): string {
  return cause instanceof Error ? cause.name : typeof cause;
}
