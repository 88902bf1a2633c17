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

/** An event older than this was missed while the page was away: the unread count tells it. */
const freshMs = 60_000;

export function useNotifications(isLocked: boolean): void {
  const navigate = useNavigate();
  const settings = useSettings();
  const pathname = useRouterState({ select: ({ location }) => location.pathname });
  const now = useRef({ settings, isLocked, pathname });
  useEffect(() => {
    now.current = { settings, isLocked, pathname };
  });

  useEffect(() => {
    const duty = new AbortController();
    let isOnDuty = false;
    // The first window holds the lock for as long as it lives; the next one takes over.
    const held = navigator.locks.request('kith-notifications', { signal: duty.signal }, async () => {
      isOnDuty = true;
      await new Promise((resolve) => duty.signal.addEventListener('abort', resolve));
    });
    held.catch(() => undefined);

    function tell(message: Message): void {
      const { settings: chosen, isLocked: locked, pathname: path } = now.current;
      const isLookedAt = document.hasFocus() && path === `/c/${message.conversation}`;
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
      if (isOnDuty) for (const message of latestOf(events)) tell(message);
    });
    return () => {
      end();
      duty.abort();
    };
  }, [navigate]);
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
