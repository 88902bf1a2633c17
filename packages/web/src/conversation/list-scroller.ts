/**
 * Where the list stands, where it shall go, and when it needs the next page. A thing of its own beside React, because what scrolls
 * must not wait for a drawing; what is to be seen of it stands in its store.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { VirtualizerHandle } from 'virtua';
import type { Ask, MessageWindow } from '../data/messages/message-window.ts';
import { isBlank, windowMessagesMax } from '../data/messages/message-window.ts';
import { rowIndexOf, shownTime, type Row } from './message-rows.ts';
import type { Jump } from './use-opening.ts';

/** How near to the edge of what is here the next page is asked for, in screens. */
const pageAheadScreens = 2.5;
/** Within so many pixels of it the reader is at the end: fractions of pixels never add up. */
const endSlackPx = 4;
/** Below the last row, as the list is padded. */
const endPaddingPx = 8;
const highlightMs = 2_000;

export interface ListScrollInput {
  window: MessageWindow;
  rows: readonly Row[];
  jump: Jump | null;
  onAsk: (ask: Ask) => void;
  onEnd: (isAtEnd: boolean) => void;
  onTrim: (side: 'oldest' | 'newest') => void;
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

export class ListScroller {
  readonly sight: StoreApi<ListSight> = createStore(() => ({ isAtEnd: true, highlighted: null, day: null }));
  #list: VirtualizerHandle | null = null;
  #input: ListScrollInput | null = null;
  /** The reader is at the end and stays there. */
  #stays = true;
  /** It was just sent somewhere: what scrolls now is not the reader, and passing the end is no wish to stay there. */
  #isSent = false;
  #waiting: Jump | null = null;
  #turn: number | null = null;
  #highlight: ReturnType<typeof setTimeout> | undefined;

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
    if (!this.#isSent) this.#stays = this.#isEnd(list, input, offset);
    if (!this.#stays) this.sight.setState({ day: dayAt(input.rows, list.findItemIndex(offset)) });
    this.look(true);
  }

  onScrollEnd(): void {
    if (this.#list !== null && this.#input !== null) {
      this.#isSent = false;
      this.#stays = this.#isEnd(this.#list, this.#input, this.#list.scrollOffset);
    }
    this.sight.setState({ day: null });
  }

  onResize(): void {
    if (this.#input !== null) this.#go(this.#input);
    this.look(false);
  }

  /** Lines break anew: rows have other heights, which are known a picture later. Whoever is at the end stays there. */
  onWidth(): void {
    if (!this.#stays || this.#list === null) return;
    this.#isSent = true;
    requestAnimationFrame(() => requestAnimationFrame(() => this.onResize()));
  }

  #isEnd(list: VirtualizerHandle, { window }: ListScrollInput, offset: number): boolean {
    return list.scrollSize - offset - list.viewportSize <= endSlackPx && !window.hasNewer;
  }

  end(): void {
    clearTimeout(this.#highlight);
  }

  /** Where it was told to go, as soon as that is here; else it stays at the end for a reader who is there. */
  #go({ rows, window }: ListScrollInput): void {
    const list = this.#list;
    const target = this.#waiting;
    if (list === null || rows.length === 0) return;
    if (target === null || target.to === 'end') {
      if (window.hasNewer || (target === null && !this.#stays)) return;
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
    list.scrollToIndex(index, { align: isLine ? 'start' : 'center' });
    if (!isLine) this.#show(target.to);
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

function dayAt(rows: readonly Row[], index: number): string | null {
  for (let at = index; at < rows.length; at += 1) {
    const row = rows[at];
    if (row?.kind === 'day') return row.time;
    if (row?.kind === 'message') return shownTime(row.message);
  }
  return null;
}
