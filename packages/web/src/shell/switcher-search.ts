/** What the switcher offers for what was typed. Pure. */

export interface Choice {
  /** Unique among all choices. */
  id: string;
  name: string;
  /** More words by which it is found, not shown. */
  also?: string;
}

/** A guess: more than a screen of them is no choice any more. */
export const choicesMax = 50;

/** Letters alone: without case, accents and marks, so that "gul" finds "Gül". */
export function folded(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLocaleLowerCase().replaceAll('ß', 'ss').trim();
}

/**
 * Those that hold every word typed, at the beginning of one of theirs first, then anywhere; in each the order that they had.
 *
 * @param typed - Empty: all of them.
 */
export function choose<C extends Choice>(choices: readonly C[], typed: string): C[] {
  const words = folded(typed).split(/\s+/).filter(Boolean);
  if (words.length === 0) return choices.slice(0, choicesMax);
  const scored = choices.flatMap((choice, index) => {
    const name = folded(choice.name);
    const all = `${name} ${folded(choice.also ?? '')}`;
    if (!words.every((word) => all.includes(word))) return [];
    const begins = (text: string): boolean =>
      words.every((word) => text.split(/[\s\-_.]+/).some((part) => part.startsWith(word)));
    const score = begins(name) ? 0 : begins(all) ? 1 : 2;
    return [{ choice, score, index }];
  });
  return scored
    .toSorted((a, b) => a.score - b.score || a.index - b.index)
    .slice(0, choicesMax)
    .map(({ choice }) => choice);
}
