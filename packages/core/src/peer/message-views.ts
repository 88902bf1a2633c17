/** Messages as people see them: with what they answer, who reacted, and whether a change of ours is on its way. */
import type { ConversationId, MessageId, PersonId } from '../base/ids.ts';
import type { EventRow, MessageState, Store, StoredMessage } from '../base/store.ts';
import type { EventView, MessageReference, MessageView, QuotedView } from './contract.ts';
import type { Delivery } from './delivery.ts';

/** Characters of a quoted message. A guess: three lines on a narrow screen. */
const quotedLengthMax = 200;

export class MessageViews {
  #store: Store;
  #self: PersonId;
  #delivery: Pick<Delivery, 'isChanging'>;

  constructor(parts: { store: Store; self: PersonId; delivery: Pick<Delivery, 'isChanging'> }) {
    this.#store = parts.store;
    this.#self = parts.self;
    this.#delivery = parts.delivery;
  }

  of(row: StoredMessage): MessageView {
    const { id, conversation, person, direction, text, sentWallMs, receivedWallMs, reason } = row;
    const { expiresAtWallMs, position, deleted } = row;
    return {
      id,
      conversation,
      person,
      from: this.#author(row),
      direction,
      text,
      sentWallMs,
      receivedWallMs,
      state: this.#state(row),
      reason,
      expiresAtWallMs,
      position,
      replyTo: row.replyTo === undefined ? undefined : this.#quoted(conversation, row.replyTo),
      editedWallMs: deleted ? undefined : row.editSequence,
      deleted,
      reactions: grouped(row.reactions),
      changePending: this.#delivery.isChanging(person, id),
    };
  }

  event(row: EventRow): EventView {
    if (row.event !== 'message' && row.event !== 'changed') return { ...row, message: undefined };
    // Our own row, made by turn.ts.
    const { conversation, id } = JSON.parse(row.data) as MessageReference;
    const message = this.#store.message(conversation, id);
    return { ...row, message: message === undefined ? undefined : this.of(message) };
  }

  /** Of an incoming one it follows from how far was read: one number instead of a write for each message. */
  #state({ direction, conversation, position, state }: StoredMessage): MessageState {
    if (direction === 'out') return state;
    return position <= this.#store.readUpTo(conversation) ? 'read' : 'received';
  }

  #quoted(conversation: ConversationId, id: MessageId): QuotedView {
    const row = this.#store.message(conversation, id);
    if (row === undefined) return { id, from: undefined, text: undefined };
    const text = Array.from(row.text.slice(0, quotedLengthMax * 2))
      .slice(0, quotedLengthMax)
      .join('');
    return { id, from: this.#author(row), text };
  }

  #author({ direction, person }: StoredMessage): PersonId {
    return direction === 'out' ? this.#self : person;
  }
}

/** By emoji instead of by person. */
function grouped(rows: StoredMessage['reactions']): MessageView['reactions'] {
  const people = new Map<string, PersonId[]>();
  for (const { person, emoji } of rows) {
    for (const each of emoji) people.set(each, [...(people.get(each) ?? []), person]);
  }
  return [...people].map(([emoji, those]) => ({ emoji, people: those }));
}
