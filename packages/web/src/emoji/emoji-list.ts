/** The list of emoji in the language of the app, loaded when it is first wanted, and what the person used of it lately. */
import { useEffect, useState } from 'react';
import { create } from 'zustand';
import type { EmojiEntry, SkinTone } from './emoji-search.ts';
import { quickReactions, withRecent } from './emoji-search.ts';

const lists: Record<string, () => Promise<{ emojiList: readonly EmojiEntry[] }>> = {
  en: () => import('virtual:emoji/en'),
  de: () => import('virtual:emoji/de'),
};

const loaded = new Map<string, readonly EmojiEntry[]>();

/** Undefined until it is here; it stays undefined where it cannot be had. */
export function useEmojiList(language: string, isWanted: boolean): readonly EmojiEntry[] | undefined {
  const [list, setList] = useState(() => loaded.get(language));
  useEffect(() => {
    let isGone = false;
    if (!isWanted) return undefined;
    const load = lists[language] ?? lists['en'];
    void load?.().then(
      ({ emojiList }) => {
        loaded.set(language, emojiList);
        if (!isGone) setList(emojiList);
      },
      // The page of the app is older than the node: it says so elsewhere, and asks to be loaded anew.
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, [language, isWanted]);
  return list;
}

const storageKey = 'kith-emoji';

interface EmojiHabits {
  recent: string[];
  tone: SkinTone;
}

/** In this browser: what somebody reacts with is no secret worth a call to the node, and nothing breaks without it. */
function readHabits(): EmojiHabits {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '{}');
    if (typeof read !== 'object' || read === null) return { recent: [], tone: 0 };
    const recent = 'recent' in read && Array.isArray(read.recent) ? read.recent : [];
    const tone = 'tone' in read ? ([0, 1, 2, 3, 4, 5] as const).find((one) => one === read.tone) : 0;
    const isSign = (sign: unknown): sign is string => typeof sign === 'string' && sign.length < 40;
    return { recent: recent.filter(isSign), tone: tone ?? 0 };
  } catch {
    return { recent: [], tone: 0 };
  }
}

export const useEmojiHabits = create<EmojiHabits>(readHabits);

useEmojiHabits.subscribe((habits) => {
  try {
    localStorage.setItem(storageKey, JSON.stringify(habits));
  } catch {
    // A full or forbidden storage forgets what was used lately.
  }
});

export function usedEmoji(sign: string): void {
  useEmojiHabits.setState(({ recent }) => ({ recent: withRecent(recent, sign) }));
}

/** Six to offer at once: those used lately, filled up with what most people want. */
export function offeredReactions(recent: readonly string[]): string[] {
  return [...new Set([...recent.slice(0, quickReactions.length), ...quickReactions])].slice(
    0,
    quickReactions.length,
  );
}
