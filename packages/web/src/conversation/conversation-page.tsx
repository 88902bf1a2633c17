/** A conversation: header, messages, composer, and what stands in the way. */
import { useNavigate, useParams } from '@tanstack/react-router';
import { useCallback, useEffect, useState, type KeyboardEvent } from 'react';
import type { Conversation } from '@kith/api/conversation-shapes';
import type { ComposerHandle } from '../composer/composer.tsx';
import { useConversation, useIsTyping } from '../data/live-talk.ts';
import { Button } from '../design/button.tsx';
import { EmptyState } from '../design/empty-state.tsx';
import { isLedByKeys } from '../design/focus-trail.ts';
import { useTexts } from '../i18n/texts.ts';
import { useNoTypeAhead } from '../shell/type-ahead.ts';
import { ConversationAbove } from './conversation-above.tsx';
import { ConversationContext } from './conversation-context.ts';
import { ConversationFoot } from './conversation-foot.tsx';
import { ConversationHeader } from './conversation-header.tsx';
import { ConversationMessages } from './conversation-messages.tsx';
import { ListSkeleton } from './message-list.tsx';
import { TypingLine } from './typing-line.tsx';
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
  useNoTypeAhead();
  return (
    <EmptyState
      title={t('gone.title')}
      text={t('gone.text')}
      action={<Button onClick={() => void navigate({ to: '/' })}>{t('gone.back')}</Button>}
    />
  );
}

function OpenConversation({ conversation }: { conversation: Conversation }) {
  const steady = useSteady(conversation);
  const { composer, ...opened } = useOpenConversation(steady);
  const { open, opening, setAbove, selecting, ways } = opened;
  useSearchKey(ways.search);
  useNoTypeAhead(!opened.scope.canWrite);
  const jumpToDay = useCallback(
    (time: string) => setAbove({ ...nothingAbove, jumping: new Date(time) }),
    [setAbove],
  );
  const exportIt = useCallback(() => setAbove({ ...nothingAbove, exporting: true }), [setAbove]);
  return (
    <ConversationContext value={opened.scope}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- what is typed goes to the composer. */}
      <section
        aria-label={steady.name}
        className="flex h-full min-h-0 flex-col"
        onKeyDown={(event) => typeAnywhere(event, composer.current)}
      >
        <ConversationHeader conversation={steady} ways={ways} onExport={exportIt} onJumpToDay={jumpToDay} />
        <ConversationMessages
          open={open}
          opening={opening}
          unreadCount={conversation.unread}
          selected={selecting.selected}
          onJumpToDay={jumpToDay}
          onLeave={() => composer.current?.focus()}
        />
        <Typing conversation={steady} />
        <ConversationFoot conversation={steady} opened={opened} composer={composer} />
        <ConversationAbove conversation={steady} opened={opened} />
      </section>
    </ConversationContext>
  );
}

function Typing({ conversation: { id, name } }: { conversation: Conversation }) {
  return <TypingLine name={name} isTyping={useIsTyping(id)} />;
}

/** The same object while only messages come and are read: what is around them need not know. */
function useSteady(conversation: Conversation): Conversation {
  const [steady, setSteady] = useState(conversation);
  const isSame =
    steady.contact === conversation.contact &&
    steady.name === conversation.name &&
    steady.mutedUntil === conversation.mutedUntil &&
    steady.pinned === conversation.pinned &&
    steady.sessionResetAt === conversation.sessionResetAt &&
    steady.unread > 0 === conversation.unread > 0 &&
    (steady.last === null) === (conversation.last === null);
  if (!isSame) setSteady(conversation);
  return isSame ? steady : conversation;
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
    event.target.closest('input, textarea, button, a, [role="menu"], [role="dialog"]') !== null ||
    (event.target.closest('[data-row]') !== null && isLedByKeys());
  if (!isMeant && event.key !== ' ' && event.key !== '?') composer?.focus();
}
