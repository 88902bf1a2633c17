/**
 * Rules for the texts people write. They hold where a text is written and again where it arrives: what a
 * peer sends is judged by the same function.
 */

/** Characters of a name, counted in code points. */
export const nameLengthMax = 64;

// C0 and C1 controls but tab, line feed and carriage return; lone surrogates; non-characters.
// oxlint-disable-next-line no-control-regex -- naming control characters is what this is for.
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/u;
const surrogates = /\p{Surrogate}/u;
// Everything that changes direction, hides, or breaks a line has no place in a name.
const hidden =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]/u;

/** What is wrong with the text of a message, or undefined. Length in bytes is the caller's to check. */
export function textProblem(text: string): 'empty' | 'control' | undefined {
  if (text.length === 0) return 'empty';
  return controls.test(text) || surrogates.test(text) ? 'control' : undefined;
}

/** A name as it is kept (trimmed, NFC), or undefined where it is none: see `bad-name` in errors.ts. */
export function cleanName(text: string): string | undefined {
  if (text.length > nameLengthMax * 4) return undefined;
  const name = text.normalize('NFC').trim().replaceAll(/\s+/gu, ' ');
  if (name === '' || [...name].length > nameLengthMax || hidden.test(name)) return undefined;
  // Marks stacked without end climb over the lines above (zalgo).
  return /\p{M}{4}/u.test(name) ? undefined : name;
}

/** A name for what a stranger calls itself: hidden characters dropped, cut, or `fallback` when nothing is left. */
export function claimedName(text: string, fallback: string): string {
  const visible = text
    .normalize('NFC')
    .replaceAll(new RegExp(hidden, 'gu'), '')
    .replaceAll(/(\p{M}{3})\p{M}+/gu, '$1');
  return cleanName([...visible.trim()].slice(0, nameLengthMax).join('')) ?? fallback;
}
