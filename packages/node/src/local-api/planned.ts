/** Calls of the contract that this version of the node does not answer yet: each says so with `internal`. */
import { KithError } from '@kith/core/base/errors';

export function planned(): never {
  throw new KithError('internal', 'This call is not answered yet.');
}
