import { expect, test } from 'vitest';
import type { Conversation } from '@kith/api/conversation-shapes';
import { filterConversations, isMutedAt } from './conversation-filter.ts';

function named(name: string): Conversation {
  return {
    id: name,
    contact: null,
    name,
    last: null,
    unread: 0,
    firstUnread: null,
    draft: null,
    mutedUntil: null,
    pinned: false,
    sessionResetAt: null,
    activeAt: '2025-01-01T00:00:00.000Z',
  };
}

test('words begin words, whatever their case and accents', () => {
  const list = ['Ana Müller', 'Jean-Luc', 'Marianne', 'Бен'].map(named);
  const names = (query: string): string[] => filterConversations(list, query).map(({ name }) => name);
  expect(names('mull')).toEqual(['Ana Müller']);
  expect(names('an')).toEqual(['Ana Müller']);
  expect(names('mu an')).toEqual(['Ana Müller']);
  expect(names('luc')).toEqual(['Jean-Luc']);
  expect(names('бе')).toEqual(['Бен']);
  expect(names('  ')).toHaveLength(4);
});

test('a mute ends', () => {
  expect(isMutedAt(null, 0)).toBe(false);
  expect(isMutedAt('1970-01-01T00:00:01.000Z', 999)).toBe(true);
  expect(isMutedAt('1970-01-01T00:00:01.000Z', 1_000)).toBe(false);
});
