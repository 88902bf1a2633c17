/**
 * The messages of an open conversation, kept up by its window. Alone in drawing anew with every message: header and composer rest,
 * so that a flood never reaches the keys of somebody who types.
 */
import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { ErrorCode } from '@kith/api/errors';
import { isHidden, useHidden } from '../data/hidden.ts';
import { talk } from '../data/live-talk.ts';
import type { MessageWindow } from '../data/messages/message-window.ts';
import type { OpenWindow } from '../data/messages/open-windows.ts';
import { Button } from '../design/button.tsx';
import { EmptyState } from '../design/empty-state.tsx';
import { useTexts } from '../i18n/texts.ts';
import { codeWords } from '../i18n/wording.ts';
import { useConversationScope } from './conversation-context.ts';
import { MessageList } from './message-list.tsx';
import type { Selection } from './selection.ts';
import { useAnnouncements } from './use-announcements.ts';
import { useUnreadWhileAway, type Opening } from './use-opening.ts';

export interface ConversationMessagesProps {
  open: OpenWindow;
  opening: Opening;
  unreadCount: number;
  selected: Selection | null;
  onJumpToDay: (time: string) => void;
  onLeave: () => void;
}

export function ConversationMessages(props: ConversationMessagesProps) {
  const { open, opening, unreadCount, selected, onJumpToDay, onLeave } = props;
  const { t } = useTexts();
  const { name, fresh } = useConversationScope();
  const window = useStore(open.store);
  // Before the rows are drawn, which ask whether they are new.
  fresh.see(window);
  useAnnouncements(window, name);
  useUnreadWhileAway(window, opening.setUnread);
  const shown = useShown(open.conversation, window);
  const { isEmpty, asked, failed } = window;
  const [retried, setRetried] = useState<ErrorCode | null>(null);
  const hasFailed = opening.hasBegun && asked === null && failed !== null;
  // While the node is away, that stands above the page; it is asked again when it is back.
  const notLoaded = hasFailed && failed !== 'no-node' ? failed : retried;
  if (isEmpty && notLoaded !== null) {
    return (
      <NotLoaded
        code={notLoaded}
        isRetried={retried !== null}
        onRetry={() => {
          setRetried(notLoaded);
          void open.retry().then(() => {
            setRetried(null);
            // The button that had the focus goes.
            if (!open.store.getState().isEmpty) onLeave();
          });
        }}
      />
    );
  }
  return (
    <MessageList
      window={shown}
      label={t('talk.label', { name })}
      unread={opening.unread}
      unreadCount={unreadCount}
      jump={opening.jump}
      selected={selected}
      onAsk={(ask) => void open.ask(ask)}
      onEnd={(isAtEnd) => open.act({ type: 'end', isAtEnd })}
      onTrim={(side) => open.act({ type: 'trim', side })}
      onSeen={({ id: upTo }) => markRead(open.conversation, upTo)}
      onLeavePlace={(place) => talk.places.leave(open.conversation, place)}
      onJumpToEnd={() => opening.go('end')}
      onJumpToDay={onJumpToDay}
      onLeave={onLeave}
    />
  );
}

interface NotLoadedProps {
  code: ErrorCode;
  /** They are asked for again at the moment. */
  isRetried: boolean;
  onRetry: () => void;
}

function NotLoaded({ code, isRetried, onRetry }: NotLoadedProps) {
  const { t } = useTexts();
  return (
    <div role="alert" className="min-h-0 flex-1 overflow-y-auto">
      <EmptyState
        title={t('talk.failed')}
        text={codeWords(code)}
        action={
          <Button busy={isRetried && t('talk.loading')} onClick={onRetry}>
            {t('action.retry')}
          </Button>
        }
      />
    </div>
  );
}

/** Without what is being deleted and can still be taken back. */
function useShown(conversation: string, window: MessageWindow): MessageWindow {
  const hidden = useHidden();
  return useMemo(() => {
    const shown = window.messages.filter((message) => !isHidden(message, hidden));
    if (shown.length === window.messages.length) return window;
    // Nothing is gone yet: there is nothing to be asked for in the place of what is hidden.
    if (shown.length === 0) return { ...window, messages: [], hasOlder: false, hasNewer: false };
    return {
      ...window,
      messages: shown,
      hasOlder: window.hasOlder && !hidden.conversations.has(conversation),
    };
  }, [window, hidden, conversation]);
}

async function markRead(conversation: string, upTo: string): Promise<boolean> {
  try {
    talk.takeConversation(await talk.api.conversations.markRead.mutate({ conversation, upTo }));
    return true;
  } catch {
    return false;
  }
}
