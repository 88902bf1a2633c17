/**
 * Conversations as a person sees them: the list, pages of messages, a search through them, and what this device
 * remembers beside the messages: draft, mute, pin. Nothing here reaches another device.
 *
 * A conversation outlives its contact: what was written stays readable by the id of either, until it is cleared.
 */
import { utf8 } from '../base/bytes.ts';
import { KithError } from '../base/errors.ts';
import type { ConversationId, MessageId, PersonId } from '../base/ids.ts';
import type {
  ContactRow,
  ConversationRow,
  ConversationSummary,
  MessageFilter,
  Store,
  StoredMessage,
} from '../base/store.ts';
import { arrivalWallMs } from '../base/arrival.ts';
import type { Book } from './book.ts';
import type {
  Commands,
  ContactView,
  ConversationView,
  EventData,
  MessagePage,
  MessageView,
} from './contract.ts';
import type { Delivery } from './delivery.ts';
import { endEditing } from './drafts.ts';
import type { MessageViews } from './message-views.ts';
import type { Reading } from './reading.ts';
import type { Turn } from './turn.ts';

/** A guess: more than four of the longest messages, and a frame of the local API can carry it. */
export const draftBytesMax: number = 128 * 1_024;
/** Messages removed in one commit: a few tens of milliseconds, so that nothing else waits long. */
export const clearStepMessages = 250;

export interface ConversationsParts {
  store: Store;
  turn: Turn;
  book: Book;
  views: MessageViews;
  reading: Reading;
  delivery: Pick<Delivery, 'withdraw' | 'dropChanges'>;
  view(row: ContactRow): ContactView;
}

/** Where a selector leads. */
interface Place {
  conversation: ConversationId;
  person: PersonId;
  contact: ContactRow | undefined;
}

export class Conversations {
  readonly #parts: ConversationsParts;

  constructor(parts: ConversationsParts) {
    this.#parts = parts;
  }

  /**
   * Pinned ones first, then the most recently active. Whoever waits in the request box and wrote nothing yet is not
   * among them.
   */
  list(): ConversationView[] {
    const { store, book } = this.#parts;
    const contacts = new Map<ConversationId, ContactRow>();
    for (const row of book.all()) contacts.set(row.conversation, row);
    const views: ConversationView[] = [];
    for (const summary of store.conversations()) {
      const contact = contacts.get(summary.conversation);
      contacts.delete(summary.conversation);
      if (isListed(contact, summary)) views.push(this.#view(contact, summary));
    }
    for (const contact of contacts.values()) {
      const summary = emptySummary(contact);
      if (isListed(contact, summary)) views.push(this.#view(contact, summary));
    }
    return views.sort(
      (a, b) => Number(b.pinned) - Number(a.pinned) || b.activeWallMs - a.activeWallMs || order(a.id, b.id),
    );
  }

  /** @throws KithError `unknown-conversation`, `ambiguous` */
  get(selector: string): ConversationView {
    return this.#get(this.find(selector));
  }

  /** @throws KithError `unknown-conversation`, `ambiguous` */
  find(selector: string): Place {
    const { book, store } = this.#parts;
    const contact = this.#contact(selector);
    if (contact !== undefined) {
      return { conversation: contact.conversation, person: contact.person, contact };
    }
    const asPerson = selector.startsWith('kith1') ? book.conversationWith(selector as PersonId) : undefined;
    const conversation = asPerson ?? (selector as ConversationId);
    const summary = store.conversation(conversation);
    if (summary?.last === undefined) throw new KithError('unknown-conversation');
    return { conversation, person: summary.person, contact: undefined };
  }

  /**
   * @throws KithError `unknown-conversation`, `ambiguous`, `message-too-long`, `unknown-message`; `message-deleted` for an edit of
   * that: the text that was deleted would stay on the disk with it
   */
  setDraft({ conversation: selector, text, replyTo, editing }: Commands['setDraft']['in']): ConversationView {
    const place = this.find(selector);
    if (text.length > draftBytesMax || utf8(text).length > draftBytesMax) {
      throw new KithError('message-too-long', 'A draft is longer than 128 KiB. Send it in parts.');
    }
    if (replyTo !== undefined) this.#message(place.conversation, replyTo);
    if (editing !== undefined && this.#message(place.conversation, editing).deleted) {
      throw new KithError('message-deleted');
    }
    const before = this.#row(place).draft;
    if (text === '' && replyTo === undefined && editing === undefined) {
      return this.#change(place, 'draft', before === undefined ? undefined : { draft: undefined });
    }
    const isSame = before?.text === text && before.replyTo === replyTo && before.editing === editing;
    const draft = { text, replyTo, editing, updatedWallMs: this.#parts.turn.wallMs };
    return this.#change(place, 'draft', isSame ? undefined : { draft });
  }

  /**
   * Everything up to that message was seen; it is told where our person chose to.
   * @throws KithError `unknown-conversation`, `ambiguous`, `unknown-message`
   */
  markRead(selector: string, upTo: MessageId): ConversationView {
    const place = this.find(selector);
    const { position } = this.#message(place.conversation, upTo);
    const above = this.#parts.store.readUpTo(place.conversation);
    if (position <= above) return this.#get(place);
    if (place.contact !== undefined) this.#parts.reading.tell(place.contact, { above, upTo: position });
    return this.#setRead(place, position);
  }

  /** That message and what came after it count as unread. What was told stays told. @throws as `markRead` */
  markUnread(selector: string, from: MessageId): ConversationView {
    const place = this.find(selector);
    const { position } = this.#message(place.conversation, from);
    const isUnread = position > this.#parts.store.readUpTo(place.conversation);
    return isUnread ? this.#get(place) : this.#setRead(place, position - 1);
  }

  /**
   * Removes one message from this device. What still waited of it is not sent: nothing here could answer for it.
   * @throws KithError `unknown-conversation`, `ambiguous`, `unknown-message`
   */
  removeHere(selector: string, id: MessageId): Commands['removeHere']['out'] {
    const { delivery, turn } = this.#parts;
    const { conversation, person } = this.find(selector);
    this.#message(conversation, id);
    delivery.withdraw(person, id);
    // That it was deleted everywhere is told all the same: somebody counts on it.
    delivery.dropChanges(person, id, (waiting) => waiting.type === 'delete');
    endEditing(this.#parts, { conversation, person, id });
    turn.store({ op: 'removeMessage', conversation, id });
    turn.event('removed', { id, conversation });
    return { id, conversation };
  }

  mute(selector: string, mutedUntilWallMs: number | undefined): ConversationView {
    const place = this.find(selector);
    const isSame = this.#row(place).mutedUntilWallMs === mutedUntilWallMs;
    return this.#change(place, 'mute', isSame ? undefined : { mutedUntilWallMs });
  }

  pin(selector: string, pinned: boolean): ConversationView {
    const place = this.find(selector);
    return this.#change(place, 'pin', this.#row(place).pinned === pinned ? undefined : { pinned });
  }

  /** Our person saw that the session was set up anew. */
  dismissReset(selector: string): ConversationView {
    const place = this.find(selector);
    const isSeen = this.#row(place).sessionResetWallMs === undefined;
    return this.#change(place, 'notice', isSeen ? undefined : { sessionResetWallMs: undefined });
  }

  /**
   * Removes some messages of a conversation from this device; called again with what it returned until nothing is
   * left. What still waits to be delivered stays, since its text is needed to seal it.
   */
  clear({ conversation: selector, rest }: Commands['clear']['in']): Commands['clear']['out'] {
    const { store, turn } = this.#parts;
    const { conversation, person, contact } = this.find(selector);
    const after = rest?.after ?? 0;
    const upTo = rest?.upTo ?? store.history(conversation, 1, undefined)[0]?.position ?? 0;
    const rows = store
      .historyAfter(conversation, clearStepMessages, after)
      .filter((row) => row.position <= upTo);
    const removable = rows.filter((row) => !isWaiting(row));
    for (const { id } of removable) turn.store({ op: 'removeMessage', conversation, id });
    const editing = store.conversation(conversation)?.draft?.editing;
    const edited = removable.find(({ id }) => id === editing);
    if (edited !== undefined) endEditing(this.#parts, { conversation, person, id: edited.id });
    const last = rows.at(-1)?.position ?? upTo;
    if (rows.length === clearStepMessages && last < upTo) {
      return { removed: removable.length, rest: { after: last, upTo } };
    }
    const present = store.history(conversation, removable.length + 1, undefined);
    if (contact === undefined && present.length <= removable.length) {
      turn.store({ op: 'removeConversation', conversation });
    }
    turn.event('conversation', { id: conversation, what: 'cleared' });
    return { removed: removable.length, rest: undefined };
  }

  /** @throws KithError `unknown-conversation`, `ambiguous`, `unknown-message` */
  page({ conversation: selector, limit, ...from }: Commands['page']['in']): MessagePage {
    const { store } = this.#parts;
    const { conversation } = this.find(selector);
    const { before, after, around, atWallMs, afterPosition } = from;
    if (before !== undefined) {
      const { position } = this.#message(conversation, before);
      const empty = { above: position - 1, below: position };
      return this.#paged(conversation, store.history(conversation, limit, position), empty);
    }
    if (after !== undefined) {
      const { position } = this.#message(conversation, after);
      return this.#following(conversation, limit, position);
    }
    if (afterPosition !== undefined) {
      return this.#following(conversation, limit, afterPosition);
    }
    if (around !== undefined) {
      return this.#around(conversation, limit, this.#message(conversation, around).position);
    }
    const at = atWallMs === undefined ? undefined : store.positionAt(conversation, atWallMs);
    if (at !== undefined) return this.#around(conversation, limit, at);
    return this.#paged(conversation, store.history(conversation, limit, undefined));
  }

  /** @throws KithError `usage` where there are neither words nor a filter; `unknown-conversation`, `ambiguous` */
  search(input: Commands['search']['in']): MessageView[] {
    const { store } = this.#parts;
    const { words, limit, from, sinceWallMs, untilWallMs, hasLink } = input;
    const filters = [input.conversation, from, sinceWallMs, untilWallMs, hasLink];
    if (words.trim() === '' && filters.every((each) => each === undefined)) {
      throw new KithError('usage', 'A search needs words, or something to narrow it by.');
    }
    const conversation =
      input.conversation === undefined ? undefined : this.find(input.conversation).conversation;
    const filter: MessageFilter = { conversation, hasLink, before: input.before };
    if (from !== undefined) filter.direction = from === 'me' ? 'out' : 'in';
    if (sinceWallMs !== undefined) {
      const first = store.positionAt(conversation, sinceWallMs);
      if (first === undefined) return [];
      filter.after = first - 1;
    }
    const end = untilWallMs === undefined ? undefined : store.positionAt(conversation, untilWallMs);
    if (end !== undefined) filter.before = Math.min(filter.before ?? end, end);
    filter.before ??= Number.MAX_SAFE_INTEGER;
    return store.search(words, limit, filter).map((row) => this.#parts.views.of(row));
  }

  #following(conversation: ConversationId, limit: number, position: number): MessagePage {
    const messages = this.#parts.store.historyAfter(conversation, limit, position);
    return this.#paged(conversation, messages, { above: position, below: position + 1 });
  }

  /** @param empty - between which positions a page without messages stands. */
  #paged(
    conversation: ConversationId,
    messages: StoredMessage[],
    empty: { above: number; below: number } = { above: 0, below: 1 },
  ): MessagePage {
    const { store, views } = this.#parts;
    const first = messages[0]?.position ?? empty.below;
    const last = messages.at(-1)?.position ?? empty.above;
    return {
      messages: messages.map((row) => views.of(row)),
      hasOlder: store.history(conversation, 1, first).length > 0,
      hasNewer: store.historyAfter(conversation, 1, last).length > 0,
    };
  }

  /** As many older as newer ones, where there are. */
  #around(conversation: ConversationId, limit: number, position: number): MessagePage {
    const { store } = this.#parts;
    const half = Math.floor(limit / 2);
    const older = half === 0 ? [] : store.history(conversation, half, position);
    const newer = store.historyAfter(conversation, limit - older.length, position - 1);
    const lacking = limit - newer.length;
    const before = lacking > older.length ? store.history(conversation, lacking, position) : older;
    return this.#paged(conversation, [...before, ...newer]);
  }

  /** The contact that a selector names. @throws KithError `ambiguous` */
  #contact(selector: string): ContactRow | undefined {
    try {
      return this.#parts.book.find(selector);
    } catch (error) {
      if (error instanceof KithError && error.code === 'unknown-contact') return undefined;
      throw error;
    }
  }

  #message(conversation: ConversationId, id: MessageId): StoredMessage {
    const message = this.#parts.store.message(conversation, id);
    if (message === undefined) throw new KithError('unknown-message');
    return message;
  }

  #row({ conversation, person }: Place): ConversationSummary {
    return this.#parts.store.conversation(conversation) ?? emptySummary({ conversation, person });
  }

  #get(place: Place): ConversationView {
    return this.#view(place.contact, this.#row(place));
  }

  #view(contact: ContactRow | undefined, summary: ConversationSummary): ConversationView {
    const { conversation, person, formerName, last, unread, firstUnread, draft } = summary;
    const { mutedUntilWallMs, pinned, sessionResetWallMs } = summary;
    const lastWallMs = last === undefined ? 0 : arrivalWallMs(last);
    return {
      id: conversation,
      contact: contact === undefined ? undefined : this.#parts.view(contact),
      name: contact?.name ?? formerName ?? person,
      last: last === undefined ? undefined : this.#parts.views.of(last),
      unread,
      firstUnread,
      draft: this.#standing(conversation, draft),
      mutedUntilWallMs,
      pinned,
      sessionResetWallMs,
      activeWallMs: Math.max(lastWallMs, contact?.createdMs ?? 0),
    };
  }

  /** What a draft is about may have left this device since it was kept: then it answers nothing, and an edit is over. */
  #standing(conversation: ConversationId, draft: ConversationRow['draft']): ConversationRow['draft'] {
    const isGone = (id: MessageId | undefined): boolean =>
      id !== undefined && this.#parts.store.message(conversation, id) === undefined;
    if (draft === undefined || isGone(draft.editing)) return undefined;
    if (!isGone(draft.replyTo)) return draft;
    return draft.text === '' ? undefined : { ...draft, replyTo: undefined };
  }

  #setRead(place: Place, readUpTo: number): ConversationView {
    const { turn, store } = this.#parts;
    const { conversation, person } = place;
    const row = { ...this.#row(place), readUpTo, ...store.unread(conversation, readUpTo) };
    turn.store({ op: 'changeConversation', conversation, person, change: { readUpTo } });
    turn.event('conversation', { id: conversation, what: 'read' });
    return this.#view(place.contact, row);
  }

  /** Keeps a change and tells the other windows. `undefined`: there is none. */
  #change(
    place: Place,
    what: EventData['conversation']['what'],
    change: Partial<Omit<ConversationRow, 'conversation' | 'person'>> | undefined,
  ): ConversationView {
    const row = this.#row(place);
    if (change === undefined) return this.#view(place.contact, row);
    const { conversation, person } = place;
    this.#parts.turn.store({ op: 'changeConversation', conversation, person, change });
    this.#parts.turn.event('conversation', { id: conversation, what });
    return this.#view(place.contact, { ...row, ...change });
  }
}

/** Its text is still needed: it is sealed from it, and sealed anew where a session is lost. */
export function isWaiting({ direction, state }: StoredMessage): boolean {
  return direction === 'out' && (state === 'stored' || state === 'sent');
}

function isListed(contact: ContactRow | undefined, { last }: ConversationSummary): boolean {
  if (last !== undefined) return true;
  return contact !== undefined && (contact.stateBeforeBlock ?? contact.state) !== 'incoming';
}

function emptySummary({
  conversation,
  person,
}: Pick<ConversationRow, 'conversation' | 'person'>): ConversationSummary {
  return {
    conversation,
    person,
    formerName: undefined,
    draft: undefined,
    mutedUntilWallMs: undefined,
    pinned: false,
    sessionResetWallMs: undefined,
    readUpTo: 0,
    last: undefined,
    unread: 0,
    firstUnread: undefined,
  };
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
