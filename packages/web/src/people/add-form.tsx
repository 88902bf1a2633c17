/** Theirs: a card, pasted or read by the camera; what it says is shown before anything is added. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { ScanLine } from 'lucide-react';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import type { AddedContact } from '@kith/api/shapes';
import { Button } from '../design/button.tsx';
import { isFocusFree } from '../design/focus-trail.ts';
import { TextArea } from '../design/text-field.tsx';
import { api } from '../data/connection.ts';
import { keepContact } from '../data/contacts.ts';
import { useTexts } from '../i18n/texts.ts';
import { errorWords } from '../i18n/wording.ts';
import { CardPreviewPanel } from './card-preview.tsx';
import { cardIn } from './card-text.ts';
import { nameErrorWords } from './name-words.ts';
import { Scanner } from './scanner.tsx';

export interface AddFormProps {
  onAdded: (contact: AddedContact) => void;
  /** The field takes the focus at once: where there is nothing else to read first. */
  focused?: boolean;
  /** What stands in the field at first: a link that was pressed in a message. */
  initial?: string;
}

export function AddForm({ onAdded, focused = false, initial = '' }: AddFormProps) {
  const { t } = useTexts();
  const [pasted, setPasted] = useState(initial);
  const [name, setName] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (focused && isFocusFree()) field.current?.focus();
  }, [focused]);
  const found = cardIn(pasted);
  const card = found.kind === 'card' ? found.card : undefined;
  const preview = useQuery({
    queryKey: ['card-preview', card],
    enabled: card !== undefined,
    gcTime: 0,
    queryFn: async () => await api.contacts.preview.query({ card: card ?? '' }),
  });
  const add = useMutation({
    mutationFn: async (wanted: string) =>
      await api.contacts.add.mutate({ card: wanted, ...(name.trim() === '' ? {} : { name: name.trim() }) }),
    onSuccess: (contact) => {
      keepContact(contact);
      onAdded(contact);
    },
  });
  const isWrong = found.kind === 'no-card' || (found.kind === 'cut' && pasted.length > 20);
  const error = isWrong
    ? t(`add.${found.kind}`)
    : card !== undefined && preview.isError
      ? errorWords(preview.error)
      : undefined;

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (card !== undefined && preview.data !== undefined && !add.isPending) add.mutate(card);
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <TextArea
        ref={field}
        label={t('add.paste')}
        rows={3}
        dir="ltr"
        spellCheck={false}
        placeholder={t('add.placeholder')}
        className="font-mono text-small"
        value={pasted}
        error={error}
        onChange={(event) => {
          setPasted(event.target.value);
          add.reset();
        }}
      />
      {preview.data !== undefined && card !== undefined ? (
        <CardPreviewPanel
          preview={preview.data}
          name={name}
          onName={setName}
          error={add.isError ? nameErrorWords(add.error, name) : undefined}
          isAdding={add.isPending}
        />
      ) : (
        <ScanCard onCard={setPasted} />
      )}
    </form>
  );
}

function ScanCard({ onCard }: { onCard: (card: string) => void }) {
  const { t } = useTexts();
  const [isScanning, setIsScanning] = useState(false);
  return (
    <>
      <Button className="self-start" icon={<ScanLine size={17} />} onClick={() => setIsScanning(true)}>
        {t('add.scan')}
      </Button>
      {isScanning && (
        <Scanner
          title={t('add.scan')}
          text={t('add.scan.text')}
          onClose={() => setIsScanning(false)}
          onCode={(code) => {
            if (cardIn(code).kind !== 'card') return t('add.scan.other');
            onCard(code);
            setIsScanning(false);
            return true;
          }}
        />
      )}
    </>
  );
}
