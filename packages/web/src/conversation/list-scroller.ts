/**
 * Where the list stands, where it shall go, and when it needs the next page. A thing of its own beside React, because what scrolls
 * must not wait for a drawing; what is to be seen of it stands in its store.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { VirtualizerHandle } from 'virtua';
import type { Ask, MessageWindow } from '../data/messages/message-window.ts';
import { isBlank, windowMessagesMax } from '../data/messages/message-window.ts';
import type { Place } from '../data/messages/reading-places.ts';
import { rowIndexOf, shownTime, type Row } from './message-rows.ts';
import type { Jump } from './use-opening.ts';

/** How near to the edge of what is here the next page is asked for, in screens. */
const pageAheadScreens = 2.5;
/** Within so many pixels of it the reader is at the end: fractions of pixels never add up. */
const endSlackPx = 4;
/** Below the last row, as the list is padded. */
const endPaddingPx = 8;
const highlightMs = 2_000;
/** By then it is where it was sent to. A guess: rows on the way are measured within some pictures. */
const arrivalMs = 400;

export interface ListScrollInput {
  window: MessageWindow;
  rows: readonly Row[];
  jump: Jump | null;
  onAsk: (ask: Ask) => void;
  onEnd: (isAtEnd: boolean) => void;
  onTrim: (side: 'oldest' | 'newest') => void;
  /** @param place - Null: at the end. */
  onLeavePlace: (place: Place | null) => void;
  /** What is on the screen may have changed. */
  onLook: () => void;
}

export interface ListSight {
  isAtEnd: boolean;
  /** Id of the message that was jumped to. */
  highlighted: string | null;
  /** A time of the day that is being scrolled past. */
  day: string | null;
}

/** Of the element that scrolls, in pixels. */
export type Extent = Pick<HTMLElement, 'scrollTop' | 'scrollHeight' | 'clientHeight'>;

export class ListScroller {
  readonly sight: StoreApi<ListSight> = createStore(() => ({ isAtEnd: true, highlighted: null, day: null }));
  #list: VirtualizerHandle | null = null;
  #input: ListScrollInput | null = null;
  /** The reader is at the end and stays there. */
  #stays = true;
  /** Something in the list is pressed: it stays under the pointer, whatever comes at the end. */
  #isPressed = false;
  /** It was just sent somewhere: what scrolls now is not the reader, and passing the end is no wish to stay there. */
  #isSent = false;
  #log: Extent | null = null;
  /** How it stood when it was last scrolled. */
  #seen: Extent = { scrollTop: 0, scrollHeight: 0, clientHeight: 0 };
  #waiting: Jump | null = null;
  #turn: number | null = null;
  #highlight: ReturnType<typeof setTimeout> | undefined;
  #arrival: ReturnType<typeof setTimeout> | undefined;

  /** @param log - What scrolls; null: it is gone. */
  hold(log: Extent | null): void {
    this.#log = log;
  }

  /** After each drawing, before it is painted. */
  update(list: VirtualizerHandle | null, input: ListScrollInput): void {
    const before = this.#input;
    this.#list = list;
    this.#input = input;
    if (before?.rows === input.rows && before.jump === input.jump) return;
    if (input.jump === null) this.#waiting = null;
    else if (input.jump.turn !== this.#turn) {
      this.#turn = input.jump.turn;
      this.#waiting = input.jump;
    }
    this.#go(input);
  }

  /** After it was painted. */
  look(isScrolling: boolean): void {
    const list = this.#list;
    const input = this.#input;
    if (list === null || input === null) return;
    const { window, onEnd, onLook } = input;
    const below = list.scrollSize - list.scrollOffset - list.viewportSize;
    const isAtEnd = (below <= endSlackPx || list.scrollSize <= list.viewportSize) && !window.hasNewer;
    if (this.sight.getState().isAtEnd !== isAtEnd) this.sight.setState({ isAtEnd });
    onEnd(isAtEnd);
    onLook();
    // After a failure the next scrolling asks again; a drawing alone would ask without end.
    if (window.failed !== null && !isScrolling) return;
    // All that was here is gone, also what was waited for.
    if (isBlank(window) && window.asked === null) input.onAsk({ kind: 'newest' });
    else if (this.#waiting === null) this.#askAhead(list, input, below);
  }

  onScroll(offset: number): void {
    const list = this.#list;
    const input = this.#input;
    if (list === null || input === null) return;
    if (!this.#isSent) this.#follow(input);
    if (!this.#stays) this.sight.setState({ day: dayAt(input.rows, list.findItemIndex(offset)) });
    this.look(true);
  }

  onScrollEnd(): void {
    clearTimeout(this.#arrival);
    this.#isSent = false;
    if (this.#input !== null) this.#follow(this.#input);
    this.sight.setState({ day: null });
  }

  /**
   * What scrolls, or what is in it, has another height on the page. The virtual list knew of its rows before, and scrolling then
   * stops short of the end.
   */
  onExtent(): void {
    const isEnd = this.#stays && !this.#isPressed && this.#input?.window.hasNewer === false;
    const isHeld = isEnd && this.#waiting === null;
    if (this.#log !== null && isHeld) this.#log.scrollTop = this.#log.scrollHeight;
  }

  /** The reader's wheel turns upwards: messages that come in the same picture do not hold it up. */
  onWheelUp(): void {
    if (this.#log === null || this.#log.scrollTop === 0) return;
    this.#stays = false;
    // A composer that becomes lower meanwhile brings the end into sight, which is not the reader's wish.
    this.#isSent = true;
    this.#arriveSoon();
  }

  /** A row or something in it is pressed, or is not any more. */
  onPress(isPressed: boolean): void {
    this.#isPressed = isPressed;
    if (!isPressed && this.#input !== null) this.#go(this.#input);
  }

  /** Of the list, or of rows in it. */
  onResize(): void {
    if (this.#input !== null) this.#go(this.#input);
    this.look(false);
  }

  /**
   * Whoever comes to the end stays there, until they scroll up. Where what scrolls has just become higher or lower, it was not the
   * reader who scrolled. As the page has it: the virtual list hears of its own height after it was scrolled for it.
   */
  #follow({ window }: ListScrollInput): void {
    const log = this.#log;
    if (log === null) return;
    const { scrollTop, scrollHeight, clientHeight } = log;
    const before = this.#seen;
    this.#seen = { scrollTop, scrollHeight, clientHeight };
    const isEnd = scrollHeight - scrollTop - clientHeight <= endSlackPx && !window.hasNewer;
    const isReader = scrollHeight === before.scrollHeight && clientHeight === before.clientHeight;
    if (isEnd) this.#stays = true;
    else if (isReader && scrollTop < before.scrollTop) this.#stays = false;
  }

  /** Before the list goes. Who was still on their way somewhere leaves no place. */
  leave(): void {
    const list = this.#list;
    const input = this.#input;
    if (list === null || input === null || this.#waiting !== null) return;
    input.onLeavePlace(this.#stays ? null : placeOf(list, input.rows));
  }

  end(): void {
    clearTimeout(this.#highlight);
    clearTimeout(this.#arrival);
  }

  /** Where it was told to go, as soon as that is here; else it stays at the end for a reader who is there. */
  #go({ rows, window }: ListScrollInput): void {
    const list = this.#list;
    const target = this.#waiting;
    if (list === null || rows.length === 0) return;
    if (target === null) {
      // Not by the virtual list, which would go there again and again for a moment, also against a wheel that turns by then.
      this.onExtent();
      return;
    }
    if (target.to === 'end') {
      if (window.hasNewer) return;
      this.#waiting = null;
      this.#stays = true;
      list.scrollToIndex(rows.length - 1, { align: 'end', offset: endPaddingPx });
      return;
    }
    const isLine = target.to === 'unread';
    const index = isLine ? rows.findIndex(({ kind }) => kind === 'unread') : rowIndexOf(rows, target.to);
    if (index === -1) return;
    this.#waiting = null;
    this.#stays = false;
    this.#isSent = true;
    this.#arriveSoon();
    const { topPx } = target;
    const isTop = isLine || topPx !== undefined;
    list.scrollToIndex(index, { align: isTop ? 'start' : 'center', offset: -(topPx ?? 0) });
    if (!isTop) this.#show(target.to);
  }

  /** Where nothing had to scroll, as to what is in its place already, nothing tells of an end of it. */
  #arriveSoon(): void {
    clearTimeout(this.#arrival);
    this.#arrival = setTimeout(() => this.onScrollEnd(), arrivalMs);
  }

  #show(id: string): void {
    this.sight.setState({ highlighted: id });
    clearTimeout(this.#highlight);
    this.#highlight = setTimeout(() => this.sight.setState({ highlighted: null }), highlightMs);
  }

  /** Asks for the next page before the reader is there, and drops what is far away. */
  #askAhead(list: VirtualizerHandle, { window, onAsk, onTrim }: ListScrollInput, below: number): void {
    if (window.asked !== null) return;
    const ahead = list.viewportSize * pageAheadScreens;
    const oldest = window.messages[0];
    const newest = window.messages.at(-1);
    if (window.hasOlder && list.scrollOffset < ahead && oldest !== undefined) {
      onAsk({ kind: 'older', id: oldest.id });
    } else if (window.hasNewer && below < ahead && newest !== undefined) {
      onAsk({ kind: 'newer', id: newest.id });
    } else if (window.messages.length > windowMessagesMax) {
      onTrim(list.scrollOffset < list.scrollSize / 2 ? 'newest' : 'oldest');
    }
  }
}

/** Of the first message in sight. */
function placeOf(list: VirtualizerHandle, rows: readonly Row[]): Place | null {
  const top = list.scrollOffset;
  for (let at = list.findItemIndex(top); at < rows.length; at += 1) {
    const row = rows[at];
    if (row?.kind === 'message') return { id: row.message.id, topPx: list.getItemOffset(at) - top };
  }
  return null;
}

function dayAt(rows: readonly Row[], index: number): string | null {
  for (let at = index; at < rows.length; at += 1) {
    const row = rows[at];
    if (row?.kind === 'day') return row.time;
    if (row?.kind === 'message') return shownTime(row.message);
  }
  return null;
}
