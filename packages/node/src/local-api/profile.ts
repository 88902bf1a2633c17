/** Who we are, and the card that we hand over. */
import type { StatusView } from '@kith/core/peer/contract';
import * as schemas from '@kith/api/schemas';
import { lookInput } from '@kith/api/settings-schemas';
import type { Profile } from '@kith/api/shapes';
import { call, router, type ResourceRouter } from './procedure.ts';

export const profile: ResourceRouter<'profile'> = router({
  get: call
    .output(schemas.profile)
    .query(async ({ ctx }) => profileJson(await ctx.handle.execute('status', {}))),
  setName: call
    .input(schemas.nameInput)
    .output(schemas.profile)
    .mutation(async ({ ctx, input }) => profileJson(await ctx.handle.execute('setName', input))),
  setLook: call
    .input(lookInput)
    .output(schemas.profile)
    .mutation(async ({ ctx, input }) =>
      profileJson(await ctx.handle.execute('setLook', { hue: input.hue ?? undefined })),
    ),
  makeCard: call
    .input(schemas.cardInput)
    .output(schemas.card)
    .mutation(async ({ ctx, input }) => {
      const wanted = { once: input.once ?? false, expiresInMs: input.expiresInMs };
      const { card, short, expiresAtWallMs } = await ctx.handle.execute('makeCard', wanted);
      return { card, short, expiresAt: new Date(expiresAtWallMs).toISOString() };
    }),
});

function profileJson(view: StatusView): Profile {
  return { id: view.id, name: view.name, fingerprint: view.fingerprint, hue: view.hue ?? null };
}
