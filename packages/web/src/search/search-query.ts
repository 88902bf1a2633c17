/** What is searched for, as the screen has it, and as the node is asked. Pure. */
import type { SearchInput } from '@kith/api/shapes';
import { plainText } from '../markdown/plain-text.ts';

export interface SearchWish {
  words: string;
  conversation: string | null;
  from: 'me' | 'them' | null;
  /** Days of the person's calendar, inclusive both: `2025-03-09`; empty: no bound. */
  since: string;
  until: string;
  hasLink: boolean;
}

export const noWish: SearchWish = {
  words: '',
  conversation: null,
  from: null,
  since: '',
  until: '',
  hasLink: false,
};

export const searchPageMessages = 50;

/** Null where there is nothing to look for: no word and no filter besides the conversation. */
export function searchInput(wish: SearchWish, before: number | null): SearchInput | null {
  const words = wish.words.trim().slice(0, 1_024);
  const since = startOfDay(wish.since, 0);
  const until = startOfDay(wish.until, 1);
  if (words === '' && wish.from === null && since === null && until === null && !wish.hasLink) return null;
  return {
    words,
    limit: searchPageMessages,
    ...(wish.conversation === null ? {} : { conversation: wish.conversation }),
    ...(wish.from === null ? {} : { from: wish.from }),
    ...(since === null ? {} : { since }),
    ...(until === null ? {} : { until }),
    ...(wish.hasLink ? { has: 'link' as const } : {}),
    ...(before === null ? {} : { before }),
  };
}

/** Midnight at the beginning of that day, or so many days later, in the person's time zone. */
function startOfDay(day: string, later: number): string | null {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? [];
  if (year === undefined || month === undefined || date === undefined) return null;
  const start = new Date(Number(year), Number(month) - 1, Number(date) + later);
  return Number.isNaN(start.getTime()) ? null : start.toISOString();
}

export interface Piece {
  text: string;
  isFound: boolean;
}

/** Characters shown around the first word that was found. A guess: two lines. */
const snippetLength = 180;
const snippetLead = 48;

/**
 * The part of a text where the words are, in pieces, without the signs of its markdown; spoilers stay hidden. As the node does: every
 * word by its beginning, accents aside.
 */
export function snippet(text: string, words: string): Piece[] {
  const wanted = words
    .split(/[^\p{L}\p{N}_]+/u)
    .filter((word) => word !== '')
    .map(fold);
  const line = plainText(text, text.length);
  const found = [...line.matchAll(/[\p{L}\p{M}\p{N}_]+/gu)].filter(([word]) =>
    wanted.some((beginning) => fold(word).startsWith(beginning)),
  );
  const first = found[0]?.index ?? 0;
  const start = first > snippetLead * 2 ? line.lastIndexOf(' ', first - snippetLead) + 1 : 0;
  const end = Math.min(line.length, start + snippetLength);
  const pieces: Piece[] = [];
  let at = start;
  for (const match of found) {
    if (match.index < at || match.index + match[0].length > end) continue;
    if (match.index > at) pieces.push({ text: line.slice(at, match.index), isFound: false });
    pieces.push({ text: match[0], isFound: true });
    at = match.index + match[0].length;
  }
  if (at < end) pieces.push({ text: line.slice(at, end).replace(/[\ud800-\udbff]$/, ''), isFound: false });
  if (start > 0) pieces.unshift({ text: '… ', isFound: false });
  if (end < line.length) pieces.push({ text: ' …', isFound: false });
  return pieces;
}

function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
