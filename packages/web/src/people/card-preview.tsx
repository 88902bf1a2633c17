/** What a card says, before it is added. It names nobody: what they are called here is up to us. */
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { CardPreview } from '@kith/api/settings-shapes';
import { Avatar } from '../design/avatar.tsx';
import { Button } from '../design/button.tsx';
import { TextField } from '../design/text-field.tsx';
import { formatDate } from '../i18n/formats.ts';
import { useTexts } from '../i18n/texts.ts';
import { nameMax } from './limits.ts';

export interface CardPreviewPanelProps {
  preview: CardPreview;
  name: string;
  onName: (name: string) => void;
  error?: string | undefined;
  isAdding: boolean;
}

/** Its button submits the form around it. */
export function CardPreviewPanel({ preview, name, onName, error, isAdding }: CardPreviewPanelProps) {
  const { t } = useTexts();
  const { id, fingerprint, once, expiresAt, contact } = preview;
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // The next thing to do, after the card was pasted; whoever went on meanwhile stays there.
    const { activeElement } = document;
    const isFree =
      activeElement?.matches('body, main') === true || field.current?.form?.contains(activeElement) === true;
    if (isFree) field.current?.focus();
  }, []);
  if (contact !== null) {
    return (
      <div className="rise rounded-panel border bg-raised p-4">
        <p>{t('add.known', { name: contact })}</p>
        <Link
          to="/person/$contact"
          params={{ contact: id }}
          className="mt-2 inline-block text-accent-text underline-offset-4 hover:underline"
        >
          {t('add.known.open')}
        </Link>
      </div>
    );
  }
  return (
    <div className="rise flex flex-col gap-4 rounded-panel border bg-raised p-4">
      <div className="flex items-center gap-3.5">
        <Avatar id={id} name={name.trim() === '' ? '?' : name} size={44} />
        <div className="min-w-0">
          <p className="font-strong">{once ? t('add.once') : t('add.asks')}</p>
          <p className="text-small text-secondary">{t('add.valid', { date: formatDate(expiresAt) })}</p>
        </div>
      </div>
      <TextField
        ref={field}
        label={t('add.name')}
        help={t('add.name.help')}
        maxLength={nameMax}
        value={name}
        error={error}
        onChange={(event) => onName(event.target.value)}
      />
      <details className="text-small text-secondary">
        <summary className="w-fit rounded-small">{t('add.fingerprint')}</summary>
        <p className="mt-1.5 font-mono break-words">{fingerprint}</p>
      </details>
      <Button type="submit" look="primary" className="self-start" busy={isAdding && t('state.saving')}>
        {t('add.add')}
      </Button>
    </div>
  );
}
