/** A conversation: header, messages, composer, and what stands in the way. */
import { useNavigate, useParams } from '@tanstack/react-router';
import { useCallback, useEffect, type KeyboardEvent } from 'react';
import type { Conversation } from '@kith/api/conversation-shapes';
import { conversationEntries } from '../conversations/conversation-menu.tsx';
import type { ComposerHandle } from '../composer/composer.tsx';
import { talk, useConversation, useIsTyping } from '../data/live-talk.ts';
import { Button } from '../design/button.tsx';
import { EmptyState } from '../design/empty-state.tsx';
import { useTexts } from '../i18n/texts.ts';
import { ConversationAbove } from './conversation-above.tsx';
import { ConversationContext } from './conversation-context.ts';
import { ConversationFoot } from './conversation-foot.tsx';
import { ConversationHeader } from './conversation-header.tsx';
import { ListSkeleton, MessageList } from './message-list.tsx';
import { TypingLine } from './typing-line.tsx';
import { useAnnouncements } from './use-announcements.ts';
import { nothingAbove, useOpenConversation } from './use-open-conversation.ts';

export function ConversationPage() {
  const { conversation: id = '' } = useParams({ strict: false });
  const conversation = useConversation(id);
  if (conversation === undefined) return <ListSkeleton />;
  if (conversation === null) return <Gone />;
  return <OpenConversation key={conversation.id} conversation={conversation} />;
}

function Gone() {
  const { t } = useTexts();
  const navigate = useNavigate();
  return (
    <EmptyState
      title={t('gone.title')}
      text={t('gone.text')}
      action={<Button onClick={() => void navigate({ to: '/' })}>{t('gone.back')}</Button>}
    />
  );
}

function OpenConversation({ conversation }: { conversation: Conversation }) {
  const { t } = useTexts();
  const { id, name } = conversation;
  const { composer, ...opened } = useOpenConversation(conversation);
  const { open, shown, opening, setAbove, selected, setSelected, ways } = opened;
  const isTyping = useIsTyping(id);
  useAnnouncements(opened.window.messages, name);
  useSearchKey(ways.search);
  const jumpToDay = useCallback(
    (time: string) => setAbove({ ...nothingAbove, jumping: new Date(time) }),
    [setAbove],
  );
  return (
    <ConversationContext value={opened.scope}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- what is typed goes to the composer. */}
      <section
        aria-label={name}
        className="flex h-full min-h-0 flex-col"
        onKeyDown={(event) => typeAnywhere(event, composer.current)}
      >
        <ConversationHeader
          conversation={conversation}
          entries={conversationEntries(t, conversation, {
            onVerify: ways.verify,
            onExport: () => setAbove({ ...nothingAbove, exporting: true }),
            onSearch: () => ways.search(''),
            onJumpToDate: () => jumpToDay(conversation.activeAt),
          })}
          onBack={ways.back}
          onProfile={ways.profile}
          onSearch={() => ways.search('')}
        />
        <MessageList
          window={shown}
          label={t('talk.label', { name })}
          unread={opening.unread}
          unreadCount={conversation.unread}
          jump={opening.jump}
          selected={selected}
          onAsk={(ask) => void open.ask(ask)}
          onEnd={(isAtEnd) => open.act({ type: 'end', isAtEnd })}
          onTrim={(side) => open.act({ type: 'trim', side })}
          onSeen={({ id: upTo }) => markRead(id, upTo)}
          onJumpToEnd={() => opening.go('end')}
          onJumpToDay={jumpToDay}
          onLeave={() => (selected === null ? composer.current?.focus() : setSelected(null))}
        />
        <TypingLine name={name} isTyping={isTyping} />
        <ConversationFoot conversation={conversation} opened={opened} composer={composer} />
        <ConversationAbove conversation={conversation} opened={opened} />
      </section>
    </ConversationContext>
  );
}

function markRead(conversation: string, upTo: string): void {
  talk.api.conversations.markRead.mutate({ conversation, upTo }).then(
    (read) => talk.takeConversation(read),
    // Nothing is lost: it is seen again, and told again.
    () => undefined,
  );
}

/** The browser's own search sees only what is drawn. */
function useSearchKey(onSearch: (words: string) => void): void {
  useEffect(() => {
    function press(event: globalThis.KeyboardEvent): void {
      const isMod = event.ctrlKey || event.metaKey;
      if (
        event.defaultPrevented ||
        !isMod ||
        event.shiftKey ||
        event.altKey ||
        event.key.toLowerCase() !== 'f'
      )
        return;
      event.preventDefault();
      onSearch('');
    }
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [onSearch]);
}

/** Letters go to the composer wherever the focus is, unless they mean something there. */
function typeAnywhere(event: KeyboardEvent<HTMLElement>, composer: ComposerHandle | null): void {
  if (event.defaultPrevented || !(event.target instanceof HTMLElement)) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return;
  const isMeant =
    event.target.closest('input, textarea, button, a, [data-row], [role="menu"], [role="dialog"]') !== null;
  if (!isMeant && event.key !== ' ' && event.key !== '?') composer?.focus();
}
