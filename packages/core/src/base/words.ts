/**
 * The words of a text, for searching: the same cut for what is stored and for what is asked.
 *
 * A word is a run of letters and digits, without case and accents. Scripts written without spaces have no
 * runs that a person would call words; there each character stands alone.
 */

/** Longer words are cut here, on both sides of the comparison. */
export const wordLengthMax = 64;

const spaceless = String.raw`\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}`;
const wordPattern = new RegExp(String.raw`[${spaceless}]|[[\p{L}\p{N}]--[${spaceless}]]+`, 'gv');

// Most text of many people; the general pattern costs several times as much.
const asciiPattern = /[0-9a-z]+/g;
const isAscii = /^[\0-\x7f]*$/;

/** Without case and accents. */
export function foldText(text: string): string {
  if (isAscii.test(text)) return text.toLowerCase();
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/** In order, with repetitions. Each is letters and digits only. */
export function wordsOf(text: string): string[] {
  const folded = foldText(text);
  const words = folded.match(isAscii.test(folded) ? asciiPattern : wordPattern);
  return (words ?? []).map((word) => word.slice(0, wordLengthMax));
}

const linkPattern = /(?:https?|mesh):\/\/./is;

/** Whether a text holds a link. Kept beside each message, so that a change of this needs a migration. */
export function holdsLink(text: string): boolean {
  return linkPattern.test(text);
}
