/** A message as JSON of the contract. Every call and event that shows one uses this. */
import type { Message } from '@kith/api/shapes';
import type { MessageView } from '@kith/core/peer/contract';

export function messageJson(view: MessageView): Message {
  const { replyTo } = view;
  return {
    id: view.id,
    conversation: view.conversation,
    from: view.from,
    direction: view.direction,
    text: view.text,
    sentAt: isoTime(view.sentWallMs),
    receivedAt: maybeTime(view.receivedWallMs),
    state: view.state,
    reason: view.reason ?? null,
    expiresAt: maybeTime(view.expiresAtWallMs),
    position: view.position,
    replyTo:
      replyTo === undefined
        ? null
        : { id: replyTo.id, from: replyTo.from ?? null, text: replyTo.text ?? null },
    editedAt: maybeTime(view.editedWallMs),
    deleted: view.deleted,
    reactions: view.reactions,
    changePending: view.changePending,
  };
}

// The last moment that a four-digit year can show. An author may claim any time.
const wallMsMax = 253_402_300_799_999;

export function isoTime(wallMs: number): string {
  const bounded = Number.isFinite(wallMs) ? Math.min(Math.max(wallMs, 0), wallMsMax) : 0;
  return new Date(bounded).toISOString();
}

function maybeTime(wallMs: number | undefined): string | null {
  return wallMs === undefined ? null : isoTime(wallMs);
}
