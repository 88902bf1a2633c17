/** Finding an emoji by its name, and those that a person uses. Pure; the list itself is made at build time (build/emoji-lists.ts). */

/** One emoji: sign, name, more words to find it by, group, and the signs of its five skin tones, where it has them. */
export type EmojiEntry = readonly [
  sign: string,
  name: string,
  words: string,
  group: number,
  tones?: readonly string[] | undefined,
];

export interface FoundEmoji {
  sign: string;
  name: string;
}

/** No tone, or one of five, light to dark. */
export type SkinTone = 0 | 1 | 2 | 3 | 4 | 5;

/** Offered before the person has favourites. */
export const quickReactions: readonly string[] = ['👍', '❤️', '😂', '😮', '😢', '🙏'];
export const recentEmojiMax = 24;
/** Found before others that fit as well. A guess: what people write most. */
const popular: ReadonlySet<string> = new Set(
  '❤️ 😂 👍 🙏 😊 😍 🔥 🎉 😭 🥰 😅 👏 🤔 🥳 👋 😘 💪 🙈 😁 ✅ 👀 😉 🤷 💯 ☀️ 🌹 🎂 🍕 ☕️ 🚀'.split(' '),
);

export function withTone(entry: EmojiEntry, tone: SkinTone): string {
  return (tone === 0 ? undefined : entry[4]?.[tone - 1]) ?? entry[0];
}

/**
 * Every word of the query has to begin a word of the emoji. Names before other words, whole words before beginnings, then the order of
 * the list.
 */
export function searchEmoji(list: readonly EmojiEntry[], query: string, limit: number): EmojiEntry[] {
  const parts = fold(query)
    .split(/[\s_]+/)
    .filter((part) => part !== '');
  if (parts.length === 0) return [];
  const found: { entry: EmojiEntry; rank: number }[] = [];
  for (const entry of list) {
    const rank = rankOf(entry, parts);
    if (rank !== null) found.push({ entry, rank });
  }
  return found
    .toSorted((one, other) => one.rank - other.rank)
    .slice(0, limit)
    .map(({ entry }) => entry);
}

function rankOf(entry: EmojiEntry, parts: readonly string[]): number | null {
  const name = ` ${fold(entry[1])}`;
  const words = ` ${fold(entry[2])}`;
  let rank = 0;
  for (const part of parts) {
    if (`${name} ` === ` ${part} `) rank += 0;
    else if (`${words} `.includes(` ${part} `)) rank += 1;
    else if (name.includes(` ${part}`)) rank += 2;
    else if (words.includes(` ${part}`)) rank += 3;
    else return null;
  }
  // Half a step: it decides among equals alone.
  return popular.has(entry[0]) ? rank - 0.5 : rank;
}

function fold(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[-–:’'“”„,.()]/g, ' ');
}

/** The most recent first, each once. */
export function withRecent(recent: readonly string[], sign: string): string[] {
  return [sign, ...recent.filter((one) => one !== sign)].slice(0, recentEmojiMax);
}

/** The word after a `:` that the cursor stands in, where it may become an emoji. */
export function emojiWordAt(text: string, cursor: number): { start: number; word: string } | null {
  const match = /(?:^|[\s(])(:([\p{L}\p{N}_+-]{2,30}))$/u.exec(text.slice(Math.max(0, cursor - 40), cursor));
  if (match === null) return null;
  const [, typed = '', word = ''] = match;
  return { start: cursor - typed.length, word };
}
