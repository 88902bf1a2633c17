/** Contacts: who they are to us, adding, answering, blocking, naming, comparing numbers. */
import { isoTime } from '@kith/core/base/iso-time';
import type { ContactView } from '@kith/core/peer/contract';
import * as schemas from '@kith/api/schemas';
import { cardPreview, previewInput, reach } from '@kith/api/settings-schemas';
import type { Contact } from '@kith/api/shapes';
import { call, router, type ResourceRouter } from './procedure.ts';

export const contacts: ResourceRouter<'contacts'> = router({
  list: call
    .output(schemas.contacts)
    .query(async ({ ctx }) => (await ctx.handle.execute('contacts', {})).map(contactJson)),
  add: call
    .input(schemas.addInput)
    .output(schemas.addedContact)
    .mutation(async ({ ctx, input }) => {
      const added = await ctx.handle.execute('add', { card: input.card, name: input.name });
      return { ...contactJson(added), expected: added.expected };
    }),
  accept: call
    .input(schemas.contactInput)
    .output(schemas.contact)
    .mutation(async ({ ctx, input }) => contactJson(await ctx.handle.execute('accept', input))),
  block: call
    .input(schemas.contactInput)
    .output(schemas.contact)
    .mutation(async ({ ctx, input }) => contactJson(await ctx.handle.execute('block', input))),
  unblock: call
    .input(schemas.contactInput)
    .output(schemas.contact)
    .mutation(async ({ ctx, input }) => contactJson(await ctx.handle.execute('unblock', input))),
  remove: call
    .input(schemas.contactInput)
    .output(schemas.removedContact)
    .mutation(async ({ ctx, input }) => ({
      ...contactJson(await ctx.handle.execute('remove', input)),
      state: 'removed' as const,
    })),
  rename: call
    .input(schemas.renameInput)
    .output(schemas.contact)
    .mutation(async ({ ctx, input }) => contactJson(await ctx.handle.execute('rename', input))),
  verify: call
    .input(schemas.verifyInput)
    .output(schemas.safetyNumber)
    .mutation(async ({ ctx, input }) => await ctx.handle.execute('verify', input)),
  unverify: call
    .input(schemas.contactInput)
    .output(schemas.contact)
    .mutation(async ({ ctx, input }) => contactJson(await ctx.handle.execute('unverify', input))),
  reach: call
    .input(schemas.contactInput)
    .output(reach)
    .query(async ({ ctx, input }) => {
      const { cause, ...view } = await ctx.handle.execute('reach', input);
      return { ...view, cause: cause ?? null };
    }),
  preview: call
    .input(previewInput)
    .output(cardPreview)
    .query(async ({ ctx, input }) => {
      const { expiresAtWallMs, contact, ...said } = await ctx.handle.execute('preview', input);
      return { ...said, expiresAt: isoTime(expiresAtWallMs), contact: contact ?? null };
    }),
});

export function contactJson(view: ContactView): Contact {
  const { id, name, claimedName, state, verified, keyChanged, reachable, greeting, conversation } = view;
  const lastSeen = view.lastSeenWallMs === undefined ? null : new Date(view.lastSeenWallMs).toISOString();
  return {
    id,
    name,
    claimedName,
    hue: view.hue ?? null,
    state,
    verified,
    keyChanged,
    reachable,
    lastSeen,
    greeting,
    conversation,
  };
}
