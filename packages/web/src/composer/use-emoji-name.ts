/** `:smile:` that is typed to its end becomes the emoji. */
import { useEffect, useRef, type RefObject } from 'react';
import { usedEmoji } from '../emoji/emoji-list.ts';
import {
  closedEmojiWordAt,
  namedEmoji,
  withTone,
  type EmojiEntry,
  type SkinTone,
} from '../emoji/emoji-search.ts';
import { replaceText } from './text-edit.ts';

export interface EmojiNameInput {
  text: string;
  cursor: number;
  field: RefObject<HTMLTextAreaElement | null>;
  /** Undefined until they are loaded. */
  emoji: readonly EmojiEntry[] | undefined;
  tone: SkinTone;
}

/** What came otherwise than by typing stays, also where an undo brought it back. */
export function useEmojiName({ text, cursor, field, emoji, tone }: EmojiNameInput): void {
  const before = useRef({ text, isTyped: false });
  const replaced = useRef<string | null>(null);
  useEffect(() => {
    const element = field.current;
    if (before.current.text !== text) {
      before.current = { text, isTyped: isColonTyped(before.current.text, text, cursor) };
      // The undo selects what it brought back, and the next letter would take its place.
      if (text === replaced.current) element?.setSelectionRange(element.selectionEnd, element.selectionEnd);
    }
    if (!before.current.isTyped || emoji === undefined) return;
    before.current.isTyped = false;
    const word = closedEmojiWordAt(text, cursor);
    const entry = word === null ? undefined : namedEmoji(emoji, word.word);
    if (word === null || entry === undefined) return;
    // A field that is still telling of what was typed takes nothing else.
    setTimeout(() => {
      if (element === null || document.activeElement !== element) return;
      if (!element.value.startsWith(text.slice(0, cursor))) return;
      replaced.current = element.value;
      const sign = withTone(entry, tone);
      usedEmoji(sign);
      replaceText(element, sign, [word.start, cursor]);
    });
  }, [text, cursor, field, emoji, tone]);
}

function isColonTyped(before: string, text: string, cursor: number): boolean {
  return text[cursor - 1] === ':' && before === text.slice(0, cursor - 1) + text.slice(cursor);
}
