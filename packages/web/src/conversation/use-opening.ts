/** Where an open conversation begins, where it was told to go, and where the line of what is unread stands. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ErrorCode } from '@kith/api/errors';
import type { Conversation } from '@kith/api/conversation-shapes';
import { isHidden } from '../data/hidden.ts';
import { showToast } from '../design/toast-store.ts';
import type { MessageWindow } from '../data/messages/message-window.ts';
import type { Place } from '../data/messages/reading-places.ts';
import type { OpenWindow } from '../data/messages/open-windows.ts';
import { translate } from '../i18n/texts.ts';
import { codeWords } from '../i18n/wording.ts';

export interface Jump {
  /** The id of a message, `end`, or `unread`: the line above what is unread. */
  to: string;
  /** Two jumps to the same message are two. */
  turn: number;
  /** Where the top of the message shall be, below the top of what is seen. Without it: in the middle, and lit for a moment. */
  topPx?: number;
}

export interface UnreadMark {
  from: string;
  count: number;
}

export interface Opening {
  jump: Jump | null;
  unread: UnreadMark | null;
  /** Where it begins was asked for, and answered or not. */
  hasBegun: boolean;
  go: (to: string) => void;
  /** To the first message of that day, or the next that there is. */
  goToDay: (day: Date) => void;
  setUnread: (change: (mark: UnreadMark | null) => UnreadMark | null) => void;
}

/**
 * @param wanted - A message that the address names.
 * @param left - Where the reader was when they left; what is unread goes before it.
 */
export function useOpening(
  conversation: Conversation,
  open: OpenWindow,
  wanted: string | null,
  left: Place | null,
): Opening {
  const [first] = useState(conversation.firstUnread);
  const [place] = useState(first === null && wanted === null ? left : null);
  const [unread, setUnread] = useState<UnreadMark | null>(() =>
    first === null ? null : { from: first, count: conversation.unread },
  );
  const [jump, setJump] = useState<Jump | null>(() => ({
    to: wanted ?? (first === null ? (place?.id ?? 'end') : 'unread'),
    turn: 0,
    ...(place === null ? {} : { topPx: place.topPx }),
  }));

  const go = useCallback(
    (to: string): void => {
      setJump((before) => jumpAfter(before, to));
      void bring(open, to).then((code) => {
        if (code === null && !isBeingDeleted(open, to)) return;
        tellMissing(code ?? 'unknown-message');
        if (to === 'end' || !open.store.getState().isEmpty) setJump(null);
        else {
          // The end is always there.
          setJump(atEnd);
          void bring(open, 'end');
        }
      });
    },
    [open],
  );

  const goToDay = useCallback(
    (day: Date): void => {
      const time = day.toISOString();
      void open.ask({ kind: 'at', time }).then((code) => {
        const messages = open.store.getState().messages.filter((message) => !isHidden(message));
        const target =
          messages.find(({ receivedAt, sentAt }) => (receivedAt ?? sentAt) >= time) ?? messages.at(-1);
        if (code !== null) tellMissing(code);
        else if (target !== undefined) go(target.id);
      });
    },
    [open, go],
  );

  const [hasBegun, setBegun] = useState(false);
  const opened = useRef<string | null | undefined>(undefined);
  useEffect(() => {
    const before = opened.current;
    opened.current = wanted;
    if (before === wanted) return;
    // The first jump stands already; it waits for its page.
    if (before === undefined) {
      const to = wanted ?? first ?? place?.id ?? 'end';
      void bringFirst(open, to, place === null, () => setJump(atEnd)).then(() => {
        if (isBeingDeleted(open, to)) {
          setJump(atEnd);
          void bring(open, 'end');
          if (place === null && wanted !== null) tellMissing('unknown-message');
        }
        setBegun(true);
      });
    }
    // oxlint-disable-next-line react/set-state-in-effect -- the address is outside, as any other event that leads somewhere.
    else if (wanted !== null) go(wanted);
  }, [open, wanted, first, place, go]);

  return useMemo(
    () => ({ jump, unread, hasBegun, go, goToDay, setUnread }),
    [jump, unread, hasBegun, go, goToDay],
  );
}

/** Resolves when it is in the window, with null; or with the reason why it is not. */
async function bring(open: OpenWindow, to: string): Promise<ErrorCode | null> {
  const { messages, hasOlder, hasNewer, isEmpty } = open.store.getState();
  // Of a conversation that was cleared what is left has still to come.
  const isEndHere = !hasNewer && (messages.length > 0 || !hasOlder);
  const isHere = !isEmpty && (to === 'end' ? isEndHere : messages.some(({ id }) => id === to));
  if (isHere) return null;
  return await open.ask(to === 'end' ? { kind: 'newest' } : { kind: 'around', id: to });
}

/** It is in the window and not among the rows: whoever waited for it would wait for ever. */
function isBeingDeleted(open: OpenWindow, id: string): boolean {
  const message = open.store.getState().messages.find((each) => each.id === id);
  return message !== undefined && isHidden(message);
}

/**
 * A conversation that cannot be opened where it was left is opened at its end. While the node is away it waits: what it was to
 * begin with is asked for again when the node is back (talk.ts).
 */
async function bringFirst(open: OpenWindow, to: string, isAsked: boolean, onEnd: () => void): Promise<void> {
  const code = await bring(open, to);
  // What cannot be had at all is said in its place.
  if (code === null || to === 'end' || code === 'no-node') return;
  onEnd();
  const instead = await bring(open, 'end');
  // Nobody asked for the message where they left.
  if (instead === null && isAsked) tellMissing(code);
}

function jumpAfter(before: Jump | null, to: string): Jump {
  return { to, turn: (before?.turn ?? 0) + 1 };
}

const atEnd = (before: Jump | null): Jump => jumpAfter(before, 'end');

function tellMissing(code: ErrorCode): void {
  if (code === 'unknown-message') showToast({ text: translate('talk.jump.missing') });
  // That the node is away stands above the page.
  else if (code !== 'no-node') showToast({ text: codeWords(code), look: 'bad' });
}

/** What comes while the person looks elsewhere is new to them when they are back. */
export function useUnreadWhileAway(
  window: MessageWindow,
  setUnread: (change: (mark: UnreadMark | null) => UnreadMark | null) => void,
): void {
  const newest = useRef<number | null>(null);
  const isCounting = useRef(false);
  useEffect(() => {
    const last = window.messages.at(-1);
    if (last === undefined) return;
    const known = newest.current;
    newest.current = Math.max(known ?? 0, last.position);
    if (known === null || document.hasFocus()) {
      isCounting.current = false;
      return;
    }
    const fresh = window.messages.filter(
      ({ position, direction, state }) => position > known && direction === 'in' && state === 'received',
    );
    const first = fresh[0];
    if (first === undefined) return;
    const goesOn = isCounting.current;
    isCounting.current = true;
    setUnread((mark) =>
      goesOn && mark !== null
        ? { ...mark, count: mark.count + fresh.length }
        : { from: first.id, count: fresh.length },
    );
  }, [window.messages, setUnread]);
}
