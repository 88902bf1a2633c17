/** Keys that work everywhere in the app. One table, for the hands and for the map of keys (keyboard-map.tsx). */
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { Conversation } from '@kith/api/conversation-shapes';
import type { Settings } from '@kith/api/settings-shapes';
import { keys, queryClient } from '../data/query-client.ts';
import { queries } from '../data/queries.ts';
import type { TextId } from '../i18n/texts.ts';
import { lockNow } from '../lock/lock-state.ts';
import { openOverlay } from './overlays.ts';

/** What the map of keys shows, group by group. */
export const keyGroups: readonly { title: TextId; keys: readonly { keys: string; words: TextId }[] }[] = [
  {
    title: 'keys.everywhere',
    keys: [
      { keys: 'Mod+K', words: 'keys.switcher' },
      { keys: 'Alt+ArrowUp', words: 'keys.previous' },
      { keys: 'Alt+ArrowDown', words: 'keys.next' },
      { keys: 'Mod+,', words: 'keys.settings' },
      { keys: 'Mod+Shift+L', words: 'keys.lock' },
      { keys: 'Escape', words: 'keys.escape' },
      { keys: '?', words: 'keys.map' },
    ],
  },
  {
    title: 'keys.writing',
    keys: [
      { keys: 'ArrowUp', words: 'keys.editLast' },
      { keys: 'PageUp', words: 'keys.toMessages' },
      { keys: 'Mod+B', words: 'format.bold' },
      { keys: 'Mod+I', words: 'format.italic' },
      { keys: 'Mod+F', words: 'list.filter.search' },
    ],
  },
  {
    title: 'keys.message',
    keys: [
      { keys: 'R', words: 'talk.reply' },
      { keys: 'E', words: 'talk.edit' },
      { keys: '+', words: 'talk.react' },
      { keys: 'Mod+C', words: 'talk.copy' },
      { keys: 'Enter', words: 'talk.details' },
      { keys: 'Delete', words: 'talk.delete' },
    ],
  },
];

/** Whether what is typed there is text: single keys then belong to it. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Without a PIN nothing could be unlocked. */
function hasPin(): boolean {
  return queryClient.getQueryData<Settings>(keys.settings)?.hasPin ?? false;
}

/** @returns the conversation before (-1) or after (1) the open one, around the ends; undefined without any. */
export function neighbourOf(
  conversations: readonly Pick<Conversation, 'id'>[],
  open: string | undefined,
  step: -1 | 1,
): string | undefined {
  const index = conversations.findIndex(({ id }) => id === open);
  if (index < 0) return conversations.at(step === 1 ? 0 : -1)?.id;
  return conversations[(index + step + conversations.length) % conversations.length]?.id;
}

export function useShortcuts(): void {
  const navigate = useNavigate();
  const pathname = useRouterState({ select: ({ location }) => location.pathname });
  useEffect(() => {
    function press(event: KeyboardEvent): void {
      if (event.defaultPrevented || event.isComposing) return;
      const isMod = event.ctrlKey || event.metaKey;
      const act = actOf(event, isMod);
      if (act === undefined) return;
      event.preventDefault();
      act();
    }

    function actOf(event: KeyboardEvent, isMod: boolean): (() => void) | undefined {
      const key = event.key.toLowerCase();
      if (isMod && key === 'k' && !event.shiftKey) return () => openOverlay('switcher');
      if (isMod && key === ',') return () => void navigate({ to: '/settings' });
      if (isMod && event.shiftKey && key === 'l' && hasPin()) return lockNow;
      if (event.altKey && !isMod && key === 'arrowup') return () => go(-1);
      if (event.altKey && !isMod && key === 'arrowdown') return () => go(1);
      if (key === '?' && !isMod && !isTyping(event.target)) return () => openOverlay('keyboard');
      return undefined;
    }

    function go(step: -1 | 1): void {
      const list = queryClient.getQueryData<Conversation[]>(queries.conversations.queryKey) ?? [];
      const open = /^\/c\/([^/]+)/.exec(pathname)?.[1];
      const conversation = neighbourOf(list, open, step);
      if (conversation !== undefined) void navigate({ to: '/c/$conversation', params: { conversation } });
    }

    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [navigate, pathname]);
}
