/** What is searched for, as the screen has it, and as the node is asked. Pure. */
import { foldLiteral, searchTerms, wordsOf, type SearchTerms } from '@kith/api/search-terms';
import type { SearchInput } from '@kith/api/shapes';
import { plainText, plainTextWithAddresses } from '../markdown/plain-text.ts';

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
 * word by its beginning, the rest as it was typed, accents aside. Addresses behind the names of links show where the words are in them alone.
 */
export function snippet(text: string, words: string): Piece[] {
  const terms = searchTerms(words);
  const plain = plainText(text, text.length);
  const line = isAllIn(terms, plain) ? plain : plainTextWithAddresses(text);
  const found = rangesOf(terms, line);
  const first = found[0]?.start ?? 0;
  const start = first > snippetLead * 2 ? line.lastIndexOf(' ', first - snippetLead) + 1 : 0;
  const end = Math.min(line.length, start + snippetLength);
  const pieces: Piece[] = [];
  let at = start;
  for (const range of found) {
    if (range.start < at || range.end > end) continue;
    if (range.start > at) pieces.push({ text: line.slice(at, range.start), isFound: false });
    pieces.push({ text: line.slice(range.start, range.end), isFound: true });
    at = range.end;
  }
  if (at < end) pieces.push({ text: line.slice(at, end).replace(/[\ud800-\udbff]$/, ''), isFound: false });
  if (start > 0) pieces.unshift({ text: '… ', isFound: false });
  if (end < line.length) pieces.push({ text: ' …', isFound: false });
  return pieces;
}

interface Range {
  start: number;
  end: number;
}

function isAllIn({ plain, literals }: SearchTerms, line: string): boolean {
  const held = wordsOf(line);
  const folded = foldLiteral(line);
  return (
    plain.every((beginning) => held.some((word) => word.startsWith(beginning))) &&
    literals.every((literal) => folded.includes(literal))
  );
}

/** Where the terms stand in a line, in its order. */
function rangesOf({ plain, literals }: SearchTerms, line: string): Range[] {
  const words = [...line.matchAll(/[\p{L}\p{M}\p{N}]+/gu)]
    .filter(([word]) => wordsOf(word).some((part) => plain.some((beginning) => part.startsWith(beginning))))
    .map(({ 0: word, index }) => ({ start: index, end: index + word.length }));
  const wholes = literals.length === 0 ? [] : literalRanges(line, literals);
  return [...words, ...wholes].toSorted((a, b) => a.start - b.start || b.end - a.end);
}

/** Of folded texts in a line, at the places that they have in the line itself. */
function literalRanges(line: string, literals: readonly string[]): Range[] {
  let folded = '';
  const places: number[] = [];
  let at = 0;
  for (const character of line) {
    const own = foldLiteral(character);
    folded += own;
    for (let n = 0; n < own.length; n++) places.push(at);
    at += character.length;
  }
  const ranges: Range[] = [];
  for (const literal of literals) {
    let from = folded.indexOf(literal);
    while (from >= 0) {
      const end = from + literal.length;
      ranges.push({ start: places[from] ?? at, end: places[end] ?? at });
      from = folded.indexOf(literal, end);
    }
  }
  return ranges;
}
