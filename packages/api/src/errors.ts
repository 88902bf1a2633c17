/** The error table as clients of the local API see it: the same class and codes as everywhere else. */
export { KithError, errorTable, type ErrorCode } from '@kith/core/base/errors';
