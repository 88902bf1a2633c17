/** The root of the router: context, error shape, and the bound on calls under way. */
import {
  initTRPC,
  type TRPCBuiltRouter,
  type TRPCErrorFormatter,
  type TRPCProcedureBuilder,
  type TRPCRouterBuilder,
  type TRPCUnsetMarker,
} from '@trpc/server';
import { KithError, errorTable, type ErrorCode } from '@kith/core/base/errors';
import type { ApiErrorShape, ApiRecord } from '@kith/api/contract';
import type { Browser } from '@kith/api/settings-shapes';
import type { ClientConnection } from './connection.ts';
import type { Downloads } from './downloads.ts';
import type { NodeHandle } from './node-handle.ts';

export interface ApiContext {
  handle: NodeHandle;
  connection: ClientConnection;
  /** Of the browser that asks; undefined for programs. */
  session: string | undefined;
  downloads: Downloads;
  /** Who is signed in. @throws KithError `disk-full`, `disk-failed` - nothing changed. */
  browsers: {
    list(current: string | undefined): Browser[];
    /** Its connections end. @returns whether there was such a browser. */
    signOut(id: string): boolean;
  };
  /** Loopback origin, without a code; undefined where none is served. */
  url(): string | undefined;
  /** A URL that opens the web app once. */
  webLink(): string | undefined;
}

export interface ApiRoot {
  ctx: ApiContext;
  meta: object;
  errorShape: ApiErrorShape;
  transformer: false;
}

/** The part of the contract that one file of this folder serves. */
export type ResourceRouter<Name extends keyof ApiRecord> = TRPCBuiltRouter<ApiRoot, ApiRecord[Name]>;

type Procedure = TRPCProcedureBuilder<
  ApiContext,
  object,
  object,
  TRPCUnsetMarker,
  TRPCUnsetMarker,
  TRPCUnsetMarker,
  TRPCUnsetMarker,
  false,
  ApiErrorShape
>;

const errorFormatter: TRPCErrorFormatter<ApiContext, ApiErrorShape> = ({ shape, error }) => ({
  code: shape.code,
  ...sayError(error),
});
const root = initTRPC.context<ApiContext>().create({ isDev: false, errorFormatter });

export const router: TRPCRouterBuilder<ApiRoot> = root.router;
/** Every query and mutation begins with this. */
export const call: Procedure = root.procedure.use(
  async ({ ctx, next }) => await ctx.connection.call(async () => await next()),
);
/** Event streams begin with this: they last, so they are counted apart. */
export const stream: Procedure = root.procedure;

/** A sentence for people. Of an unexpected error nothing is told: it may hold what nobody asked for. */
function sayError(error: { code: string; cause?: unknown }): Omit<ApiErrorShape, 'code'> {
  const { cause } = error;
  if (cause instanceof KithError) return { message: cause.message, data: { code: cause.code } };
  if (error.code === 'BAD_REQUEST') {
    return { message: `The call was not understood. ${issues(cause)}`.trim(), data: { code: 'usage' } };
  }
  const wrong = ['NOT_FOUND', 'PARSE_ERROR', 'METHOD_NOT_SUPPORTED', 'UNPROCESSABLE_CONTENT'];
  const code: ErrorCode = wrong.includes(error.code) ? 'usage' : 'internal';
  const message = code === 'usage' ? 'This node knows no such call.' : errorTable.internal.sentence;
  return { message, data: { code } };
}

/** Where the input is wrong, never what it was: a value may be the text of a message. */
function issues(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null || !('issues' in cause) || !Array.isArray(cause.issues)) {
    return '';
  }
  const found: unknown[] = cause.issues;
  return found
    .slice(0, 4)
    .map((issue) => {
      if (typeof issue !== 'object' || issue === null) return '';
      const path = 'path' in issue && Array.isArray(issue.path) ? issue.path.join('.') : '';
      const code = 'code' in issue && typeof issue.code === 'string' ? issue.code : 'invalid';
      return `${path === '' ? 'input' : path}: ${code.replaceAll('_', ' ')}.`;
    })
    .join(' ');
}
