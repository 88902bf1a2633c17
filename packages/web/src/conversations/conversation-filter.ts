/** Which conversations the filter of the list shows. Pure. */
import type { Conversation } from '@kith/api/conversation-shapes';

/** Every word has to begin a word of the name, or of what they call themselves. Accents do not matter. */
export function filterConversations(list: readonly Conversation[], query: string): readonly Conversation[] {
  const parts = fold(query)
    .split(/\s+/)
    .filter((part) => part !== '');
  if (parts.length === 0) return list;
  return list.filter(({ name, contact }) => {
    const words = ` ${fold(name)} ${fold(contact?.claimedName ?? '')}`;
    return parts.every((part) => words.includes(` ${part}`));
  });
}

/** Whether nothing is to be told of it now. */
export function isMutedAt(mutedUntil: string | null, nowMs: number = Date.now()): boolean {
  return mutedUntil !== null && Date.parse(mutedUntil) > nowMs;
}

function fold(text: string): string {
  return text
    .toLocaleLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[-_.,'’]/g, ' ');
}
