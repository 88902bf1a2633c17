/** Taking a conversation along: as a page that opens anywhere, or as lines for programs. The node writes the file; the browser keeps it. */
import { FileJson, FileText } from 'lucide-react';
import { useState } from 'react';
import { api } from '../data/connection.ts';
import { Button } from '../design/button.tsx';
import { classNames } from '../design/class-names.ts';
import { Dialog } from '../design/dialog.tsx';
import { showToast } from '../design/toast-store.ts';
import { errorWords } from '../i18n/wording.ts';
import { useTexts } from '../i18n/texts.ts';

export interface ExportDialogProps {
  /** Null: all of them. Undefined: closed. */
  conversation: { id: string; name: string } | null | undefined;
  onClose: () => void;
}

type Format = 'html' | 'jsonl';

export function ExportDialog({ conversation, onClose }: ExportDialogProps) {
  const { t, language } = useTexts();
  const [format, setFormat] = useState<Format>('html');
  const choices = [
    { id: 'html', icon: <FileText size={20} />, title: t('export.html'), text: t('export.html.text') },
    { id: 'jsonl', icon: <FileJson size={20} />, title: t('export.jsonl'), text: t('export.jsonl.text') },
  ] as const;
  return (
    <Dialog
      open={conversation !== undefined}
      onClose={onClose}
      title={
        conversation === null || conversation === undefined
          ? t('export.title.all')
          : t('export.title', { name: conversation.name })
      }
      text={t('export.text')}
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button
            look="primary"
            onClick={() => {
              if (conversation !== undefined) void save(conversation?.id ?? null, format, language);
              onClose();
            }}
          >
            {t('export.save')}
          </Button>
        </>
      }
    >
      <div role="radiogroup" aria-label={t('export.format')} className="mt-4 flex flex-col gap-2">
        {choices.map(({ id, icon, title, text }) => (
          <label
            key={id}
            className={classNames(
              'flex items-start gap-3 rounded-panel border px-3.5 py-3 transition-colors duration-100 has-focus-visible:outline-2 has-focus-visible:outline-accent',
              id === format ? 'border-accent bg-accent-soft/50' : 'border-line hover:bg-hover',
            )}
          >
            <input
              type="radio"
              name="export-format"
              value={id}
              checked={id === format}
              onChange={() => setFormat(id)}
              className="sr-only"
            />
            <span aria-hidden="true" className={id === format ? 'text-accent-text' : 'text-faint'}>
              {icon}
            </span>
            <span className="flex flex-col">
              <span>{title}</span>
              <span className="text-small text-secondary">{text}</span>
            </span>
          </label>
        ))}
      </div>
    </Dialog>
  );
}

/** The node makes an address that opens once; the file's name and kind come with the answer. */
async function save(conversation: string | null, format: Format, language: string): Promise<void> {
  try {
    const { url } = await api.conversations.exportLink.mutate({ conversation, format, language });
    const link = document.createElement('a');
    link.href = url;
    link.download = '';
    link.rel = 'noopener';
    document.body.append(link);
    link.click();
    link.remove();
  } catch (error) {
    showToast({ text: errorWords(error), look: 'bad' });
  }
}
