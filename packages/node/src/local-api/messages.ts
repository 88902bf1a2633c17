/** Messages: sending, reading back, searching, and where one is. */
import type { LedgerRow, StoredMessage } from '@kith/core/base/store';
import type { MessageId } from '@kith/core/base/ids';
import * as conversationSchemas from '@kith/api/conversation-schemas';
import * as schemas from '@kith/api/schemas';
import { planned } from './planned.ts';
import type { LedgerEntry, Message } from '@kith/api/shapes';
import type { NodeHandle } from './node-handle.ts';
import { call, router, type ResourceRouter } from './procedure.ts';

export const messages: ResourceRouter<'messages'> = router({
  send: call
    .input(schemas.sendInput)
    .output(schemas.sent)
    .mutation(
      async ({ ctx, input }) =>
        await ctx.handle.execute('send', { to: input.to, text: input.text, ttlMs: input.ttlMs }),
    ),
  edit: call.input(conversationSchemas.editInput).output(schemas.message).mutation(planned),
  delete: call
    .input(conversationSchemas.deleteInput)
    .output(conversationSchemas.removedMessage)
    .mutation(planned),
  react: call.input(conversationSchemas.reactInput).output(schemas.message).mutation(planned),
  page: call.input(conversationSchemas.pageInput).output(conversationSchemas.page).query(planned),
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
          return rows.map(messageJson(await ownId(ctx.handle)));
        }),
    ),
  search: call
    .input(schemas.searchInput)
    .output(schemas.messages)
    .query(
      async ({ ctx, input }) =>
        await ctx.connection.large(async () => {
          const rows = await ctx.handle.execute('search', input);
          return rows.map(messageJson(await ownId(ctx.handle)));
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

function messageJson(own: string): (row: StoredMessage) => Message {
  return (row) => ({
    id: row.id,
    conversation: row.conversation,
    from: row.direction === 'in' ? row.person : own,
    direction: row.direction,
    text: row.text,
    sentAt: isoTime(row.sentWallMs),
    receivedAt: row.receivedWallMs === undefined ? null : isoTime(row.receivedWallMs),
    state: row.state,
    reason: row.reason ?? null,
    expiresAt: row.expiresAtWallMs === undefined ? null : isoTime(row.expiresAtWallMs),
    position: row.position,
    replyTo: null,
    editedAt: null,
    deleted: false,
    reactions: [],
    changePending: false,
  });
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

/** ECMA-262 21.4.1.1: a time further from 1970 than this is no time. An author may claim anything. */
const wallMsMax = 8.64e15;

function isoTime(wallMs: number): string {
  const bounded = Number.isFinite(wallMs) ? Math.min(Math.max(wallMs, 0), wallMsMax) : 0;
  return new Date(bounded).toISOString();
}
