/** Conversations: what stands where in the list, what was read, what is being written, and the whole as a file. */
import { tracked } from '@trpc/server';
import type { MessageId } from '@kith/core/base/ids';
import type { ConversationView } from '@kith/core/peer/contract';
import * as schemas from '@kith/api/conversation-schemas';
import type { ClearInput, Conversation } from '@kith/api/conversation-shapes';
import { paceOf } from './events.ts';
import { exportPieces } from './export/pieces.ts';
import { contactJson } from './contacts.ts';
import { isoTime, messageJson } from './message-json.ts';
import type { NodeHandle } from './node-handle.ts';
import { call, router, stream, type ResourceRouter } from './procedure.ts';
import { typingSigns } from './typing.ts';

export const conversations: ResourceRouter<'conversations'> = router({
  list: call.output(schemas.conversations).query(
    async ({ ctx }) =>
      await ctx.connection.large(async () => {
        return (await ctx.handle.execute('conversations', {})).map((view) => conversationJson(view));
      }),
  ),
  get: call
    .input(schemas.conversationInput)
    .output(schemas.conversation)
    .query(async ({ ctx, input }) => conversationJson(await ctx.handle.execute('conversation', input))),
  markRead: call
    .input(schemas.markReadInput)
    .output(schemas.conversation)
    .mutation(async ({ ctx, input: { conversation, upTo } }) => {
      const view = await ctx.handle.execute('markRead', { conversation, upTo: upTo as MessageId });
      return conversationJson(view);
    }),
  markUnread: call
    .input(schemas.markUnreadInput)
    .output(schemas.conversation)
    .mutation(async ({ ctx, input: { conversation, from } }) => {
      const view = await ctx.handle.execute('markUnread', { conversation, from: from as MessageId });
      return conversationJson(view);
    }),
  setDraft: call
    .input(schemas.draftInput)
    .output(schemas.conversation)
    .mutation(async ({ ctx, input }) => {
      const { conversation, text } = input;
      // An id is text here and there; core looks it up and says `unknown-message`.
      const replyTo = input.replyTo as MessageId | undefined;
      const editing = input.editing as MessageId | undefined;
      const view = await ctx.handle.execute('setDraft', { conversation, text, replyTo, editing });
      return conversationJson(view);
    }),
  mute: call
    .input(schemas.muteInput)
    .output(schemas.conversation)
    .mutation(async ({ ctx, input: { conversation, until } }) => {
      const untilWallMs = until === null ? undefined : Date.parse(until);
      const view = await ctx.handle.execute('mute', { conversation, untilWallMs });
      return conversationJson(view);
    }),
  pin: call
    .input(schemas.pinInput)
    .output(schemas.conversation)
    .mutation(async ({ ctx, input }) => conversationJson(await ctx.handle.execute('pin', input))),
  dismissReset: call
    .input(schemas.conversationInput)
    .output(schemas.conversation)
    .mutation(async ({ ctx, input }) => conversationJson(await ctx.handle.execute('dismissReset', input))),
  clear: call
    .input(schemas.clearInput)
    .output(schemas.cleared)
    .mutation(async ({ ctx, input }) => ({ removed: await clear(ctx.handle, input) })),
  setTyping: call
    .input(schemas.typingInput)
    .output(schemas.told)
    .mutation(async ({ ctx, input }) => await ctx.handle.execute('setTyping', input)),
  typing: stream.subscription(async function* ({ ctx, signal }) {
    const closeStream = ctx.connection.openStream();
    let number = 0;
    try {
      const pace = paceOf(ctx.connection, signal);
      for await (const sign of typingSigns(ctx.handle, pace)) yield tracked(String(++number), sign);
    } finally {
      closeStream();
    }
  }),
  exportLink: call
    .input(schemas.exportInput)
    .output(schemas.exportLink)
    .mutation(async ({ ctx, input }) => {
      const { conversation } = input;
      const name =
        conversation === null ? '' : (await ctx.handle.execute('conversation', { conversation })).name;
      return { url: ctx.downloads.offer(input, name, ctx.session) };
    }),
  export: stream.input(schemas.exportInput).subscription(async function* ({ input, ctx, signal }) {
    const closeStream = ctx.connection.openStream();
    try {
      let number = 0;
      for await (const piece of exportPieces(ctx.handle, input, Date.now())) {
        await ctx.connection.drained();
        if (signal?.aborted === true) return;
        yield tracked(String((number += 1)), piece);
      }
    } finally {
      closeStream();
    }
  }),
});

/** In parts, each of them a commit: other calls and messages pass in between. */
async function clear(handle: NodeHandle, { conversation, upTo }: ClearInput): Promise<number> {
  const all = upTo === undefined ? undefined : { after: 0, upTo };
  let { removed, rest } = await handle.execute('clear', { conversation, rest: all });
  while (rest !== undefined) {
    const step = await handle.execute('clear', { conversation, rest });
    removed += step.removed;
    rest = step.rest;
  }
  return removed;
}

function conversationJson(view: ConversationView): Conversation {
  const { id, name, unread, pinned, last, draft, mutedUntilWallMs, sessionResetWallMs } = view;
  return {
    id,
    contact: view.contact === undefined ? null : contactJson(view.contact),
    name,
    last: last === undefined ? null : messageJson(last),
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
    sessionResetAt: sessionResetWallMs === undefined ? null : isoTime(sessionResetWallMs),
    activeAt: isoTime(view.activeWallMs),
  };
}
