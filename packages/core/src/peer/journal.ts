/**
 * What people read: messages, the ledger of each own message, and the events about them. Every change of a
 * state stands in the message, in the ledger and in an event, in one transaction.
 */
import type { ConversationId, DeviceId, MessageId, PersonId } from '../base/ids.ts';
import type { MessageRow, MessageState, Store } from '../base/store.ts';
import { isoTime } from '../base/iso-time.ts';
import type { Turn } from './turn.ts';

export class Journal {
  #store: Store;
  #turn: Turn;
  #self: PersonId;

  constructor(store: Store, turn: Turn, self: PersonId) {
    this.#store = store;
    this.#turn = turn;
    this.#self = self;
  }

  /** Our own message, safe on this disk with the end of this turn. */
  stored(row: MessageRow): void {
    this.#turn.store({ op: 'putMessage', row });
    this.#ledger(row, { by: 'self' });
    this.#announce(row);
  }

  received(row: MessageRow): void {
    this.#turn.store({ op: 'putMessage', row });
    this.#announce(row);
  }

  /**
   * Moves an own message on. States only rise: stored, sent, then one of delivered, expired and failed.
   * @returns false where the message has ended before, or stands there already.
   */
  advance(
    message: { conversation: ConversationId; id: MessageId },
    state: 'sent' | 'delivered' | 'expired' | 'failed',
    more: { by: 'self' | 'device'; device?: DeviceId; attempt?: number; detail?: string; reason?: string },
  ): boolean {
    const row = this.#store.message(message.conversation, message.id);
    if (row === undefined || row.direction !== 'out' || !rises(row.state, state)) return false;
    const { conversation, id } = row;
    this.#turn.store({ op: 'setMessageState', conversation, id, state, reason: more.reason });
    this.#ledger({ ...row, state }, more);
    this.#turn.event('state', { id, conversation, to: row.person, state, reason: more.reason ?? null });
    return true;
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

  #announce(row: MessageRow): void {
    this.#turn.event('message', {
      id: row.id,
      conversation: row.conversation,
      from: row.direction === 'out' ? this.#self : row.person,
      direction: row.direction,
      text: row.text,
      sentAt: isoTime(row.sentWallMs),
      receivedAt: row.receivedWallMs === undefined ? null : isoTime(row.receivedWallMs),
      state: row.state,
      reason: row.reason ?? null,
      expiresAt: row.expiresAtWallMs === undefined ? null : isoTime(row.expiresAtWallMs),
      position: 0,
      replyTo: null,
      editedAt: null,
      deleted: false,
      reactions: [],
      changePending: false,
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
