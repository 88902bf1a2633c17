/** In the composer's place while messages are selected. */
import { flushSync } from 'react-dom';
import type { Message } from '@kith/api/shapes';
import { Copy, Trash2, X } from 'lucide-react';
import { useRef } from 'react';
import { Button } from '../design/button.tsx';
import { IconButton } from '../design/icon-button.tsx';
import { useTexts } from '../i18n/texts.ts';
import { useSelectionKeys } from './use-selection.ts';

export interface SelectionBarProps {
  messages: readonly Message[];
  onCopy: (messages: readonly Message[]) => void;
  onDelete: (messages: readonly Message[]) => void;
  onEnd: () => void;
  /** The focus was here, or nowhere, when a key ended it. */
  onLeave: () => void;
}

export function SelectionBar({ messages, onCopy, onDelete, onEnd, onLeave }: SelectionBarProps) {
  const { t } = useTexts();
  const bar = useRef<HTMLDivElement>(null);
  const copy = (): void => onCopy(messages);
  const remove = (): void => onDelete(messages);
  useSelectionKeys(bar, {
    onCopy: copy,
    onDelete: remove,
    onEscape: () => {
      flushSync(onEnd);
      if (document.activeElement === document.body) onLeave();
    },
  });
  return (
    <div
      ref={bar}
      role="toolbar"
      aria-label={t('talk.selected.bar')}
      className="mx-auto mb-3 flex w-[calc(100%-1.5rem)] max-w-184 items-center gap-2 rounded-panel border border-line bg-raised px-2 py-1.5"
    >
      <IconButton label={t('talk.selected.end')} shortcut="Escape" icon={<X size={18} />} onClick={onEnd} />
      <p role="status" className="flex-1 text-small">
        {t('talk.selected', { count: messages.length })}
      </p>
      <Button size="small" icon={<Copy size={15} />} onClick={copy}>
        {t('talk.selected.copy')}
      </Button>
      <Button size="small" icon={<Trash2 size={15} />} onClick={remove}>
        {t('talk.selected.delete')}
      </Button>
    </div>
  );
}
