/** Choices of the profile, and the lock of its windows. */
import { KithError } from '@kith/core/base/errors';
import type { SettingsView } from '@kith/core/peer/contract';
import * as schemas from '@kith/api/settings-schemas';
import type { NodeHandle } from './node-handle.ts';
import { pinMatches, verifierOf } from './pin.ts';
import { call, router, type ResourceRouter } from './procedure.ts';

export const settings: ResourceRouter<'settings'> = router({
  get: call
    .output(schemas.settings)
    .query(async ({ ctx }) => inForce(ctx.handle, await ctx.handle.execute('settings', {}))),
  set: call
    .input(schemas.settingsInput)
    .output(schemas.settings)
    .mutation(async ({ ctx, input }) => {
      const chosen = await ctx.handle.execute('setSettings', input);
      if (input.lan !== undefined && input.lan !== ctx.handle.lan()) await ctx.handle.setLan(input.lan);
      return inForce(ctx.handle, chosen);
    }),
});

/** With what the network does at present: a start may have been told otherwise by a flag. */
function inForce(handle: NodeHandle, chosen: SettingsView): SettingsView {
  return { ...chosen, lan: handle.lan() };
}

export const lock: ResourceRouter<'lock'> = router({
  setPin: call
    .input(schemas.pinInput)
    .output(schemas.settings)
    .mutation(async ({ ctx, input: { pin, current } }) => {
      const from = await proven(ctx.handle, current ?? '');
      const verifier = pin === null ? undefined : await verifierOf(pin);
      return inForce(ctx.handle, await ctx.handle.execute('replacePin', { from, verifier }));
    }),
  unlock: call
    .input(schemas.unlockInput)
    .output(schemas.unlocked)
    .mutation(async ({ ctx, input }) => {
      await proven(ctx.handle, input.pin);
      return { unlocked: true as const };
    }),
  forgetPin: call.output(schemas.settings).mutation(async ({ ctx }) => {
    // Whoever stands before a locked window must not get past it by asking in another way.
    if (ctx.session !== undefined) throw new KithError('unauthorised');
    return inForce(ctx.handle, await ctx.handle.execute('forgetPin', {}));
  }),
});

/**
 * The attempt is counted, on the disk, before it is judged: core/peer/screen-lock.ts.
 * @returns the verifier that the PIN fits; undefined where none is set. @throws KithError `wrong-pin`, `busy`
 */
async function proven(handle: NodeHandle, pin: string): Promise<string | undefined> {
  const { verifier } = await handle.execute('beginUnlock', {});
  if (verifier === undefined) return undefined;
  if (!(await pinMatches(pin, verifier))) throw new KithError('wrong-pin');
  await handle.execute('unlocked', { verifier });
  return verifier;
}
