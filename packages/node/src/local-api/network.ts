/** Diagnostics: the neighbours, and what `kith doctor` says. */
import * as schemas from '@kith/api/schemas';
import { nearby } from '@kith/api/settings-schemas';
import type { Check } from '@kith/api/shapes';
import type { NodeHandle } from './node-handle.ts';
import { call, router, type ResourceRouter } from './procedure.ts';

export const network: ResourceRouter<'network'> = router({
  peers: call.output(schemas.peers).query(async ({ ctx }) => {
    const views = await ctx.handle.execute('peers', {});
    return views.map(({ id, addresses, lastSeenWallMs, score, link, record, view }) => ({
      id,
      addresses,
      lastSeen: new Date(lastSeenWallMs).toISOString(),
      score,
      link,
      record,
      view,
    }));
  }),
  doctor: call.output(schemas.doctor).query(async ({ ctx }) => {
    const checks = await allChecks(ctx.handle);
    const contacted = ctx.handle
      .contacted()
      .map(({ address, why, atWallMs }) => ({ address, why, at: new Date(atWallMs).toISOString() }));
    return { ok: checks.every((check) => check.status !== 'fail'), checks, contacted };
  }),
  nearby: call.output(nearby).query(async ({ ctx }) => {
    const people = await ctx.handle.execute('nearby', {});
    return people.map(({ hue, ...person }) => ({ ...person, hue: hue ?? null }));
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
    keychainCheck(keychain),
    // The keychain's sentence stands above, with its own name.
    ...notices
      .filter((notice) => notice !== keychain)
      .map((notice): Check => ({ name: 'start', status: 'warn', detail: notice, fix: '' })),
    ...troubles,
  ];
}

/** The sentence says itself when it is a warning. */
function keychainCheck(sentence: string): Check {
  const detail = sentence.replace(/^WARNING: /, '');
  const status = detail === sentence ? 'ok' : 'warn';
  return { name: 'keychain', status, detail: detail.charAt(0).toUpperCase() + detail.slice(1), fix: '' };
}
