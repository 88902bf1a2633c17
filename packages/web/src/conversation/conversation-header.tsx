/** Who this is, whether it is really them, whether they can be reached, and what can be done. */
import type { Conversation } from '@kith/api/conversation-shapes';
import { ArrowLeft, BellOff, EllipsisVertical, Search, ShieldCheck } from 'lucide-react';
import { memo, useId } from 'react';
import { conversationNow } from '../data/live-talk.ts';
import { Avatar } from '../design/avatar.tsx';
import { IconButton } from '../design/icon-button.tsx';
import { Menu, type MenuEntry } from '../design/menu.tsx';
import { Tooltip } from '../design/tooltip.tsx';
import { conversationEntries } from '../conversations/conversation-menu.tsx';
import { isMutedAt } from '../conversations/conversation-filter.ts';
import { formatAgo, formatMoment } from '../i18n/formats.ts';
import { useTexts, type Translate } from '../i18n/texts.ts';
import type { OpenedConversation } from './use-open-conversation.ts';

export interface ConversationHeaderProps {
  conversation: Conversation;
  ways: OpenedConversation['ways'];
  onExport: () => void;
  onJumpToDay: (time: string) => void;
}

export const ConversationHeader = memo(function ConversationHeader(props: ConversationHeaderProps) {
  const { conversation, ways, onExport, onJumpToDay } = props;
  const { t } = useTexts();
  const onSearch = (): void => ways.search('');
  const entries = (): readonly MenuEntry[] =>
    // What is drawn here rests while messages come: the menu asks anew what the last one is.
    conversationEntries(t, conversationNow(conversation), {
      onVerify: ways.verify,
      onExport,
      onSearch,
      onJumpToDate: () => onJumpToDay(conversation.activeAt),
    });
  const { contact, name, mutedUntil } = conversation;
  const isMuted = isMutedAt(mutedUntil);
  const about = useId();
  return (
    <header className="flex h-15 shrink-0 items-center gap-1 border-b border-line px-2 pane:px-4">
      <IconButton
        label={t('header.back')}
        icon={<ArrowLeft size={20} />}
        className="pane:hidden rtl:-scale-x-100"
        onClick={ways.back}
      />
      <button
        type="button"
        onClick={ways.profile}
        disabled={contact === null}
        // Its name is what it shows: who, whether verified, whether reachable. This says what it does.
        aria-describedby={about}
        className="-ms-1.5 flex min-w-0 items-center gap-3 rounded-control px-1.5 py-1 text-start hover:bg-hover disabled:hover:bg-transparent"
      >
        <span id={about} hidden>
          {t('header.profile', { name })}
        </span>
        <Avatar
          id={contact?.id ?? conversation.id}
          name={name}
          hue={contact?.hue ?? null}
          size={36}
          reachable={contact?.reachable ?? false}
        />
        <span className="flex min-w-0 flex-col">
          <span className="flex min-w-0 items-center gap-1.5">
            <bdi className="truncate text-body font-strong">{name}</bdi>
            {contact?.verified === true && (
              <Tooltip text={t('header.verified')} side="bottom">
                <span role="img" aria-label={t('header.verified')} className="text-good">
                  <ShieldCheck size={16} aria-hidden="true" />
                </span>
              </Tooltip>
            )}
            {isMuted && (
              <BellOff size={14} role="img" aria-label={t('list.muted')} className="shrink-0 text-faint" />
            )}
          </span>
          <span className="truncate text-small text-secondary">{presenceWords(t, conversation)}</span>
        </span>
      </button>
      <span className="flex-1" />
      <IconButton
        label={t('menu.search')}
        shortcut="Mod+F"
        side="bottom"
        icon={<Search size={19} />}
        onClick={onSearch}
      />
      <Menu entries={entries}>
        <IconButton label={t('header.menu')} side="bottom" icon={<EllipsisVertical size={19} />} />
      </Menu>
    </header>
  );
});

/** In plain words: whether they can be reached now, else when they could be. */
export function presenceWords(t: Translate, { contact }: Conversation): string {
  if (contact === null) return t('presence.removed');
  switch (contact.state) {
    case 'blocked':
      return t('presence.blocked');
    case 'incoming':
      return t('presence.incoming');
    case 'requested':
      return t('presence.requested');
    case 'connected':
      if (contact.reachable) return t('presence.reachable');
      if (contact.lastSeen === null) return t('presence.never');
      return t('presence.seen', {
        when: isLongAgo(contact.lastSeen) ? formatMoment(contact.lastSeen) : formatAgo(contact.lastSeen),
      });
  }
}

function isLongAgo(time: string): boolean {
  return Date.now() - Date.parse(time) > 7 * 86_400_000;
}
