/** What can be done with a conversation: the same entries behind its row in the list and behind its header. */
import type { Conversation } from '@kith/api/conversation-shapes';
import {
  Ban,
  Bell,
  BellOff,
  Calendar,
  Download,
  Mail,
  MailOpen,
  Pin,
  PinOff,
  Search,
  ShieldCheck,
  Trash2,
} from 'lucide-react';
import { blockContact, unblockContact } from '../data/contacts.ts';
import type { MenuEntry } from '../design/menu.tsx';
import type { Translate } from '../i18n/texts.ts';
import {
  clearConversation,
  markConversationRead,
  markConversationUnread,
  muteConversation,
  pinConversation,
} from '../conversation/conversation-acts.ts';
import { isMutedAt } from './conversation-filter.ts';

const hourMs = 3_600_000;
const iconSize = 16;

export interface ConversationMenuActs {
  onVerify: () => void;
  onExport: () => void;
  /** Only where the conversation is open. */
  onSearch?: () => void;
  onJumpToDate?: () => void;
}

export function conversationEntries(
  t: Translate,
  conversation: Conversation,
  { onVerify, onExport, onSearch, onJumpToDate }: ConversationMenuActs,
): MenuEntry[] {
  const { contact, pinned, unread, last, mutedUntil } = conversation;
  const isMuted = isMutedAt(mutedUntil);
  const entries: (MenuEntry | false)[] = [
    onSearch !== undefined && {
      label: t('menu.search'),
      icon: <Search size={iconSize} />,
      onSelect: onSearch,
    },
    onJumpToDate !== undefined && {
      label: t('menu.date'),
      icon: <Calendar size={iconSize} />,
      // There is no day to read on from yet.
      disabled: last === null,
      onSelect: onJumpToDate,
    },
    onSearch !== undefined && 'line',
    {
      label: pinned ? t('menu.unpin') : t('menu.pin'),
      icon: pinned ? <PinOff size={iconSize} /> : <Pin size={iconSize} />,
      onSelect: () => void pinConversation(conversation, !pinned),
    },
    last !== null &&
      (unread > 0
        ? {
            label: t('menu.read'),
            icon: <MailOpen size={iconSize} />,
            onSelect: () => void markConversationRead(conversation),
          }
        : {
            label: t('menu.unread'),
            icon: <Mail size={iconSize} />,
            onSelect: () => void markConversationUnread(conversation),
          }),
    ...(isMuted ? [unmute(t, conversation)] : mutes(t, conversation)),
    'line',
    contact !== null && {
      label: contact.verified ? t('menu.verified') : t('menu.verify'),
      icon: <ShieldCheck size={iconSize} />,
      onSelect: onVerify,
    },
    last !== null && { label: t('menu.export'), icon: <Download size={iconSize} />, onSelect: onExport },
    'line',
    contact !== null &&
      (contact.state === 'blocked'
        ? {
            label: t('menu.unblock'),
            icon: <Ban size={iconSize} />,
            onSelect: () => void unblockContact(contact),
          }
        : {
            label: t('menu.block'),
            icon: <Ban size={iconSize} />,
            danger: true,
            onSelect: () => void blockContact(contact),
          }),
    last !== null && {
      label: t('menu.clear'),
      icon: <Trash2 size={iconSize} />,
      danger: true,
      onSelect: () => clearConversation(conversation),
    },
  ];
  return tidy(entries.filter((entry) => entry !== false));
}

function mutes(t: Translate, conversation: Conversation): MenuEntry[] {
  return [
    {
      label: t('menu.mute.hour'),
      icon: <BellOff size={iconSize} />,
      onSelect: () => void muteConversation(conversation, hourMs),
    },
    {
      label: t('menu.mute.day'),
      icon: <BellOff size={iconSize} />,
      onSelect: () => void muteConversation(conversation, 24 * hourMs),
    },
    {
      label: t('menu.mute'),
      icon: <BellOff size={iconSize} />,
      onSelect: () => void muteConversation(conversation, null),
    },
  ];
}

function unmute(t: Translate, conversation: Conversation): MenuEntry {
  return {
    label: t('menu.unmute'),
    icon: <Bell size={iconSize} />,
    onSelect: () => void muteConversation(conversation, 'end'),
  };
}

/** No line first, last, or beside another. */
function tidy(entries: MenuEntry[]): MenuEntry[] {
  return entries.filter((entry, index) => {
    if (entry !== 'line') return true;
    return index > 0 && index < entries.length - 1 && entries[index - 1] !== 'line';
  });
}
