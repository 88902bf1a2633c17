/** What opens above a conversation: deleting, the ledger, the export, the calendar. */
import type { Conversation } from '@kith/api/conversation-shapes';
import { talk } from '../data/live-talk.ts';
import { DateJump } from './date-jump.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { LedgerSheet } from './ledger-sheet.tsx';
import { deleteMessages } from './use-message-acts.ts';
import { nothingAbove, type OpenedConversation } from './use-open-conversation.ts';

export interface ConversationAboveProps {
  conversation: Conversation;
  opened: Omit<OpenedConversation, 'composer'>;
}

export function ConversationAbove({ conversation, opened }: ConversationAboveProps) {
  const { id, name } = conversation;
  const { above, setAbove, setSelected, acts, scope, shown, opening } = opened;
  const close = (): void => setAbove(nothingAbove);
  return (
    <>
      <DeleteDialog
        messages={above.deleting}
        name={name}
        onClose={close}
        onDelete={(messages, everywhere) => {
          close();
          setSelected(null);
          deleteMessages(messages, everywhere);
        }}
      />
      <LedgerSheet
        message={shown.messages.find((message) => message.id === above.details) ?? null}
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
