/** Deleting: only here, or for both. Either can be taken back for a moment, since it only happens when the moment ends. */
import type { Message } from '@kith/api/shapes';
import { useState } from 'react';
import { Button } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { useTexts } from '../i18n/texts.ts';

export interface DeleteDialogProps {
  /** Null: closed. */
  messages: readonly Message[] | null;
  name: string;
  onDelete: (messages: readonly Message[], everywhere: boolean) => void;
  onClose: () => void;
}

export function DeleteDialog({ messages: asked, name, onDelete, onClose }: DeleteDialogProps) {
  const { t } = useTexts();
  // It keeps its words while it goes.
  const [messages, setMessages] = useState(asked);
  if (asked !== null && asked !== messages) setMessages(asked);
  const count = messages?.length ?? 0;
  const canEverywhere = messages?.every(({ direction, deleted }) => direction === 'out' && !deleted) ?? false;
  return (
    <Dialog
      open={asked !== null}
      onClose={onClose}
      title={t('delete.title', { count })}
      text={canEverywhere ? t('delete.text.own', { name }) : t('delete.text.theirs', { name })}
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button
            look={canEverywhere ? 'plain' : 'danger'}
            onClick={() => messages !== null && onDelete(messages, false)}
          >
            {t('delete.here')}
          </Button>
          {canEverywhere && (
            <Button look="danger" onClick={() => messages !== null && onDelete(messages, true)}>
              {t('delete.everywhere')}
            </Button>
          )}
        </>
      }
    />
  );
}
