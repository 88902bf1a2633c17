/**
 * What a person types into a search, and whether a text holds it: the same for every store.
 *
 * What stands between spaces is one term, and what stands between quotation marks is one. A term of letters and digits is
 * found by the beginnings of words. Any other must also stand in the text as it was typed, case and accents aside:
 * `c++`, `10:30`, an emoji, a phrase. Punctuation around a term that is not quoted counts for nothing.
 */
import { foldText, wordsOf } from './words.ts';

/** More terms make a search no sharper. */
const termsMax = 32;

/** Messages whose texts one search compares with what must stand in them; a search by words alone compares none. */
export const literalsComparedMax = 10_000;
/** And their characters, in UTF-16 units: somebody may have written nothing but long ones. */
export const literalsComparedLengthMax = 8_388_608;

export interface SearchTerms {
  /** Beginnings of words, by which an index finds what may hold the terms. */
  readonly words: readonly string[];
  /** Of these, the terms that are words and nothing else. */
  readonly plain: readonly string[];
  /** What a text must hold as it stands, folded. */
  readonly literals: readonly string[];
}

const termPattern = /"([^"]*)"?|[^\s"]+/g;
const quotationMarks = /[“”„‟«»]/g;
const punctuationAround = /^[([{'‘’¡¿]+|[.,;:!?…)\]}'‘’]+$/g;
const wordsAlone = /^[\p{L}\p{M}\p{N}]*$/u;

export function searchTerms(asked: string): SearchTerms {
  const words = new Set<string>();
  const plain = new Set<string>();
  const literals = new Set<string>();
  const terms = asked.replace(quotationMarks, '"').matchAll(termPattern);
  for (const [whole, quoted] of [...terms].slice(0, termsMax)) {
    const term = quoted?.trim() ?? withoutPunctuation(whole);
    const own = wordsOf(term);
    for (const word of own) words.add(word);
    const literal = foldLiteral(term);
    const isLiteral = quoted === undefined ? !wordsAlone.test(literal) : literal !== own[0];
    if (!isLiteral) for (const word of own) plain.add(word);
    else if (literal !== '') literals.add(literal);
  }
  return { words: [...words].slice(0, termsMax), plain: [...plain], literals: [...literals] };
}

export function isEmptySearch({ words, literals }: SearchTerms): boolean {
  return words.length + literals.length === 0;
}

export function holdsWords({ words }: SearchTerms, text: string): boolean {
  if (words.length === 0) return true;
  const held = wordsOf(text);
  return words.every((beginning) => held.some((word) => word.startsWith(beginning)));
}

/** Of one search: compares the texts it is given with what must stand in them, so many of them. */
export class LiteralsHeld {
  #literals: readonly string[];
  #compared = 0;
  #length = 0;

  constructor({ literals }: SearchTerms) {
    this.#literals = literals;
  }

  /** So many were compared that the search ends with what it has. */
  get isSpent(): boolean {
    return this.#compared >= literalsComparedMax || this.#length >= literalsComparedLengthMax;
  }

  heldIn(text: string): boolean {
    if (this.#literals.length === 0) return true;
    if (this.isSpent) return false;
    this.#compared += 1;
    this.#length += text.length;
    const folded = foldLiteral(text);
    return this.#literals.every((literal) => folded.includes(literal));
  }
}

function withoutPunctuation(term: string): string {
  const inner = term.replace(punctuationAround, '');
  return wordsOf(inner).length === 0 ? term : inner;
}

/** Without case and accents. Lines may break anywhere, and some keyboards bend an apostrophe. */
export function foldLiteral(text: string): string {
  return foldText(text)
    .replace(/[‘’]/g, "'")
    .replace(/\s{2,}|[^\S ]/g, ' ');
}
