/** Diagnostics: the neighbours, and what `kith doctor` says. */
import { dialReasons } from '@kith/core/base/dial-reason';
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
    const contacted = ctx.handle.contacted().map(({ address, why: reason, atWallMs }) => {
      const why = dialReasons[reason];
      return { address, reason, why, at: new Date(atWallMs).toISOString() };
    });
    return { ok: checks.every((check) => check.status !== 'fail'), checks, contacted };
  }),
  nearby: call.output(nearby).query(async ({ ctx }) => {
    const people = await ctx.handle.execute('nearby', {});
    return people.map(({ hue, ...person }) => ({ ...person, hue: hue ?? null }));
  }),
});

async function allChecks(handle: NodeHandle): Promise<Check[]> {
  const { checks } = await handle.execute('health', {});
  const { keychain, keyFile } = handle.details();
  const troubles = handle
    .troubles()
    .map(
      (trouble): Check => ({ name: trouble.code, status: 'warn', ...trouble, values: { ...trouble.values } }),
    );
  return [
    ...checks.map((check): Check => ({ ...check, values: { ...check.values } })),
    keychainCheck(keychain, keyFile),
    ...troubles,
  ];
}

/** The sentence says itself when it is a warning. */
function keychainCheck(sentence: string, keyFile: string | undefined): Check {
  const detail = sentence.replace(/^WARNING: /, '');
  const status = detail === sentence ? 'ok' : 'warn';
  const found =
    keyFile === undefined
      ? ({ code: 'keychain.system', values: {} } as const)
      : ({ code: 'keychain.file', values: { path: keyFile } } as const);
  const sentenceCased = detail.charAt(0).toUpperCase() + detail.slice(1);
  return { name: 'keychain', ...found, status, detail: sentenceCased, fix: '' };
}
