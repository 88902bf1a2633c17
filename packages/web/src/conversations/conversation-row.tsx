/** One conversation in the list: who, the last words, when, and what waits. */
import type { Conversation } from '@kith/api/conversation-shapes';
import { BellOff, Pin } from 'lucide-react';
import { memo } from 'react';
import { Avatar } from '../design/avatar.tsx';
import { Badge } from '../design/badge.tsx';
import { classNames } from '../design/class-names.ts';
import { rowLook } from '../design/list-row.tsx';
import { formatWhen } from '../i18n/formats.ts';
import { useTexts, type Translate } from '../i18n/texts.ts';
import { plainText } from '../markdown/plain-text.ts';
import { Tick, tickSentence } from '../conversation/tick.tsx';
import { TypingDots } from '../conversation/typing-line.tsx';

export interface ConversationWordsProps {
  conversation: Conversation;
  isTyping: boolean;
  isMuted: boolean;
}

/** What stands in the row. The element around it is the caller's: a link in the list, an option in a switcher. */
export const ConversationWords = memo(function ConversationWords(props: ConversationWordsProps) {
  const { conversation, isTyping, isMuted } = props;
  const { t } = useTexts();
  const { contact, name, unread, pinned, activeAt } = conversation;
  return (
    <>
      <Avatar
        id={contact?.id ?? conversation.id}
        name={name}
        hue={contact?.hue ?? null}
        size={44}
        reachable={contact?.reachable ?? false}
      />
      <span className="flex min-w-0 flex-1 flex-col">
        <span className="flex items-baseline gap-2">
          <span className={classNames('min-w-0 flex-1 truncate', unread > 0 && 'font-strong')}>
            <bdi>{name}</bdi>
          </span>
          {contact?.reachable === true && <span className="sr-only">, {t('list.reachable')}</span>}
          <time dateTime={activeAt} className="tabular shrink-0 text-meta text-faint">
            {formatWhen(activeAt)}
          </time>
        </span>
        <span className="flex h-5 items-center gap-1.5 text-small text-secondary">
          {isTyping ? (
            <span className="flex min-w-0 flex-1 items-center gap-1.5 text-accent-text">
              <TypingDots />
              <span className="truncate">{t('list.typing')}</span>
            </span>
          ) : (
            <LastWords conversation={conversation} t={t} />
          )}
          {isMuted && (
            <BellOff size={13} role="img" aria-label={t('list.muted')} className="shrink-0 text-faint" />
          )}
          {pinned && unread === 0 && (
            <Pin size={13} role="img" aria-label={t('list.pinned')} className="shrink-0 text-faint" />
          )}
          <Badge
            count={unread}
            look={isMuted ? 'quiet' : 'accent'}
            label={t('list.unread', { count: unread })}
          />
        </span>
      </span>
    </>
  );
});

function LastWords({ conversation, t }: { conversation: Conversation; t: Translate }) {
  const { draft, last, contact, name } = conversation;
  if (contact?.keyChanged === true) {
    return <span className="min-w-0 flex-1 truncate text-bad">{t('list.keyChanged')}</span>;
  }
  if (draft !== null && draft.editing === null && draft.text.trim() !== '') {
    return (
      <span className="min-w-0 flex-1 truncate">
        <span className="text-accent-text">{t('list.draft')}</span> <bdi>{plainText(draft.text, 80)}</bdi>
      </span>
    );
  }
  if (last === null) {
    const words = contact?.state === 'requested' ? t('list.requested') : t('list.empty');
    return <span className="min-w-0 flex-1 truncate text-faint">{words}</span>;
  }
  const isOwn = last.direction === 'out';
  return (
    <span className="flex min-w-0 flex-1 items-center gap-1">
      {isOwn && (
        <>
          <Tick state={last.state} className="shrink-0" />
          <span className="sr-only">{tickSentence(t, last.state, name, last.reason)}</span>
        </>
      )}
      <span className={classNames('truncate', last.deleted && 'italic')}>
        <bdi>{last.deleted ? t('talk.deleted') : plainText(last.text, 100)}</bdi>
      </span>
    </span>
  );
}

export function conversationRowLook(isActive: boolean): string {
  return classNames(rowLook({ active: isActive }), 'py-2');
}
