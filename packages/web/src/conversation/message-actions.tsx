/** What can be done with a message: beside its bubble while the row is looked at, and all of it in a menu. */
import type { Message } from '@kith/api/shapes';
import {
  CheckSquare,
  Copy,
  Ellipsis,
  History,
  Pencil,
  Reply,
  RotateCcw,
  SmilePlus,
  TextQuote,
  Trash2,
} from 'lucide-react';
import { useState } from 'react';
import { classNames } from '../design/class-names.ts';
import { IconButton } from '../design/icon-button.tsx';
import { Menu, type MenuEntry } from '../design/menu.tsx';
import { formatTime } from '../i18n/formats.ts';
import { useTexts, type Translate } from '../i18n/texts.ts';
import { ReactionPicker } from '../emoji/reaction-picker.tsx';
import { useConversationScope, type ConversationScope } from './conversation-context.ts';

const iconSize = 16;

export function messageEntries(t: Translate, message: Message, scope: ConversationScope): MenuEntry[] {
  const { acts, canWrite } = scope;
  const canAnswer = canWrite && !message.deleted;
  const isOwn = message.direction === 'out';
  const hasEnded = message.state === 'failed' || message.state === 'expired';
  const entries: (MenuEntry | false)[] = [
    canAnswer && {
      label: t('talk.reply'),
      icon: <Reply size={iconSize} />,
      shortcut: 'R',
      movesFocus: true,
      onSelect: () => acts.reply(message),
    },
    canAnswer && {
      label: t('talk.react'),
      icon: <SmilePlus size={iconSize} />,
      shortcut: '+',
      movesFocus: true,
      onSelect: () => acts.openReactions(message),
    },
    canAnswer && {
      label: t('talk.quote'),
      icon: <TextQuote size={iconSize} />,
      movesFocus: true,
      onSelect: () => acts.quote(message),
    },
    canAnswer &&
      isOwn && {
        label: t('talk.edit'),
        icon: <Pencil size={iconSize} />,
        shortcut: 'E',
        movesFocus: true,
        onSelect: () => acts.edit(message),
      },
    canWrite &&
      isOwn &&
      hasEnded && {
        label: t('talk.sendAgain'),
        icon: <RotateCcw size={iconSize} />,
        onSelect: () => acts.sendAgain(message),
      },
    !message.deleted && {
      label: t('talk.copy'),
      icon: <Copy size={iconSize} />,
      shortcut: 'Mod+C',
      onSelect: () => acts.copy([message]),
    },
    {
      label: t('talk.select'),
      icon: <CheckSquare size={iconSize} />,
      onSelect: () => acts.select(message),
    },
    isOwn && {
      label: t('talk.details'),
      icon: <History size={iconSize} />,
      shortcut: 'Enter',
      onSelect: () => acts.openDetails(message),
    },
    'line',
    {
      label: t('talk.delete'),
      icon: <Trash2 size={iconSize} />,
      danger: true,
      onSelect: () => acts.remove([message]),
    },
  ];
  return entries.filter((entry) => entry !== false);
}

export interface MessageActionsProps {
  message: Message;
  /** The time of a message inside a group, which its bubble does not show. */
  showsTime: boolean;
  /** A menu of it is open: it stays, wherever the pointer goes. */
  onHold: (isHeld: boolean) => void;
}

export function MessageActions({ message, showsTime, onHold }: MessageActionsProps) {
  const { t } = useTexts();
  const scope = useConversationScope();
  const [isReacting, setIsReacting] = useState(false);
  const isOwn = message.direction === 'out';
  const canAnswer = scope.canWrite && !message.deleted;
  return (
    <div
      className={classNames(
        // Beside the bubble, over nothing; on a narrow screen there is no pointer that hovers.
        'absolute inset-y-0 z-2 hidden items-center gap-0.5 px-1.5 pane:flex',
        isOwn ? 'end-full flex-row-reverse' : 'start-full',
      )}
    >
      {canAnswer && (
        <ReactionPicker
          open={isReacting}
          onOpenChange={(isOpen) => {
            setIsReacting(isOpen);
            onHold(isOpen);
          }}
          side="top"
          // Back to the row, from which arrows and Escape lead on.
          returnTo={() => document.querySelector<HTMLElement>(`[data-message="${CSS.escape(message.id)}"]`)}
          reacted={message.reactions
            .filter(({ people }) => people.includes(scope.me))
            .map(({ emoji }) => emoji)}
          onPick={(emoji, on) => {
            setIsReacting(false);
            onHold(false);
            scope.acts.react(message, emoji, on);
          }}
          trigger={
            <IconButton
              label={t('talk.react')}
              icon={<SmilePlus size={iconSize} />}
              shortcut="+"
              size="small"
              tabIndex={-1}
            />
          }
        />
      )}
      {canAnswer && (
        <IconButton
          label={t('talk.reply')}
          icon={<Reply size={iconSize} />}
          shortcut="R"
          size="small"
          tabIndex={-1}
          onClick={() => scope.acts.reply(message)}
        />
      )}
      <Menu entries={messageEntries(t, message, scope)} align={isOwn ? 'end' : 'start'} onOpenChange={onHold}>
        <IconButton label={t('talk.more')} icon={<Ellipsis size={iconSize} />} size="small" tabIndex={-1} />
      </Menu>
      {showsTime && (
        <span aria-hidden="true" className="tabular px-1 text-meta whitespace-nowrap text-faint">
          {formatTime(message.sentAt)}
        </span>
      )}
    </div>
  );
}
