/** Conversations: what stands where in the list, what was read, what is being written, and the whole as a file. */
import * as schemas from '@kith/api/conversation-schemas';
import { tracked } from '@trpc/server';
import { paceOf } from './events.ts';
import { planned } from './planned.ts';
import { call, router, stream, type ResourceRouter } from './procedure.ts';
import { typingSigns } from './typing.ts';

export const conversations: ResourceRouter<'conversations'> = router({
  list: call.output(schemas.conversations).query(planned),
  get: call.input(schemas.conversationInput).output(schemas.conversation).query(planned),
  markRead: call.input(schemas.markReadInput).output(schemas.conversation).mutation(planned),
  markUnread: call.input(schemas.markUnreadInput).output(schemas.conversation).mutation(planned),
  setDraft: call.input(schemas.draftInput).output(schemas.conversation).mutation(planned),
  mute: call.input(schemas.muteInput).output(schemas.conversation).mutation(planned),
  pin: call.input(schemas.pinInput).output(schemas.conversation).mutation(planned),
  clear: call.input(schemas.conversationInput).output(schemas.cleared).mutation(planned),
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
  // oxlint-disable-next-line require-yield -- ends with a failure at once.
  export: stream.input(schemas.exportInput).subscription(async function* () {
    planned();
  }),
});
