/** "Do you mean it?", for what cannot be undone: says what will happen, and names the act on its button. */
import { AlertDialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { giveFocusBack } from './focus-trail.ts';
import { useTexts } from '../i18n/texts.ts';

export interface ConfirmProps {
  open: boolean;
  onClose: () => void;
  title: string;
  text: ReactNode;
  /** Name of the act. */
  action: string;
  look?: 'danger' | 'primary';
  onConfirm: () => void;
}

export function Confirm({ open, onClose, title, text, action, look = 'danger', onConfirm }: ConfirmProps) {
  const { t } = useTexts();
  return (
    <Radix.Root open={open} onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Radix.Portal>
        <div className="appear fixed inset-0 z-40 bg-veil" aria-hidden="true" />
        <Radix.Content
          aria-modal="true"
          onCloseAutoFocus={() => giveFocusBack()}
          className="float-in fixed inset-x-3 top-[18vh] z-40 mx-auto max-w-100 rounded-panel border border-line bg-raised p-5 shadow-float focus:outline-none"
        >
          <Radix.Title className="text-title">{title}</Radix.Title>
          <Radix.Description className="mt-2 text-secondary">{text}</Radix.Description>
          <footer className="mt-6 flex justify-end gap-2">
            <Radix.Cancel asChild>
              <Button look="quiet">{t('action.cancel')}</Button>
            </Radix.Cancel>
            <Radix.Action asChild>
              <Button look={look} onClick={onConfirm}>
                {action}
              </Button>
            </Radix.Action>
          </footer>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
