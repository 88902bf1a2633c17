/** Messages: sending, reading back, searching, and where one is. */
import type { LedgerRow } from '@kith/core/base/store';
import type { MessageId } from '@kith/core/base/ids';
import * as conversationSchemas from '@kith/api/conversation-schemas';
import * as schemas from '@kith/api/schemas';
import type { LedgerEntry, SearchInput } from '@kith/api/shapes';
import type { Commands } from '@kith/core/peer/contract';
import { isoTime, messageJson } from './message-json.ts';
import type { NodeHandle } from './node-handle.ts';
import { call, router, type ResourceRouter } from './procedure.ts';

export const messages: ResourceRouter<'messages'> = router({
  send: call
    .input(schemas.sendInput)
    .output(schemas.sent)
    .mutation(
      async ({ ctx, input: { to, text, ttlMs, replyTo } }) =>
        await ctx.handle.execute('send', { to, text, ttlMs, replyTo: replyTo as MessageId | undefined }),
    ),
  edit: call
    .input(conversationSchemas.editInput)
    .output(schemas.message)
    .mutation(async ({ ctx, input: { conversation, id, text } }) =>
      messageJson(await ctx.handle.execute('edit', { conversation, id: id as MessageId, text })),
    ),
  delete: call
    .input(conversationSchemas.deleteInput)
    .output(conversationSchemas.removedMessage)
    .mutation(async ({ ctx, input: { conversation, id, everywhere } }) => {
      const place = { conversation, id: id as MessageId };
      if (!everywhere) return await ctx.handle.execute('removeHere', place);
      const erased = await ctx.handle.execute('erase', place);
      return { id: erased.id, conversation: erased.conversation };
    }),
  react: call
    .input(conversationSchemas.reactInput)
    .output(schemas.message)
    .mutation(async ({ ctx, input: { conversation, id, emoji, on } }) =>
      messageJson(await ctx.handle.execute('react', { conversation, id: id as MessageId, emoji, on })),
    ),
  page: call
    .input(conversationSchemas.pageInput)
    .output(conversationSchemas.page)
    .query(
      async ({ ctx, input }) =>
        await ctx.connection.large(async () => {
          const { conversation, limit, at } = input;
          // An id is text here and there; core looks it up and says `unknown-message`.
          const before = input.before as MessageId | undefined;
          const after = input.after as MessageId | undefined;
          const around = input.around as MessageId | undefined;
          const atWallMs = at === undefined ? undefined : Date.parse(at);
          const asked = { conversation, limit, before, after, around, atWallMs };
          const page = await ctx.handle.execute('page', asked);
          return { ...page, messages: page.messages.map(messageJson) };
        }),
    ),
  history: call
    .input(schemas.historyInput)
    .output(schemas.messages)
    .query(
      async ({ ctx, input }) =>
        await ctx.connection.large(async () => {
          const { conversation, limit } = input;
          // An id is text here and there; core looks it up and says `unknown-message`.
          const before = input.before as MessageId | undefined;
          const rows = await ctx.handle.execute('history', { conversation, limit, before });
          return rows.map(messageJson);
        }),
    ),
  search: call
    .input(schemas.searchInput)
    .output(schemas.messages)
    .query(
      async ({ ctx, input }) =>
        await ctx.connection.large(async () => {
          const rows = await ctx.handle.execute('search', searchOf(input));
          return rows.map(messageJson);
        }),
    ),
  get: call
    .input(schemas.messageInput)
    .output(schemas.messageDetail)
    .query(async ({ ctx, input }) => {
      const { message, ledger } = await ctx.handle.execute('message', input);
      return {
        id: message.id,
        conversation: message.conversation,
        to: message.direction === 'out' ? message.person : await ownId(ctx.handle),
        state: message.state,
        reason: message.reason ?? null,
        createdAt: isoTime(message.sentWallMs),
        expiresAt: message.expiresAtWallMs === undefined ? null : isoTime(message.expiresAtWallMs),
        ledger: ledger.map(ledgerJson),
      };
    }),
});

/** A person's id never changes while its node runs. */
const ownIds = new WeakMap<NodeHandle, string>();

async function ownId(handle: NodeHandle): Promise<string> {
  const known = ownIds.get(handle) ?? (await handle.execute('status', {})).id;
  ownIds.set(handle, known);
  return known;
}

function ledgerJson(row: LedgerRow): LedgerEntry {
  return {
    state: row.state,
    at: isoTime(row.atWallMs),
    by: row.by,
    device: row.device ?? null,
    attempt: row.attempt ?? null,
    detail: row.detail ?? null,
  };
}

function searchOf({ since, until, has, ...input }: SearchInput): Commands['search']['in'] {
  return {
    ...input,
    sinceWallMs: since === undefined ? undefined : Date.parse(since),
    untilWallMs: until === undefined ? undefined : Date.parse(until),
    hasLink: has === 'link' ? true : undefined,
  };
}
