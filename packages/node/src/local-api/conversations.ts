/** Conversations: what stands where in the list, what was read, what is being written, and the whole as a file. */
import type { MessageId } from '@kith/core/base/ids';
import type { ConversationView } from '@kith/core/peer/contract';
import * as schemas from '@kith/api/conversation-schemas';
import type { Conversation } from '@kith/api/conversation-shapes';
import { contactJson } from './contacts.ts';
import { isoTime, messageJson, ownId } from './message-json.ts';
import type { NodeHandle } from './node-handle.ts';
import { planned } from './planned.ts';
import { call, router, stream, type ResourceRouter } from './procedure.ts';

export const conversations: ResourceRouter<'conversations'> = router({
  list: call.output(schemas.conversations).query(
    async ({ ctx }) =>
      await ctx.connection.large(async () => {
        const own = await ownId(ctx.handle);
        return (await ctx.handle.execute('conversations', {})).map((view) => conversationJson(view, own));
      }),
  ),
  get: call
    .input(schemas.conversationInput)
    .output(schemas.conversation)
    .query(async ({ ctx, input }) =>
      conversationJson(await ctx.handle.execute('conversation', input), await ownId(ctx.handle)),
    ),
  markRead: call.input(schemas.markReadInput).output(schemas.conversation).mutation(planned),
  markUnread: call.input(schemas.markUnreadInput).output(schemas.conversation).mutation(planned),
  setDraft: call
    .input(schemas.draftInput)
    .output(schemas.conversation)
    .mutation(async ({ ctx, input }) => {
      const { conversation, text } = input;
      // An id is text here and there; core looks it up and says `unknown-message`.
      const replyTo = input.replyTo as MessageId | undefined;
      const editing = input.editing as MessageId | undefined;
      const view = await ctx.handle.execute('setDraft', { conversation, text, replyTo, editing });
      return conversationJson(view, await ownId(ctx.handle));
    }),
  mute: call
    .input(schemas.muteInput)
    .output(schemas.conversation)
    .mutation(async ({ ctx, input: { conversation, until } }) => {
      const untilWallMs = until === null ? undefined : Date.parse(until);
      const view = await ctx.handle.execute('mute', { conversation, untilWallMs });
      return conversationJson(view, await ownId(ctx.handle));
    }),
  pin: call
    .input(schemas.pinInput)
    .output(schemas.conversation)
    .mutation(async ({ ctx, input }) =>
      conversationJson(await ctx.handle.execute('pin', input), await ownId(ctx.handle)),
    ),
  clear: call
    .input(schemas.conversationInput)
    .output(schemas.cleared)
    .mutation(async ({ ctx, input }) => ({ removed: await clear(ctx.handle, input.conversation) })),
  setTyping: call.input(schemas.typingInput).output(schemas.told).mutation(planned),
  // oxlint-disable-next-line require-yield -- ends with a failure at once.
  typing: stream.subscription(async function* () {
    planned();
  }),
  // oxlint-disable-next-line require-yield -- ends with a failure at once.
  export: stream.input(schemas.exportInput).subscription(async function* () {
    planned();
  }),
});

/** In parts, each of them a commit: other calls and messages pass in between. */
async function clear(handle: NodeHandle, conversation: string): Promise<number> {
  let { removed, rest } = await handle.execute('clear', { conversation, rest: undefined });
  while (rest !== undefined) {
    const step = await handle.execute('clear', { conversation, rest });
    removed += step.removed;
    rest = step.rest;
  }
  return removed;
}

function conversationJson(view: ConversationView, own: string): Conversation {
  const { id, name, unread, pinned, last, draft, mutedUntilWallMs } = view;
  return {
    id,
    contact: view.contact === undefined ? null : contactJson(view.contact),
    name,
    last: last === undefined ? null : messageJson(own)(last),
    unread,
    firstUnread: view.firstUnread ?? null,
    draft:
      draft === undefined
        ? null
        : {
            text: draft.text,
            replyTo: draft.replyTo ?? null,
            editing: draft.editing ?? null,
            updatedAt: isoTime(draft.updatedWallMs),
          },
    mutedUntil: mutedUntilWallMs === undefined ? null : isoTime(mutedUntilWallMs),
    pinned,
    activeAt: isoTime(view.activeWallMs),
  };
}
