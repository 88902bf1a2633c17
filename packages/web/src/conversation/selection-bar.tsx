/** In the composer's place while messages are selected. */
import { Copy, Trash2, X } from 'lucide-react';
import { Button } from '../design/button.tsx';
import { IconButton } from '../design/icon-button.tsx';
import { useTexts } from '../i18n/texts.ts';

export interface SelectionBarProps {
  count: number;
  onCopy: () => void;
  onDelete: () => void;
  onEnd: () => void;
}

export function SelectionBar({ count, onCopy, onDelete, onEnd }: SelectionBarProps) {
  const { t } = useTexts();
  return (
    <div
      role="toolbar"
      aria-label={t('talk.selected.bar')}
      className="mx-auto mb-3 flex w-[calc(100%-1.5rem)] max-w-184 items-center gap-2 rounded-panel border border-line bg-raised px-2 py-1.5"
    >
      <IconButton label={t('talk.selected.end')} shortcut="Escape" icon={<X size={18} />} onClick={onEnd} />
      <p role="status" className="flex-1 text-small">
        {t('talk.selected', { count })}
      </p>
      <Button size="small" icon={<Copy size={15} />} onClick={onCopy}>
        {t('talk.selected.copy')}
      </Button>
      <Button size="small" icon={<Trash2 size={15} />} onClick={onDelete}>
        {t('talk.selected.delete')}
      </Button>
    </div>
  );
}
