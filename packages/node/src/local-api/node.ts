/** The running program itself: status, log lines, a link to the web app, the end. */
import * as schemas from '@kith/api/schemas';
import * as settingsSchemas from '@kith/api/settings-schemas';
import { isoTime } from './message-json.ts';
import { call, router, type ResourceRouter } from './procedure.ts';

export const node: ResourceRouter<'node'> = router({
  status: call.output(schemas.status).query(async ({ ctx }) => {
    const view = await ctx.handle.execute('status', {});
    const details = ctx.handle.details();
    return {
      ...view,
      hue: view.hue ?? null,
      version: details.version,
      pid: details.pid,
      data: details.dataDir,
      url: ctx.url() ?? null,
      listen: details.listen,
      keychain: details.keychain,
      startedAt: new Date(details.startedAtWallMs).toISOString(),
      notices: details.notices,
      lastSeq: ctx.handle.lastEventSeq(),
    };
  }),
  stop: call.output(schemas.stopping).mutation(({ ctx }) => {
    // The answer leaves first.
    setImmediate(() => {
      ctx.handle.stop();
    });
    return { stopping: true as const };
  }),
  logs: call
    .input(schemas.logsInput)
    .output(schemas.logs)
    .query(({ ctx, input }) => ({ lines: ctx.handle.logTail(input.lines) })),
  webLink: call.output(schemas.webLink).mutation(({ ctx }) => ({ url: ctx.webLink() ?? null })),
  browsers: call.output(settingsSchemas.browsers).query(({ ctx }) => ctx.browsers.list(ctx.session)),
  signOut: call
    .input(settingsSchemas.browserInput)
    .output(settingsSchemas.signedOut)
    .mutation(({ ctx, input }) => ({ signedOut: ctx.browsers.signOut(input.id) })),
  storage: call.output(settingsSchemas.storageUse).query(async ({ ctx }) => {
    const { messages, conversations, oldestWallMs } = await ctx.handle.execute('amount', {});
    const { databaseBytes, freeBytes } = ctx.handle.disk();
    return {
      databaseBytes,
      freeBytes: freeBytes ?? null,
      messages,
      conversations,
      oldestAt: oldestWallMs === undefined ? null : isoTime(oldestWallMs),
    };
  }),
});
