/**
 * What people read: messages, the ledger of each own message, and the events about them. Every change of a
 * state stands in the message, in the ledger and in an event, in one transaction.
 */
import type { ConversationId, DeviceId, MessageId } from '../base/ids.ts';
import type { MessageRow, MessageState, Store } from '../base/store.ts';
import type { Turn } from './turn.ts';

interface More {
  by: 'self' | 'device';
  device?: DeviceId;
  attempt?: number;
  detail?: string;
  reason?: string;
}

export class Journal {
  #store: Store;
  #turn: Turn;

  constructor(store: Store, turn: Turn) {
    this.#store = store;
    this.#turn = turn;
  }

  /** Our own message, safe on this disk with the end of this turn. */
  stored(row: MessageRow): void {
    this.#turn.store({ op: 'putMessage', row });
    this.#ledger(row, { by: 'self' });
    this.#turn.event('message', { id: row.id, conversation: row.conversation });
  }

  received(row: MessageRow): void {
    this.#turn.store({ op: 'putMessage', row });
    this.#turn.event('message', { id: row.id, conversation: row.conversation });
  }

  /**
   * They read an own message. It was delivered before, or nothing changes: only what they have can be read.
   *
   * @param isDelivered - it was with this same turn, which is not on the disk yet.
   */
  read(
    message: { conversation: ConversationId; id: MessageId },
    { device, isDelivered }: { device: DeviceId; isDelivered: boolean },
  ): void {
    const row = this.#store.message(message.conversation, message.id);
    if (row === undefined || row.direction !== 'out') return;
    if (row.state === 'delivered' || isDelivered) this.#move(row, 'read', { by: 'device', device });
  }

  /** A message is not what it was: its text, its reactions, or whether a change of ours to it is on its way. */
  changed({ id, conversation }: { conversation: ConversationId; id: MessageId }): void {
    this.#turn.event('changed', { id, conversation });
  }

  /**
   * Moves an own message on. States only rise: stored, sent, then one of delivered, expired and failed.
   * @returns false where the message has ended before, or stands there already.
   */
  advance(
    message: { conversation: ConversationId; id: MessageId },
    state: 'sent' | 'delivered' | 'expired' | 'failed',
    more: More,
  ): boolean {
    const row = this.#store.message(message.conversation, message.id);
    if (row === undefined || row.direction !== 'out' || !rises(row.state, state)) return false;
    this.#move(row, state, more);
    return true;
  }

  #move(row: MessageRow, state: MessageState, more: More): void {
    const { conversation, id } = row;
    this.#turn.store({ op: 'setMessageState', conversation, id, state, reason: more.reason });
    this.#ledger({ ...row, state }, more);
    this.#turn.event('state', { id, conversation, to: row.person, state, reason: more.reason ?? null });
  }

  #ledger(
    row: MessageRow,
    more: { by: 'self' | 'device'; device?: DeviceId; attempt?: number; detail?: string },
  ): void {
    this.#turn.store({
      op: 'addLedger',
      row: {
        message: row.id,
        conversation: row.conversation,
        state: row.state,
        atWallMs: this.#turn.wallMs,
        by: more.by,
        device: more.device,
        attempt: more.attempt,
        detail: more.detail,
      },
    });
  }
}

const order: Record<MessageState, number> = {
  stored: 0,
  sent: 1,
  delivered: 2,
  expired: 2,
  failed: 2,
  received: 2,
  read: 3,
};

function rises(from: MessageState, to: MessageState): boolean {
  return order[to] > order[from];
}
