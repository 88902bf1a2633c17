/**
 * What happens to messages after they were written: edits, deletions and reactions, ours and theirs. Specification:
 * docs/protocol/content.md.
 *
 * Rules kept here:
 *   1. Only its author edits or deletes a message; both people of a conversation react, each for themselves.
 *   2. Of edits, and of one person's reactions, the highest sequence counts. A deletion is final.
 *   3. A change that overtook its message waits for it, within bounds, and is applied when it comes.
 */
import { type ConversationId, idBytes, idText, type MessageId, type PersonId } from '../base/ids.ts';
import { isEmoji } from '../base/emoji.ts';
import { KithError } from '../base/errors.ts';
import { unreachable } from '../base/invariant.ts';
import type { ContactRow, EarlyRow, MessageRow, ReactionRow, Store, StoredMessage } from '../base/store.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { type Change, type Content, decodeContent, encodeContent, reactionsMax } from '../wire/content.ts';
import type { MessageView } from './contract.ts';
import type { Delivery } from './delivery.ts';
import { endEditing } from './drafts.ts';
import type { Journal } from './journal.ts';
import type { MessageViews } from './message-views.ts';
import type { Turn } from './turn.ts';

/**
 * Messages of one person whose changes came before them. An honest device sends in order: only what a lost link or a
 * carrier brings late is overtaken. A guess: a busy hour of it.
 */
export const earlyMessagesMax = 64;
/** As long as a copy of the message can still arrive from a carrier (docs/protocol/outbox.md). */
const earlyLifeMs = 41 * 24 * 3_600_000;

export interface ChangesParts {
  crypto: Crypto;
  turn: Turn;
  store: Store;
  self: PersonId;
  journal: Journal;
  delivery: Delivery;
  views: MessageViews;
}

export class Changes {
  #parts: ChangesParts;

  constructor(parts: ChangesParts) {
    this.#parts = parts;
  }

  /** @throws KithError `unknown-message`, `not-own`, `message-deleted`, `full` */
  edit(contact: ContactRow, id: MessageId, text: string): MessageView {
    const row = this.#own(contact.conversation, id);
    if (row.deleted) throw new KithError('message-deleted');
    if (row.text === text) return this.#parts.views.of(row);
    const sequence = this.#next(row.editSequence);
    this.#tell(contact, row, { type: 'edit', ...this.#named(row), sequence, text });
    this.#parts.turn.store({ op: 'editMessage', conversation: row.conversation, id, text, sequence });
    this.#parts.journal.changed(row);
    return this.#parts.views.of({ ...row, text, editSequence: sequence });
  }

  /** Deletes at both ends. @throws KithError `unknown-message`, `not-own`, `full` */
  erase(contact: ContactRow, id: MessageId): MessageView {
    const { delivery, journal, turn, views } = this.#parts;
    const row = this.#own(contact.conversation, id);
    if (row.deleted) return views.of(row);
    // What never left is nowhere else; what may have is told to be deleted, whatever became of it.
    const mayBeThere = delivery.mayHaveLeft(row.person, id);
    if (mayBeThere) this.#tell(contact, row, { type: 'delete', ...this.#named(row) });
    else delivery.dropChanges(row.person, id);
    delivery.withdraw(row.person, id);
    turn.store({ op: 'eraseMessage', conversation: row.conversation, id });
    endEditing(this.#parts, row);
    journal.changed(row);
    return views.of({ ...row, text: '', deleted: true, reactions: [] });
  }

  /** @throws KithError `unknown-message`, `message-deleted`, `bad-emoji`, `full` */
  react(contact: ContactRow, id: MessageId, { emoji, on }: { emoji: string; on: boolean }): MessageView {
    const { journal, self, store, turn, views } = this.#parts;
    if (!isEmoji(emoji)) throw new KithError('bad-emoji');
    const row = store.message(contact.conversation, id);
    if (row === undefined) throw new KithError('unknown-message');
    if (row.deleted) throw new KithError('message-deleted');
    const before = row.reactions.find((each) => each.person === self);
    const held = before?.emoji ?? [];
    if (held.includes(emoji) === on) return views.of(row);
    if (on && held.length >= reactionsMax) {
      throw new KithError('full', `There are ${reactionsMax} reactions of yours on this message already.`);
    }
    const all = on ? [...held, emoji] : held.filter((each) => each !== emoji);
    const sequence = this.#next(before?.sequence);
    this.#tell(contact, row, { type: 'react', ...this.#named(row), sequence, emoji: all });
    const reaction = { person: self, sequence, emoji: all };
    turn.store({ op: 'putReaction', row: reactionRow(row, reaction) });
    journal.changed(row);
    return views.of({ ...row, reactions: withReaction(row.reactions, reaction) });
  }

  /** A contact changed something. What is not theirs to change is left as it is. */
  onChange(contact: ContactRow, change: Change): void {
    const { conversation, person } = contact;
    const id = idText(change.target) as MessageId;
    const row = this.#parts.store.message(conversation, id);
    if (row === undefined) this.#keepEarly(person, id, change);
    else if (!row.deleted && row.person === person) this.#apply(row, person, change);
  }

  /** Takes a message in, with whatever of its changes came before it. */
  received(row: MessageRow): void {
    const { journal, store, turn } = this.#parts;
    const { person, id } = row;
    const early = store.earlyOf(person, id);
    if (early.length === 0) {
      journal.received(row);
      return;
    }
    turn.store({ op: 'removeEarly', person, message: id });
    const changes = new Map(early.map((each) => [each.kind, decodeContent(each.content)]));
    const edit = changes.get('edit');
    const react = changes.get('react');
    if (changes.has('delete')) {
      journal.received({ ...row, text: '', deleted: true });
      return;
    }
    const isEdited = edit?.type === 'edit';
    journal.received(isEdited ? { ...row, text: edit.text, editSequence: edit.sequence } : row);
    if (react?.type !== 'react') return;
    turn.store({ op: 'putReaction', row: reactionRow(row, { person, ...react }) });
  }

  #apply(row: StoredMessage, person: PersonId, change: Change): void {
    const { journal, turn } = this.#parts;
    const { conversation, id } = row;
    const isTheirs = row.direction === 'in';
    switch (change.type) {
      case 'edit':
        if (!isTheirs || change.sequence <= (row.editSequence ?? -1)) return;
        turn.store({ op: 'editMessage', conversation, id, text: change.text, sequence: change.sequence });
        journal.changed(row);
        return;
      case 'delete':
        if (!isTheirs) return;
        turn.store({ op: 'eraseMessage', conversation, id });
        journal.changed(row);
        // Our own changes to it have nothing left to change.
        this.#parts.delivery.dropChanges(person, id);
        return;
      case 'react': {
        const before = row.reactions.find((each) => each.person === person);
        if (change.sequence <= (before?.sequence ?? -1)) return;
        turn.store({ op: 'putReaction', row: reactionRow(row, { person, ...change }) });
        if (change.emoji.join(' ') !== (before?.emoji ?? []).join(' ')) journal.changed(row);
        return;
      }
      default:
        unreachable(change);
    }
  }

  #keepEarly(person: PersonId, message: MessageId, change: Change): void {
    const { store, turn } = this.#parts;
    // It was here and is gone from this device: its changes are of no use to anybody.
    if (store.receivedMessage(person, message) !== undefined) return;
    const own = store.earlyOf(person, message);
    const kind: EarlyRow['kind'] = change.type;
    const sequence = change.type === 'delete' ? 0 : change.sequence;
    if (own.some((each) => each.kind === 'delete' || (each.kind === kind && each.sequence >= sequence)))
      return;
    if (kind === 'delete' && own.length > 0) turn.store({ op: 'removeEarly', person, message });
    const others = own.length === 0 ? store.earlyMessages(person) : [];
    const [oldest] = others;
    if (others.length >= earlyMessagesMax && oldest !== undefined) {
      turn.store({ op: 'removeEarly', person, message: oldest });
      turn.log('warn', 'early-changes-full', { limit: earlyMessagesMax });
    }
    const expiresAtMs = turn.nowMs + earlyLifeMs;
    const content = encodeContent(change);
    turn.store({ op: 'putEarly', row: { person, message, kind, sequence, content, expiresAtMs } });
  }

  /** @throws KithError `full` */
  #tell({ person }: ContactRow, row: StoredMessage, change: Change): void {
    const replaces = (waiting: Content): boolean => {
      if (!('target' in waiting) || idText(waiting.target) !== row.id) return false;
      return change.type === 'delete' || waiting.type === change.type;
    };
    this.#parts.delivery.change(person, change, { message: row.id, replaces });
  }

  #own(conversation: ConversationId, id: MessageId): StoredMessage {
    const row = this.#parts.store.message(conversation, id);
    if (row === undefined) throw new KithError('unknown-message');
    if (row.direction !== 'out') throw new KithError('not-own');
    return row;
  }

  #named(row: StoredMessage): { id: Uint8Array; target: Uint8Array } {
    const target = idBytes(row.id);
    if (target === undefined) throw new KithError('unknown-message');
    return { id: this.#parts.crypto.keys.bytes(16), target };
  }

  /** docs/protocol/content.md: above the one before, also where the clock was set back. */
  #next(before: number | undefined): number {
    return Math.max((before ?? -1) + 1, this.#parts.turn.wallMs);
  }
}

function reactionRow(
  { conversation, id }: Pick<MessageRow, 'conversation' | 'id'>,
  { person, sequence, emoji }: StoredMessage['reactions'][number],
): ReactionRow {
  return { conversation, message: id, person, sequence, emoji };
}

function withReaction(
  rows: StoredMessage['reactions'],
  reaction: StoredMessage['reactions'][number],
): StoredMessage['reactions'] {
  const at = rows.findIndex((each) => each.person === reaction.person);
  return at < 0 ? [...rows, reaction] : rows.with(at, reaction);
}
