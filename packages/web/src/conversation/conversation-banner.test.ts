import { expect, test } from 'vitest';
import type { Conversation } from '@kith/api/conversation-shapes';
import type { Contact } from '@kith/api/shapes';
import { bannerOf, canWriteWith } from './conversation-banner.tsx';
import { resetToShow } from './reset-note.tsx';

function conversation(over: Partial<Contact> | null): Conversation {
  const contact: Contact | null =
    over === null
      ? null
      : {
          id: 'ana',
          name: 'Ana',
          claimedName: 'Ana',
          hue: null,
          state: 'connected',
          verified: false,
          keyChanged: false,
          reachable: false,
          lastSeen: null,
          greeting: '',
          conversation: 'c',
          ...over,
        };
  return {
    id: 'c',
    contact,
    name: 'Ana',
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

test('a session that was set up anew is said of contacts, unless their key changed as well', () => {
  const at = '2026-01-01T00:00:00.000Z';
  const shown = (over: Partial<Contact> | null): string | null => {
    const one = { ...conversation(over), sessionResetAt: at };
    return resetToShow(one, bannerOf(one, 'alone'));
  };
  expect(shown({})).toBe(at);
  expect([{ keyChanged: true }, { state: 'blocked' as const }, null].map(shown)).toEqual([null, null, null]);
  expect(resetToShow(conversation({}), null)).toBeNull();
});

test.each([
  [null, 'connected', 'removed', false],
  [{ state: 'blocked', keyChanged: true }, 'connected', 'blocked', false],
  [{ keyChanged: true }, 'connected', 'key-changed', false],
  [{ state: 'incoming' }, 'connected', 'incoming', false],
  [{ state: 'requested' }, 'alone', 'requested', true],
  [{}, 'alone', 'cut-off', true],
  [{}, 'probably-cut-off', 'cut-off', true],
  [{ reachable: true }, 'probably-cut-off', null, true],
  [{}, 'connected', null, true],
  [{}, null, null, true],
] as const)('%o while %s', (contact, outlook, banner, canWrite) => {
  expect(bannerOf(conversation(contact), outlook)).toBe(banner);
  expect(canWriteWith(bannerOf(conversation(contact), outlook))).toBe(canWrite);
});
