/**
 * Tells screen readers of new messages: one by one where they come slowly, by their number where they come fast. The list itself is
 * silent, since scrolling draws old messages anew.
 */
import { useEffect, useRef } from 'react';
import type { Message } from '@kith/api/shapes';
import type { MessageWindow } from '../data/messages/message-window.ts';
import { announce } from '../design/live-region.tsx';
import { useTexts } from '../i18n/texts.ts';
import { plainText } from '../markdown/plain-text.ts';

/** A burst within it is told as one. A guess: half a breath. */
const burstMs = 700;
const spokenMax = 2;

export function useAnnouncements(
  { messages, isEmpty, hasOlder, hasNewer }: MessageWindow,
  name: string,
): void {
  const { t } = useTexts();
  const newest = useRef<number | null>(null);
  const waiting = useRef<Message[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const words = useRef({ t, name });
  useEffect(() => {
    words.current = { t, name };
  });
  useEffect(() => () => clearTimeout(timer.current), []);

  useEffect(() => {
    const last = messages.at(-1);
    if (last === undefined) {
      // Nobody wrote yet: the first who does is news.
      if (!isEmpty && !hasOlder && !hasNewer) newest.current ??= 0;
      return;
    }
    const known = newest.current;
    newest.current = Math.max(known ?? 0, last.position);
    if (known === null) return;
    for (let index = messages.length - 1; index >= 0; index -= 1) {
      const message = messages[index];
      if (message === undefined || message.position <= known) break;
      // A page of older times, or our own words, are no news.
      if (message.direction === 'in' && message.state === 'received') waiting.current.push(message);
    }
    if (waiting.current.length === 0 || timer.current !== undefined) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      const told = waiting.current.splice(0);
      const { t: say, name: who } = words.current;
      announce(
        told.length > spokenMax
          ? say('announce.many', { count: told.length, name: who })
          : told
              .toSorted((one, other) => one.position - other.position)
              .map(({ text }) => say('announce.one', { name: who, text: plainText(text, 200) }))
              .join(' '),
      );
    }, burstMs);
  }, [messages, isEmpty, hasOlder, hasNewer]);
}
