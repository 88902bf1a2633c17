/**
 * What messages show of those they answer. The node looks it up when a message is read; afterwards it is kept up from the events
 * about the message that is quoted: for a quote that changed the node has no event of its own.
 */
import { quotedLengthMax, type Quoted } from '@kith/api/conversation-shapes';
import type { Message } from '@kith/api/shapes';

/** As the node would say it now. */
export function quoteOf({ id, from, text, deleted }: Message): Quoted {
  if (deleted) return { id, from, text: '' };
  // Twice as many UTF-16 units hold as many characters, whatever they are.
  const start = Array.from(text.slice(0, quotedLengthMax * 2))
    .slice(0, quotedLengthMax)
    .join('');
  return { id, from, text: start };
}

/** Of a message that is not on this device. */
export function missingQuote(id: string): Quoted {
  return { id, from: null, text: null };
}

/**
 * @param quotes - by the id of the message that is quoted.
 * @returns the same list where no quote in it differs, and the same message where its quote does not.
 */
export function withQuotes<Quoting extends { replyTo: Quoted | null }>(
  those: readonly Quoting[],
  quotes: ReadonlyMap<string, Quoted>,
): readonly Quoting[] {
  if (quotes.size === 0) return those;
  let changed: Quoting[] | null = null;
  for (const [index, one] of those.entries()) {
    const quote = one.replyTo === null ? undefined : quotes.get(one.replyTo.id);
    if (quote === undefined || isSame(quote, one.replyTo)) continue;
    changed ??= [...those];
    changed[index] = { ...one, replyTo: quote };
  }
  return changed ?? those;
}

function isSame(one: Quoted, other: Quoted | null): boolean {
  return one.from === other?.from && one.text === other.text;
}
