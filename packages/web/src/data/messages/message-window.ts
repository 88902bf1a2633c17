/**
 * A stretch of one conversation without holes, as the screen shows it: pages of the node and events of the node go in, in any
 * order in which one connection can bring them, and what comes out is what the node has.
 *
 * Why that holds: events come in the order of the node's commits and none is left out; a page is a look at one moment. An event
 * older than the page is followed by those that made the page what it is. An event newer than the page may come before it: so
 * everything that happens while a page is under way is noted, and done again to the page when it comes.
 *
 * A message carries the beginning of the one it answers: what happens to that one is done to its quotes as well, wherever it is.
 *
 * Invariants: ascending, unequal positions; at most {@link windowMessagesMax} messages and one page; nothing is ever left out
 * between two messages; what was typed is in `pending` until the node has it or the caller took it back.
 */
import type { Page, Quoted } from '@kith/api/conversation-shapes';
import type { ErrorCode } from '@kith/api/errors';
import type { ApiEvent, Message } from '@kith/api/shapes';
import { settle, type Pending } from './pending-messages.ts';
import { missingQuote, quoteOf, withQuotes } from './quotes.ts';

/** Beyond this what lies farthest from the reader is dropped. A guess: some thirty screens. */
export const windowMessagesMax = 600;
/** What is left then: dropping one for each that comes would draw the list anew every time. */
export const windowMessagesKept = 400;
/** Events noted while one page is under way; beyond it the page is asked for anew. A guess: ten seconds of a flood. */
export const missedEventsMax = 1_000;

export type Ask =
  | { kind: 'newest' }
  /** The message in the middle; what was here before goes. */
  | { kind: 'around'; id: string }
  | { kind: 'at'; time: string }
  /** Goes on from the oldest, or newest, message that is here. */
  | { kind: 'older'; id: string }
  | { kind: 'newer'; id: string };

export type WindowEvent = Extract<
  ApiEvent,
  { event: 'message' | 'changed' | 'removed' | 'state' | 'conversation' }
>;

export interface MessageWindow {
  /** Oldest first. */
  messages: readonly Message[];
  hasOlder: boolean;
  hasNewer: boolean;
  /** No page came yet. */
  isEmpty: boolean;
  /** The page that is under way; an answer to any other is ignored. */
  asked: { number: number; ask: Ask } | null;
  /** Why the last page could not be had. */
  failed: ErrorCode | null;
  /** Own messages that the node did not store yet, oldest first. */
  pending: readonly Pending[];
  /** Stored messages that began as pending ones, by id: the row keeps its key, so that nothing flickers. */
  keys: ReadonlyMap<string, string>;
  /** What happened since the page was asked for; null when there was too much. */
  missed: readonly WindowEvent[] | null;
  /** The reader looks at the newest message: what comes pushes out what is oldest. */
  isAtEnd: boolean;
}

export type WindowAction =
  | { type: 'asked'; number: number; ask: Ask }
  | { type: 'page'; number: number; page: Page }
  | { type: 'failed'; number: number; reason: ErrorCode }
  /** The node is back: what could not be had may be asked for again. */
  | { type: 'forgiven' }
  /** In the order in which the node sent them, of this conversation alone. */
  | { type: 'events'; events: readonly WindowEvent[] }
  | { type: 'sending'; pending: Pending }
  | { type: 'stored'; key: string; id: string }
  /** The node refused it, or went away and does not have it. */
  | { type: 'takenBack'; key: string }
  /** The node went away while it was asked: nobody knows. */
  | { type: 'unsure'; key: string }
  | { type: 'end'; isAtEnd: boolean }
  /** After the rows were drawn: drops what lies farthest from the side that just grew. */
  | { type: 'trim'; side: 'oldest' | 'newest' };

export const emptyWindow: MessageWindow = {
  messages: [],
  hasOlder: false,
  hasNewer: false,
  isEmpty: true,
  asked: null,
  failed: null,
  pending: [],
  keys: new Map(),
  missed: [],
  isAtEnd: true,
};

export function reduceWindow(window: MessageWindow, action: WindowAction): MessageWindow {
  switch (action.type) {
    case 'asked':
      return {
        ...window,
        asked: { number: action.number, ask: action.ask },
        failed: null,
        missed: [],
      };
    case 'page':
      return window.asked?.number === action.number
        ? takePage(window, window.asked.ask, action.page)
        : window;
    case 'failed':
      if (window.asked?.number !== action.number) return window;
      return { ...window, asked: null, failed: reasonKept(window, action.reason), missed: [] };
    case 'forgiven':
      return window.failed === null ? window : { ...window, failed: null };
    case 'events':
      return takeEvents(window, action.events);
    case 'sending':
      return { ...window, pending: [...window.pending, action.pending] };
    case 'stored':
      return markStored(window, action.key, action.id);
    case 'takenBack':
      return { ...window, pending: window.pending.filter((pending) => pending.key !== action.key) };
    case 'unsure':
      return {
        ...window,
        pending: window.pending.map((pending) =>
          pending.key === action.key ? { ...pending, isUnsure: true } : pending,
        ),
      };
    case 'end':
      return window.isAtEnd === action.isAtEnd ? window : { ...window, isAtEnd: action.isAtEnd };
    case 'trim':
      return trim(window, action.side);
  }
}

/** All that was here is gone, and there is more: nothing is left to scroll, so it has to be asked for without that. */
export function isBlank({ messages, hasOlder, hasNewer }: MessageWindow): boolean {
  return messages.length === 0 && (hasOlder || hasNewer);
}

/** Where nothing is left, the newest page has still to be tried: only its failure ends the asking. */
function reasonKept(window: MessageWindow, reason: ErrorCode): ErrorCode | null {
  return isBlank(window) && window.asked?.ask.kind !== 'newest' ? null : reason;
}

function takePage(window: MessageWindow, ask: Ask, page: Page): MessageWindow {
  const { missed } = window;
  // Too much happened meanwhile: the page cannot be trusted. Whoever asked sees that nothing is under way and asks again.
  if (missed === null) return { ...window, asked: null, missed: [] };
  const known = new Map(window.messages.map((message) => [message.id, message]));
  const added = page.messages.filter((message) => !known.has(message.id));
  const joined: MessageWindow = { ...window, ...join(window, ask, page, added), isEmpty: false, asked: null };
  const replayed = applyEvents({ ...joined, missed: [] }, missed);
  return settle(replayed, replayed.messages);
}

function join(
  window: MessageWindow,
  ask: Ask,
  page: Page,
  added: Message[],
): Pick<MessageWindow, 'messages' | 'hasOlder' | 'hasNewer'> {
  if (ask.kind === 'older') {
    return {
      messages: inOrder([...added, ...window.messages]),
      hasOlder: page.hasOlder,
      hasNewer: window.hasNewer,
    };
  }
  if (ask.kind === 'newer') {
    return {
      messages: inOrder([...window.messages, ...added]),
      hasOlder: window.hasOlder,
      hasNewer: page.hasNewer,
    };
  }
  return { messages: inOrder(page.messages), hasOlder: page.hasOlder, hasNewer: page.hasNewer };
}

function inOrder(messages: readonly Message[]): readonly Message[] {
  const isSorted = messages.every(
    (message, index) => index === 0 || (messages[index - 1]?.position ?? 0) < message.position,
  );
  if (isSorted) return messages;
  return messages.toSorted((one, other) => one.position - other.position);
}

function takeEvents(window: MessageWindow, events: readonly WindowEvent[]): MessageWindow {
  const applied = applyEvents(window, events);
  if (window.asked === null || window.missed === null) return applied;
  const missed = [...window.missed, ...events];
  return { ...applied, missed: missed.length > missedEventsMax ? null : missed };
}

/** One pass, one copy, however many events there are. */
function applyEvents(window: MessageWindow, events: readonly WindowEvent[]): MessageWindow {
  if (events.length === 0) return window;
  const draft = new Draft(window);
  const own: Message[] = [];
  const quotes = new Map<string, Quoted>();
  for (const event of events) {
    switch (event.event) {
      case 'message':
        draft.put(event.data);
        // An answer may have come before what it answers.
        quotes.set(event.data.id, quoteOf(event.data));
        // Its own quote is newer than what was said of it before: a clearing leaves some.
        if (event.data.replyTo !== null && quotes.has(event.data.replyTo.id))
          quotes.set(event.data.replyTo.id, event.data.replyTo);
        if (event.data.direction === 'out') own.push(event.data);
        break;
      case 'changed':
        draft.replace(event.data.id, () => event.data);
        quotes.set(event.data.id, quoteOf(event.data));
        break;
      case 'state':
        draft.replace(event.data.id, (message) => ({
          ...message,
          state: event.data.state,
          reason: event.data.reason,
        }));
        break;
      case 'removed':
        draft.remove(event.data.id);
        quotes.set(event.data.id, missingQuote(event.data.id));
        break;
      case 'conversation':
        if (event.data.what !== 'cleared') break;
        if (event.data.messages === null) {
          draft.clear();
          quotes.clear();
          for (const { replyTo } of window.pending)
            if (replyTo !== null) quotes.set(replyTo.id, missingQuote(replyTo.id));
        } else {
          draft.removeAll(event.data.messages);
          for (const id of event.data.messages) quotes.set(id, missingQuote(id));
        }
        break;
    }
  }
  return settle(requoted(draft.done(), quotes), own);
}

function requoted(window: MessageWindow, quotes: ReadonlyMap<string, Quoted>): MessageWindow {
  const messages = withQuotes(window.messages, quotes);
  const pending = withQuotes(window.pending, quotes);
  return messages === window.messages && pending === window.pending
    ? window
    : { ...window, messages, pending };
}

/** A copy that is made at the first change only: a flood of events about messages elsewhere draws nothing anew. */
class Draft {
  readonly #before: MessageWindow;
  #messages: Message[] | null = null;
  #hasOlder: boolean;
  #hasNewer: boolean;

  constructor(before: MessageWindow) {
    this.#before = before;
    this.#hasOlder = before.hasOlder;
    this.#hasNewer = before.hasNewer;
  }

  get #read(): readonly Message[] {
    return this.#messages ?? this.#before.messages;
  }

  get #write(): Message[] {
    this.#messages ??= [...this.#before.messages];
    return this.#messages;
  }

  put(message: Message): void {
    if (this.#before.isEmpty) return;
    // Nearly all are newer than everything that is here.
    const isNewer = message.position > (this.#read.at(-1)?.position ?? -1);
    const index = isNewer ? -1 : this.#find(message.id);
    if (index !== -1) {
      this.#write[index] = message;
      return;
    }
    // What was left before it has still to come, and would stand beside a hole.
    if (this.#read.length === 0 && (this.#hasOlder || this.#hasNewer)) return;
    const place = placeOf(this.#read, message.position);
    // Beyond an end that is not the end of the conversation it would stand next to a hole.
    if (place === this.#read.length && this.#hasNewer) return;
    if (place === 0 && this.#read.length > 0 && this.#hasOlder) return;
    if (this.#read.length >= windowMessagesMax && place === this.#read.length) {
      if (!this.#before.isAtEnd) {
        this.#hasNewer = true;
        return;
      }
      this.#write.shift();
      this.#hasOlder = true;
      this.#write.push(message);
      return;
    }
    this.#write.splice(place, 0, message);
  }

  replace(id: string, change: (message: Message) => Message): void {
    const index = this.#find(id);
    const message = this.#read[index];
    if (message !== undefined) this.#write[index] = change(message);
  }

  remove(id: string): void {
    const index = this.#find(id);
    if (index !== -1) this.#write.splice(index, 1);
  }

  removeAll(ids: readonly string[]): void {
    const gone = new Set(ids);
    const staying = this.#read.filter(({ id }) => !gone.has(id));
    if (staying.length < this.#read.length) this.#messages = staying;
  }

  /** What waits to be delivered stays on the node, and so may more: whoever shows nothing asks what is older than that. */
  clear(): void {
    if (this.#before.isEmpty) return;
    this.#messages = [];
    this.#hasOlder = true;
    this.#hasNewer = false;
  }

  done(): MessageWindow {
    if (this.#messages === null && this.#hasNewer === this.#before.hasNewer) return this.#before;
    const after: MessageWindow = {
      ...this.#before,
      messages: this.#read,
      hasOlder: this.#hasOlder,
      hasNewer: this.#hasNewer,
    };
    // Where nothing is left, what was tried before is over.
    const failed = isBlank(after) ? null : after.failed;
    return { ...after, failed, asked: goesOn(after) ? after.asked : null };
  }

  /** From the end: nearly all events are about recent messages. */
  #find(id: string): number {
    return this.#read.findLastIndex((message) => message.id === id);
  }
}

/** Whether the page that is under way will join what is here: what it goes on from may be gone. */
function goesOn({ messages, asked }: MessageWindow): boolean {
  if (asked?.ask.kind !== 'older' && asked?.ask.kind !== 'newer') return true;
  const { id } = asked.ask;
  return messages.some((message) => message.id === id);
}

/** How many messages stand before this position. */
function placeOf(messages: readonly Message[], position: number): number {
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((messages[middle]?.position ?? 0) < position) low = middle + 1;
    else high = middle;
  }
  return low;
}

function markStored(window: MessageWindow, key: string, id: string): MessageWindow {
  const marked = {
    ...window,
    pending: window.pending.map((pending) =>
      pending.key === key ? { ...pending, id, isUnsure: false } : pending,
    ),
  };
  return settle(
    marked,
    window.messages.filter((message) => message.id === id),
  );
}

function trim(window: MessageWindow, side: 'oldest' | 'newest'): MessageWindow {
  if (window.messages.length <= windowMessagesMax) return window;
  const isOldest = side === 'oldest';
  // A page that goes on from what is dropped would leave a hole.
  const kind = window.asked?.ask.kind;
  const isBroken = kind === (isOldest ? 'older' : 'newer');
  return {
    ...window,
    messages: isOldest
      ? window.messages.slice(-windowMessagesKept)
      : window.messages.slice(0, windowMessagesKept),
    hasOlder: window.hasOlder || isOldest,
    hasNewer: window.hasNewer || !isOldest,
    asked: isBroken ? null : window.asked,
  };
}
