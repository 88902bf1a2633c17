/** What the text in the composer will do besides being sent: answer a message, or replace one. */
import type { Quoted } from '@kith/api/conversation-shapes';
import { Pencil, Reply, X } from 'lucide-react';
import { classNames } from '../design/class-names.ts';
import { IconButton } from '../design/icon-button.tsx';
import { useTexts } from '../i18n/texts.ts';
import { plainQuote } from '../markdown/plain-text.ts';

export interface ComposerBarProps {
  kind: 'reply' | 'edit';
  quoted: Quoted | null;
  /** What we call its author; null: it is our own. */
  author: string | null;
  onJump: (id: string) => void;
  onCancel: () => void;
}

export function ComposerBar({ kind, quoted, author, onJump, onCancel }: ComposerBarProps) {
  const { t } = useTexts();
  const title =
    kind === 'edit'
      ? t('composer.editing')
      : author === null
        ? t('composer.replying.self')
        : t('composer.replying', { name: author });
  return (
    <div className="appear flex items-center gap-2 border-b border-line ps-3 pe-1">
      <span className="text-accent-text">
        {kind === 'edit' ? <Pencil size={15} aria-hidden="true" /> : <Reply size={16} aria-hidden="true" />}
      </span>
      <button
        type="button"
        onClick={() => quoted !== null && onJump(quoted.id)}
        className="flex min-w-0 flex-1 flex-col py-1.5 text-start text-small"
      >
        <span className="truncate font-strong text-accent-text">{title}</span>
        {quoted !== null && (
          <span dir="auto" className={classNames('truncate text-secondary', quoted.text === '' && 'italic')}>
            {quoted.text === '' ? t('talk.deleted') : plainQuote(quoted.text ?? '', 120)}
          </span>
        )}
      </button>
      <IconButton
        label={kind === 'edit' ? t('composer.editing.cancel') : t('composer.replying.cancel')}
        shortcut="Escape"
        icon={<X size={16} />}
        size="small"
        onClick={onCancel}
      />
    </div>
  );
}
