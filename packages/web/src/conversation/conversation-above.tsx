/** What opens above a conversation: reactions, deleting, the ledger, the export, the calendar. */
import type { Conversation } from '@kith/api/conversation-shapes';
import { useStore } from 'zustand';
import type { Message } from '@kith/api/shapes';
import { talk } from '../data/live-talk.ts';
import type { OpenWindow } from '../data/messages/open-windows.ts';
import { DateJump } from './date-jump.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { LedgerSheet } from './ledger-sheet.tsx';
import { ReactionsAtBubble } from './reactions-at-bubble.tsx';
import { deleteMessages } from './use-message-acts.ts';
import { nothingAbove, type OpenedConversation } from './use-open-conversation.ts';

export interface ConversationAboveProps {
  conversation: Conversation;
  opened: Omit<OpenedConversation, 'composer'>;
}

export function ConversationAbove({ conversation, opened }: ConversationAboveProps) {
  const { id, name } = conversation;
  const { above, setAbove, selecting, acts, scope, open, opening } = opened;
  const close = (): void => setAbove(nothingAbove);
  return (
    <>
      <ReactionsAtBubble
        message={useMessage(open, above.reacting)}
        me={scope.me}
        onClose={close}
        onPick={(message, emoji, on) => {
          close();
          acts.react(message, emoji, on);
        }}
      />
      <DeleteDialog
        messages={above.deleting}
        name={name}
        onClose={close}
        onDelete={(messages, everywhere) => {
          close();
          selecting.end();
          deleteMessages(messages, everywhere);
        }}
      />
      <LedgerSheet
        message={useMessage(open, above.details)}
        name={name}
        load={async (message) => await talk.api.messages.get.query({ id: message })}
        onSendAgain={
          scope.canWrite
            ? (message) => {
                close();
                acts.sendAgain(message);
              }
            : null
        }
        onClose={close}
      />
      <ExportDialog conversation={above.exporting ? { id, name } : undefined} onClose={close} />
      <DateJump
        from={above.jumping}
        onClose={close}
        onChoose={(day) => {
          close();
          opening.goToDay(day);
        }}
      />
    </>
  );
}

function useMessage(open: OpenWindow, id: string | null): Message | null {
  return useStore(open.store, ({ messages }) =>
    id === null ? null : (messages.find((message) => message.id === id) ?? null),
  );
}
