/** Diagnostics: the neighbours, and what `kith doctor` says. */
import * as schemas from '@kith/api/schemas';
import type { Check } from '@kith/api/shapes';
import type { NodeHandle } from './node-handle.ts';
import { call, router, type ResourceRouter } from './procedure.ts';

export const network: ResourceRouter<'network'> = router({
  peers: call.output(schemas.peers).query(async ({ ctx }) => {
    const views = await ctx.handle.execute('peers', {});
    return views.map(({ id, addresses, lastSeenWallMs, score, link }) => ({
      id,
      addresses,
      lastSeen: new Date(lastSeenWallMs).toISOString(),
      score,
      link,
    }));
  }),
  doctor: call.output(schemas.doctor).query(async ({ ctx }) => {
    const checks = await allChecks(ctx.handle);
    const contacted = ctx.handle
      .contacted()
      .map(({ address, why, atWallMs }) => ({ address, why, at: new Date(atWallMs).toISOString() }));
    return { ok: checks.every((check) => check.status !== 'fail'), checks, contacted };
  }),
});

async function allChecks(handle: NodeHandle): Promise<Check[]> {
  const { checks } = await handle.execute('health', {});
  const { keychain, notices } = handle.details();
  const troubles = handle
    .troubles()
    .map(({ code, detail, fix }): Check => ({ name: code, status: 'warn', detail, fix }));
  return [
    ...checks,
    { name: 'keychain', status: 'ok', detail: keychain, fix: '' },
    // The keychain's sentence stands above, with its own name.
    ...notices
      .filter((notice) => notice !== keychain)
      .map((notice): Check => ({ name: 'start', status: 'warn', detail: notice, fix: '' })),
    ...troubles,
  ];
}
