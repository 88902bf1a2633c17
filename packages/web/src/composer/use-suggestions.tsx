/** Which suggestions fit what is typed: commands after a `/`, emoji after a `:`. */
import { BellOff, Download, Search, ShieldCheck, Timer } from 'lucide-react';
import { useMemo, useState, type ReactNode, type RefObject } from 'react';
import { useEmojiHabits, useEmojiList, usedEmoji } from '../emoji/emoji-list.ts';
import { closedEmojiWordAt, emojiWordAt, searchEmoji, withTone } from '../emoji/emoji-search.ts';
import { useTexts, type TextId } from '../i18n/texts.ts';
import { readSlash, type SlashCommandName } from './slash-command.ts';
import type { Suggestion } from './suggestions.tsx';
import { insertText } from './text-edit.ts';
import { useEmojiName } from './use-emoji-name.ts';

const emojiSuggestionsMax = 8;

const commands: Record<SlashCommandName, { icon: ReactNode; detail: TextId; usage: string }> = {
  search: { icon: <Search size={17} />, detail: 'command.search', usage: '/search ' },
  expire: { icon: <Timer size={17} />, detail: 'command.expire', usage: '/expire ' },
  mute: { icon: <BellOff size={17} />, detail: 'command.mute', usage: '/mute' },
  verify: { icon: <ShieldCheck size={17} />, detail: 'command.verify', usage: '/verify' },
  export: { icon: <Download size={17} />, detail: 'command.export', usage: '/export' },
};

export interface UseSuggestions {
  label: string;
  list: readonly Suggestion[];
  active: number;
  move: (step: number) => void;
  close: () => void;
}

export function useSuggestions(
  text: string,
  cursor: number,
  field: RefObject<HTMLTextAreaElement | null>,
): UseSuggestions {
  const { t, language } = useTexts();
  const [chosen, setChosen] = useState({ of: '', index: 0 });
  const [closedFor, setClosedFor] = useState<string | null>(null);
  const word = useMemo(() => emojiWordAt(text, cursor), [text, cursor]);
  const closed = closedEmojiWordAt(text, cursor);
  const emoji = useEmojiList(language, word !== null || closed !== null);
  const { tone } = useEmojiHabits();
  useEmojiName({ text, cursor, field, emoji, tone });
  const reading = readSlash(text);
  // Closed by Escape: until another word is begun.
  const place = reading?.kind === 'choosing' ? '/' : word === null ? null : `:${String(word.start)}`;
  if (closedFor !== null && closedFor !== place) setClosedFor(null);

  const list = useMemo((): Suggestion[] => {
    if (place === null || closedFor === place) return [];
    if (reading?.kind === 'choosing') {
      return reading.names.map((name) => ({
        key: name,
        lead: commands[name].icon,
        title: `/${name}`,
        detail: t(commands[name].detail),
        onTake: () => {
          const element = field.current;
          if (element !== null) insertText(element, commands[name].usage, [0, element.value.length]);
        },
      }));
    }
    if (word === null || emoji === undefined) return [];
    // At once: Enter chooses of what is typed.
    return searchEmoji(emoji, word.word, emojiSuggestionsMax).map((entry) => ({
      key: entry[0],
      lead: withTone(entry, tone),
      title: entry[1],
      onTake: () => {
        const element = field.current;
        if (element === null) return;
        const sign = withTone(entry, tone);
        usedEmoji(sign);
        insertText(element, `${sign} `, [word.start, word.start + word.word.length + 1]);
      },
    }));
    // `reading` is made anew from the text at every drawing.
    // eslint-disable-next-line
  }, [place, closedFor, text, word, emoji, tone, t, field]);

  // Of the word that it was chosen for alone.
  const choice = place === '/' ? text : `${place ?? ''} ${word?.word ?? ''}`;
  const at = Math.min(chosen.of === choice ? chosen.index : 0, Math.max(0, list.length - 1));
  return {
    label: place === '/' ? t('command.title') : t('emoji.title'),
    list,
    active: at,
    move: (step) => setChosen({ of: choice, index: (at + step + list.length) % Math.max(1, list.length) }),
    close: () => setClosedFor(place),
  };
}
