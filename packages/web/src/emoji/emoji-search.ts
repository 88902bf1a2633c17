/** Finding an emoji by its name, and those that a person uses. Pure; the list itself is made at build time (build/emoji-lists.ts). */

/**
 * One emoji: sign, name, more words to find it by (shortcodes between colons), group, and the signs of its five skin tones, where it
 * has them.
 */
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
  '❤️ 😂 👍 🙏 😊 😍 🔥 🎉 😭 🥰 😅 👏 🤔 🥳 👋 😘 💪 🙈 😁 ✅ 👀 😉 🤷 💯 ☀️ 🌹 🎂 🍕 ☕️ 🚀'
    .split(' ')
    .map(bare),
);

export function withTone(entry: EmojiEntry, tone: SkinTone): string {
  return (tone === 0 ? undefined : entry[4]?.[tone - 1]) ?? entry[0];
}

/** The group of emojibase. */
const flags = 9;

/** Where an entry stands among those found: a smaller `place` first, then fewer `steps`. */
interface Rank {
  place: number;
  steps: number;
}

/**
 * Every word of the query has to begin a word of the emoji. Those that are called so come first, then those whose name begins so,
 * then the others, flags last; among these whole words before beginnings, then the order of the list.
 */
export function searchEmoji(list: readonly EmojiEntry[], query: string, limit: number): EmojiEntry[] {
  const parts = wordsOf(query);
  if (parts.length === 0) return [];
  const found: { entry: EmojiEntry; rank: Rank }[] = [];
  for (const entry of list) {
    const rank = rankOf(entry, parts);
    if (rank !== null) found.push({ entry, rank });
  }
  return found
    .toSorted(({ rank: one }, { rank: other }) => one.place - other.place || one.steps - other.steps)
    .slice(0, limit)
    .map(({ entry }) => entry);
}

function rankOf(entry: EmojiEntry, parts: readonly string[]): Rank | null {
  const { name, words } = foldedOf(entry);
  // Half a step: it decides among equals alone.
  let steps = popular.has(bare(entry[0])) ? -0.5 : 0;
  for (const part of parts) {
    if (name.includes(` ${part} `) || words.includes(` ${part} `)) steps += 0;
    else if (name.includes(` ${part}`)) steps += 1;
    else if (words.includes(` ${part}`)) steps += 2;
    else return null;
  }
  return { place: placeOf(entry, parts), steps };
}

function placeOf(entry: EmojiEntry, parts: readonly string[]): number {
  const isFlag = entry[3] === flags;
  const name = foldedOf(entry).own;
  const code = `:${parts.join('_')}`;
  // The two letters of a country are the beginning of too many words.
  const codes = isFlag ? '' : entry[2];
  if (name === parts.join(' ') || codes.includes(`${code}:`)) return 0;
  if (name.startsWith(parts[0] ?? '') || codes.includes(code)) return 1;
  return isFlag ? 3 : 2;
}

/** The emoji that is called just so: by its name or a shortcode, else by words that stand for it. */
export function namedEmoji(list: readonly EmojiEntry[], name: string): EmojiEntry | undefined {
  const words = wordsOf(name).join(' ');
  const code = `:${name.toLowerCase()}:`;
  const called = list.find((entry) => foldedOf(entry).own === words || entry[2].includes(code));
  if (called !== undefined) return called;
  const meant = list.filter((entry) => foldedOf(entry).words.includes(` ${words} `));
  return searchEmoji(meant, name, 1)[0];
}

/** As the words of a query are, between spaces. */
interface Folded {
  name: string;
  words: string;
  /** Without the kind that is told before it: a country, of a flag. Between no spaces. */
  own: string;
}

/** Made once: the whole list is looked through with every letter. */
const folded = new WeakMap<EmojiEntry, Folded>();

function foldedOf(entry: EmojiEntry): Folded {
  const known = folded.get(entry);
  if (known !== undefined) return known;
  const own = fold(entry[1].replace(/^[^:]+: /, ''));
  const made = { name: ` ${fold(entry[1])} `, words: ` ${fold(entry[2])} `, own };
  folded.set(entry, made);
  return made;
}

/** Without the sign that asks for the picture: some have it in one list and not in another. */
function bare(sign: string): string {
  return sign.replaceAll('\ufe0f', '');
}

function wordsOf(query: string): string[] {
  return fold(query)
    .split(/\s+/)
    .filter((part) => part !== '');
}

/** A hyphen that begins a word is a sign: `-1`. */
function fold(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[_–:’'“”„,.()]/g, ' ')
    .replace(/(\S)-/g, '$1 ');
}

/** The most recent first, each once. */
export function withRecent(recent: readonly string[], sign: string): string[] {
  return [sign, ...recent.filter((one) => one !== sign)].slice(0, recentEmojiMax);
}

export interface EmojiWord {
  /** Where its `:` stands. */
  start: number;
  word: string;
}

/** Signs and single letters after a `:` are faces of their own, like `:-D` and `:P`. */
const emojiName = String.raw`[+-]1|[\p{L}\p{N}][\p{L}\p{N}_+-]{1,29}`;
const openWord = new RegExp(String.raw`(?:^|[\s(])(:(${emojiName}))$`, 'u');
const closedWord = new RegExp(String.raw`(?:^|[\s(])(:(${emojiName}):)$`, 'u');

/** The word after a `:` that the cursor stands in, where it may become an emoji. */
export function emojiWordAt(text: string, cursor: number): EmojiWord | null {
  return wordBefore(openWord, text, cursor);
}

/** The word between two `:`, the second just before the cursor. In code it means something else. */
export function closedEmojiWordAt(text: string, cursor: number): EmojiWord | null {
  const found = wordBefore(closedWord, text, cursor);
  const isInCode = found !== null && text.slice(0, found.start).split('`').length % 2 === 0;
  return isInCode ? null : found;
}

function wordBefore(form: RegExp, text: string, cursor: number): EmojiWord | null {
  const match = form.exec(text.slice(Math.max(0, cursor - 40), cursor));
  if (match === null) return null;
  const [, typed = '', word = ''] = match;
  return { start: cursor - typed.length, word };
}
