/** Messages and events for the tests of the window. */
import type { Message } from '@kith/api/shapes';
import type { WindowEvent } from './message-window.ts';

export function message(position: number, over: Partial<Message> = {}): Message {
  return {
    id: `m${position}`,
    conversation: 'c',
    from: 'ana',
    direction: 'in',
    text: `text ${position}`,
    sentAt: new Date(position * 1_000).toISOString(),
    receivedAt: new Date(position * 1_000).toISOString(),
    state: 'received',
    reason: null,
    expiresAt: null,
    position,
    replyTo: null,
    editedAt: null,
    deleted: false,
    reactions: [],
    changePending: false,
    ...over,
  };
}

let seq = 0;
export function event<Kind extends WindowEvent['event']>(
  kind: Kind,
  data: Extract<WindowEvent, { event: Kind }>['data'],
): WindowEvent {
  seq += 1;
  // The kind and its data belong together by the signature; the compiler does not join them again.
  return { seq, at: '2026-01-01T00:00:00.000Z', event: kind, data } as WindowEvent;
}
