/** How much waits to be read: muted conversations are not counted, they do not call. */
import { useQuery } from '@tanstack/react-query';
import type { Conversation } from '@kith/api/conversation-shapes';
import { queries } from '../data/queries.ts';

export function useUnread(): number {
  return useQuery({ ...queries.conversations, select: unreadIn }).data ?? 0;
}

export function unreadIn(conversations: readonly Conversation[], nowMs: number = Date.now()): number {
  return conversations
    .filter(({ mutedUntil }) => mutedUntil === null || Date.parse(mutedUntil) <= nowMs)
    .reduce((sum, { unread }) => sum + unread, 0);
}
