/** A stored message as the local API tells it. */
import type { StoredMessage } from '@kith/core/base/store';
import type { Message } from '@kith/api/shapes';
import type { NodeHandle } from './node-handle.ts';

/** A person's id never changes while its node runs. */
const ownIds = new WeakMap<NodeHandle, string>();

export async function ownId(handle: NodeHandle): Promise<string> {
  const known = ownIds.get(handle) ?? (await handle.execute('status', {})).id;
  ownIds.set(handle, known);
  return known;
}

export function messageJson(own: string): (row: StoredMessage) => Message {
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

/** ECMA-262 21.4.1.1: a time further from 1970 than this is no time. An author may claim anything. */
const wallMsMax = 8.64e15;

export function isoTime(wallMs: number): string {
  const bounded = Number.isFinite(wallMs) ? Math.min(Math.max(wallMs, 0), wallMsMax) : 0;
  return new Date(bounded).toISOString();
}
