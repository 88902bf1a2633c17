/**
 * What the list of messages shows, row by row: days, the line above what is unread, messages in groups of one author, and own
 * messages that are on their way to the disk. Pure, and quick enough to be done anew whenever a message comes.
 */
import type { Message } from '@kith/api/shapes';
import type { Pending } from '../data/messages/pending-messages.ts';

/** Messages of one author this close to each other stand as one group. */
export const groupMsMax: number = 5 * 60_000;

export interface MessageRow {
  kind: 'message';
  key: string;
  message: Message;
  /** The first, and the last, of a group. */
  opens: boolean;
  closes: boolean;
  /** Its tick says something that the tick of the next one in its group does not. */
  hasTick: boolean;
}

export interface PendingRow {
  kind: 'pending';
  key: string;
  pending: Pending;
  opens: boolean;
  closes: boolean;
}

export type Row =
  | { kind: 'start'; key: 'start' }
  /** `time`: of the first message of that day. */
  | { kind: 'day'; key: string; time: string }
  | { kind: 'unread'; key: 'unread'; count: number }
  | MessageRow
  | PendingRow;

export interface RowsInput {
  messages: readonly Message[];
  pending: readonly Pending[];
  /** Keys of rows by message id, where they differ from the id. */
  keys: ReadonlyMap<string, string>;
  /** The message above which the line stands, and how many are unread. */
  unread: { from: string; count: number } | null;
  /** Where the conversation begins with the first message that is here. */
  isStart: boolean;
}

/** The same row object as before where nothing about it changed, so that a drawn row stays as it is. */
export function makeRows(input: RowsInput, before: readonly Row[] = []): Row[] {
  const known = new Map(before.map((row) => [row.key, row]));
  const rows: Row[] = input.isStart ? [{ kind: 'start', key: 'start' }] : [];
  let previous: Entry | null = null;
  for (const entry of entriesOf(input)) {
    const isNewDay = previous === null || dayOf(previous.time) !== dayOf(entry.time);
    const isUnread = input.unread !== null && entry.message?.id === input.unread.from;
    const opens = isNewDay || isUnread || previous === null || !isTogether(previous, entry);
    if (isNewDay) rows.push({ kind: 'day', key: `day ${dayOf(entry.time)}`, time: entry.time });
    if (isUnread) rows.push({ kind: 'unread', key: 'unread', count: input.unread?.count ?? 0 });
    if (opens) close(rows, isNewDay, isUnread);
    rows.push(rowOf(entry, opens));
    previous = entry;
  }
  close(rows, false, false);
  for (const [index, row] of rows.entries()) {
    if (row.kind === 'message') row.hasTick = row.closes || stateOf(rows[index + 1]) !== row.message.state;
  }
  return rows.map((row) => sameRow(known.get(row.key), row));
}

function stateOf(row: Row | undefined): string | null {
  return row?.kind === 'message' ? row.message.state : null;
}

interface Entry {
  key: string;
  from: string;
  time: string;
  message: Message | null;
  pending: Pending | null;
}

function* entriesOf(input: RowsInput): Generator<Entry> {
  for (const message of input.messages) {
    yield {
      key: input.keys.get(message.id) ?? message.id,
      from: message.direction === 'out' ? 'me' : message.from,
      time: shownTime(message),
      message,
      pending: null,
    };
  }
  for (const pending of input.pending) {
    yield { key: pending.key, from: 'me', time: pending.at, message: null, pending };
  }
}

/**
 * When a message came to be in this list: what arrived late stands where it arrived, under its day of arrival, so that days never
 * run backwards because somebody's clock does.
 */
export function shownTime(message: Message): string {
  return message.receivedAt ?? message.sentAt;
}

function isTogether(one: Entry, other: Entry): boolean {
  return one.from === other.from && Math.abs(Date.parse(other.time) - Date.parse(one.time)) <= groupMsMax;
}

function rowOf(entry: Entry, opens: boolean): MessageRow | PendingRow {
  const { key, message, pending } = entry;
  if (message !== null) return { kind: 'message', key, message, opens, closes: false, hasTick: true };
  if (pending !== null) return { kind: 'pending', key, pending, opens, closes: false };
  throw new TypeError('an entry is a message or a pending one');
}

/** The last message so far ends its group; days and lines that follow it are skipped. */
function close(rows: Row[], ...following: boolean[]): void {
  const row = rows[rows.length - 1 - following.filter(Boolean).length];
  if (row?.kind === 'message' || row?.kind === 'pending') row.closes = true;
}

const days = new Map<string, string>();
/** A guess: more days than a window of messages spans. */
const daysKept = 2_000;

/** The calendar day in the time zone of the person, as `2025-3-9`. */
function dayOf(time: string): string {
  // Formatting a date is what costs most here, and messages of an hour share all but the minutes.
  const hour = time.slice(0, 15);
  const known = days.get(hour);
  if (known !== undefined) return known;
  const date = new Date(time);
  const day = `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
  if (days.size >= daysKept) days.clear();
  days.set(hour, day);
  return day;
}

function sameRow(before: Row | undefined, row: Row): Row {
  if (before === undefined || before.kind !== row.kind) return row;
  switch (row.kind) {
    case 'start':
      return before;
    case 'day':
      return before.kind === 'day' && dayOf(before.time) === dayOf(row.time) ? before : row;
    case 'unread':
      return before.kind === 'unread' && before.count === row.count ? before : row;
    case 'message':
      return before.kind === 'message' &&
        before.message === row.message &&
        before.hasTick === row.hasTick &&
        before.opens === row.opens &&
        before.closes === row.closes
        ? before
        : row;
    case 'pending':
      return before.kind === 'pending' &&
        before.pending === row.pending &&
        before.opens === row.opens &&
        before.closes === row.closes
        ? before
        : row;
  }
}

/**
 * Makes the rows again and again, and tells what virtua has to know: whether rows came, or went, at the beginning and nowhere else.
 * The same input gives the same answer, however often it is asked.
 */
export class RowMaker {
  #input: RowsInput | null = null;
  #made: { rows: Row[]; isShifted: boolean } = { rows: [], isShifted: false };

  make(input: RowsInput): { rows: Row[]; isShifted: boolean } {
    if (this.#input !== null && isSameInput(this.#input, input)) return this.#made;
    const before = this.#made.rows;
    const rows = makeRows(input, before);
    this.#input = input;
    this.#made = { rows, isShifted: isShift(before, rows) };
    return this.#made;
  }
}

function isSameInput(one: RowsInput, other: RowsInput): boolean {
  return (
    one.messages === other.messages &&
    one.pending === other.pending &&
    one.keys === other.keys &&
    one.unread === other.unread &&
    one.isStart === other.isStart
  );
}

function isShift(before: readonly Row[], rows: readonly Row[]): boolean {
  const isMessage = ({ kind }: Row): boolean => kind === 'message' || kind === 'pending';
  return (
    before.length !== rows.length &&
    before.at(-1)?.key === rows.at(-1)?.key &&
    before.find(isMessage)?.key !== rows.find(isMessage)?.key
  );
}

/** The row of a message, or -1. */
export function rowIndexOf(rows: readonly Row[], id: string): number {
  return rows.findLastIndex((row) => row.kind === 'message' && row.message.id === id);
}
