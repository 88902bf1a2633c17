/** Finds a card in what somebody pasted: people copy the words around it too, and mail programs break lines. Pure. */

/** `packages/api`'s schemas take no longer one. */
export const pastedMax = 65_536;

/** Where mail programs break lines. A guess: RFC 5322 says 78, some do so earlier, few later. */
const wrapMin = 60;
const wrapMax = 100;

export type Pasted =
  | { kind: 'card'; card: string }
  | { kind: 'nothing' }
  | { kind: 'no-card' }
  | { kind: 'cut' };

/**
 * @returns the card without what surrounds it; `no-card` where there is none; `cut` where only its beginning is there.
 *   Whether it is whole and right, the node says.
 */
export function cardIn(pasted: string): Pasted {
  const text = pasted.trim();
  if (text === '') return { kind: 'nothing' };
  if (text.length > pastedMax) return { kind: 'no-card' };
  const start = text.search(/mesh:\/\/add\?/i);
  if (start < 0) return { kind: /^mesh:\/{0,2}a?d?d?\??$/i.test(text) ? 'cut' : 'no-card' };
  // A line break inside is the mail program's: a card has no spaces. Whatever follows an empty line is not the card's.
  const [block = ''] = text.slice(start).split(/\n\s*\n/);
  const lines = block.split(/\s*\n\s*/);
  const [first = '', ...rest] = lines.map((line) => line.split(/[\s<>"'`]/)[0] ?? '');
  let card = first;
  // A following line is part of it when the one before is as long as mail programs make lines.
  for (const [index, line] of rest.entries()) {
    const before = lines[index]?.trim().length ?? 0;
    const isWhole = /^[\w%=&.~-]+$/.test(line) && line === lines[index + 1]?.trim();
    if (!isWhole || before < wrapMin || before > wrapMax) break;
    card += line;
  }
  card = card.replace(/[),.;:!?]+$/, '');
  return /^mesh:\/\/add\?p=.{8,}/i.test(card) ? { kind: 'card', card } : { kind: 'cut' };
}
