/** Tells the system about new messages, from one window alone, where the person allowed it. */
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { Conversation } from '@kith/api/conversation-shapes';
import type { ApiEvent, Message } from '@kith/api/shapes';
import { onEvents } from '../data/event-feed.ts';
import { keys, queryClient } from '../data/query-client.ts';
import { useSettings } from '../data/settings.ts';
import { translate } from '../i18n/texts.ts';
import { announce } from '../design/live-region.tsx';
import { notificationOf } from './notification-words.ts';
import { chime } from './chime.ts';
import { Looks } from './looks.ts';

/** An event older than this was missed while the page was away: the unread count tells it. */
const freshMs = 60_000;

const looks = new Looks(navigator.locks);

export function useNotifications(isLocked: boolean): void {
  const navigate = useNavigate();
  const settings = useSettings();
  const pathname = useRouterState({ select: ({ location }) => location.pathname });
  const now = useRef({ settings, isLocked });
  useEffect(() => {
    now.current = { settings, isLocked };
  });
  useLooks(isLocked ? null : conversationAt(pathname));

  useEffect(() => {
    const duty = new AbortController();
    let isOnDuty = false;
    // The first window holds the lock for as long as it lives; the next one takes over.
    const held = navigator.locks.request('kith-notifications', { signal: duty.signal }, async () => {
      isOnDuty = true;
      await new Promise((resolve) => duty.signal.addEventListener('abort', resolve));
    });
    held.catch(() => undefined);

    async function tell(message: Message): Promise<void> {
      const isLookedAt = await looks.isLookedAt(message.conversation);
      const { settings: chosen, isLocked: locked } = now.current;
      const list = queryClient.getQueryData<Conversation[]>(keys.conversations);
      const conversation = list?.find(({ id }) => id === message.conversation);
      const circumstances = { settings: chosen, isLocked: locked, isLookedAt, nowMs: Date.now() };
      const shown = notificationOf(message, conversation, circumstances, translate);
      if (shown === undefined) return;
      if (chosen.notificationSound) chime();
      if (document.hasFocus() && !locked)
        announce(translate('notify.from', { name: conversation?.name ?? '' }));
      if (!('Notification' in window) || Notification.permission !== 'granted') return;
      // One a conversation: the newest takes the place of those before.
      const note = new Notification(shown.title, {
        body: shown.body,
        tag: message.conversation,
        silent: true,
      });
      note.addEventListener('click', () => {
        window.focus();
        void navigate({ to: '/c/$conversation', params: { conversation: message.conversation } });
        note.close();
      });
    }

    const end = onEvents((events) => {
      if (isOnDuty) for (const message of latestOf(events)) void tell(message);
    });
    return () => {
      end();
      duty.abort();
    };
  }, [navigate]);
}

/** @param shown - The conversation that this window shows. */
function useLooks(shown: string | null): void {
  useEffect(() => {
    const look = (): void => looks.set(document.hasFocus() ? shown : null);
    look();
    addEventListener('focus', look);
    addEventListener('blur', look);
    return () => {
      removeEventListener('focus', look);
      removeEventListener('blur', look);
      looks.set(null);
    };
  }, [shown]);
}

function conversationAt(pathname: string): string | null {
  return /^\/c\/([^/]+)$/.exec(pathname)?.[1] ?? null;
}

/** Of a burst, the newest incoming message of each conversation. */
function latestOf(events: readonly ApiEvent[]): Message[] {
  const latest = new Map<string, Message>();
  for (const event of events) {
    if (event.event !== 'message' || event.data.direction !== 'in') continue;
    if (Date.now() - Date.parse(event.at) <= freshMs) latest.set(event.data.conversation, event.data);
  }
  return [...latest.values()];
}
