/** A question or a small task above everything else. Escape and the veil close it, focus comes back to where it was. */
import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { giveFocusBack } from './focus-trail.ts';
import { IconButton } from './icon-button.tsx';
import { useTexts } from '../i18n/texts.ts';

export interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  /** One or two sentences below the title. */
  text?: ReactNode;
  children?: ReactNode;
  /** Buttons, the safe one first. */
  actions?: ReactNode;
  width?: 'narrow' | 'wide';
  /** The title is read out but not shown. */
  bare?: boolean;
  /** Nothing inside can be operated: it is scrolled by keys itself. */
  reading?: boolean;
}

/*
 * Our own veil instead of Radix's: theirs writes a style element to lock the page's scrolling, which the policy of the page
 * forbids; and the page never scrolls.
 */
function Veil() {
  return <div className="appear fixed inset-0 z-40 bg-veil" aria-hidden="true" />;
}

/** The panel itself takes the focus, not its first button, whose tooltip would take the first Escape. `autoFocus` goes before. */
function focusPanel(event: Event): void {
  event.preventDefault();
  if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus({ preventScroll: true });
}

export function Dialog({ open, onClose, title, text, children, actions, ...rest }: DialogProps) {
  const { width = 'narrow', bare = false, reading = false } = rest;
  const { t } = useTexts();
  return (
    <Radix.Root open={open} onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Radix.Portal>
        <Veil />
        <Radix.Content
          onOpenAutoFocus={focusPanel}
          onCloseAutoFocus={() => giveFocusBack()}
          {...(text === undefined ? { 'aria-describedby': undefined } : {})}
          className={classNames(
            'float-in fixed inset-x-3 top-[max(4vh,0.75rem)] z-40 mx-auto flex max-h-[92vh] flex-col rounded-panel bg-raised shadow-float',
            'border border-line focus:outline-none pane:top-[12vh] pane:max-h-[76vh]',
            width === 'narrow' ? 'max-w-105' : 'max-w-155',
          )}
        >
          {bare ? (
            <Radix.Title className="sr-only">{title}</Radix.Title>
          ) : (
            <header className="flex items-start gap-3 px-5 pt-4.5 pb-1">
              <Radix.Title className="min-w-0 flex-1 text-title">{title}</Radix.Title>
              <Radix.Close asChild>
                <IconButton
                  label={t('action.close')}
                  icon={<X size={18} />}
                  size="small"
                  className="-me-1.5"
                />
              </Radix.Close>
            </header>
          )}
          <div
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reachable by keys.
            tabIndex={reading ? 0 : undefined}
            data-inset-focus=""
            className={classNames('min-h-0 flex-1 overflow-y-auto', !bare && 'px-5 pb-5')}
          >
            {text !== undefined && (
              <Radix.Description className={bare ? 'sr-only' : 'text-secondary'}>{text}</Radix.Description>
            )}
            {children}
          </div>
          {actions !== undefined && (
            <footer className="flex flex-wrap justify-end gap-2 px-5 pb-5">{actions}</footer>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** A panel from the edge: from the right where there is room, from below on a narrow screen. */
export function Sheet({
  open,
  onClose,
  title,
  children,
}: Omit<DialogProps, 'text' | 'actions' | 'width' | 'bare' | 'reading'>) {
  const { t } = useTexts();
  return (
    <Radix.Root open={open} onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Radix.Portal>
        <Veil />
        <Radix.Content
          onOpenAutoFocus={focusPanel}
          onCloseAutoFocus={() => giveFocusBack()}
          aria-describedby={undefined}
          className="sheet-in fixed inset-x-0 bottom-0 z-40 flex max-h-[88vh] flex-col rounded-t-panel border-line bg-raised shadow-float focus:outline-none pane:inset-y-0 pane:start-auto pane:end-0 pane:max-h-none pane:w-90 pane:rounded-none pane:border-s"
        >
          <header className="flex h-14 shrink-0 items-center gap-3 px-4">
            <Radix.Title className="min-w-0 flex-1 truncate text-body font-strong">{title}</Radix.Title>
            <Radix.Close asChild>
              <IconButton label={t('action.close')} icon={<X size={18} />} className="-me-1" />
            </Radix.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-4 pb-6">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
