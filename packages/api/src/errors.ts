/** Failures as clients of the local API see them: the same class and codes as everywhere else. */
import { errorTable, KithError, type ErrorCode } from '@kith/core/base/errors';

export { errorTable, KithError, type ErrorCode };

/**
 * What went wrong with a call, as the one kind of error that people and exit codes know. Here rather than beside the
 * client, whose libraries a command that never calls need not load.
 *
 * @param error - Whatever a call, or a command, rejected with.
 */
export function asKithError(error: unknown): KithError {
  if (error instanceof KithError) return error;
  if (!(error instanceof Error)) return new KithError('internal', undefined, { cause: error });
  if (error.name === 'TRPCClientError') {
    const data: unknown = 'data' in error ? error.data : undefined;
    const code = typeof data === 'object' && data !== null && 'code' in data ? data.code : undefined;
    if (isErrorCode(code)) return new KithError(code, error.message, { cause: error });
    // Our own client refused the call before it left.
    if (error.cause instanceof KithError) return error.cause;
    // No answer stands behind it: the connection went away.
    return new KithError('no-node', 'The node went away while this was under way.', { cause: error });
  }
  return new KithError('internal', `Something went wrong inside Kith: ${error.message}`, { cause: error });
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorTable, code);
}
