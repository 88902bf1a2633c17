/** What can be done with a person beyond writing: another name, block, remove. */
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Ban, ChevronRight, Pencil, Trash2 } from 'lucide-react';
import { useState, type FormEvent, type ReactNode } from 'react';
import type { Contact } from '@kith/api/shapes';
import { Button } from '../design/button.tsx';
import { classNames } from '../design/class-names.ts';
import { Confirm } from '../design/confirm.tsx';
import { Dialog } from '../design/dialog.tsx';
import { TextField } from '../design/text-field.tsx';
import { api } from '../data/connection.ts';
import { blockContact, keepContact, removeContact } from '../data/contacts.ts';
import { useTexts } from '../i18n/texts.ts';
import { Section } from '../shell/page.tsx';
import { nameMax } from './limits.ts';
import { nameErrorWords } from './name-words.ts';

export function PersonActs({ contact }: { contact: Contact }) {
  const { t } = useTexts();
  const navigate = useNavigate();
  const [open, setOpen] = useState<'rename' | 'remove'>();
  const close = (): void => setOpen(undefined);
  const { name, state } = contact;
  return (
    <Section>
      <ul className="overflow-hidden rounded-panel border bg-raised">
        <ActRow icon={<Pencil size={18} />} onClick={() => setOpen('rename')}>
          {t('person.rename')}
        </ActRow>
        {state !== 'blocked' && (
          <ActRow danger icon={<Ban size={18} />} onClick={() => void blockContact(contact)}>
            {t('person.block.name', { name })}
          </ActRow>
        )}
        <ActRow danger icon={<Trash2 size={18} />} onClick={() => setOpen('remove')}>
          {t('person.remove')}
        </ActRow>
      </ul>
      {open === 'rename' && <RenameDialog contact={contact} onClose={close} />}
      <Confirm
        open={open === 'remove'}
        onClose={close}
        title={t('person.remove.title', { name })}
        text={t('person.remove.text')}
        action={t('person.remove.act')}
        onConfirm={() => {
          removeContact(contact, t('person.removed', { name }));
          void navigate({ to: '/' });
        }}
      />
    </Section>
  );
}

interface ActRowProps {
  icon: ReactNode;
  danger?: boolean;
  onClick: () => void;
  children: ReactNode;
}

function ActRow({ icon, danger = false, onClick, children }: ActRowProps) {
  return (
    <li className="border-b last:border-0">
      <button
        type="button"
        data-inset-focus=""
        onClick={onClick}
        className={classNames(
          'flex min-h-11 w-full items-center gap-3 px-4 text-start transition-colors hover:bg-hover active:bg-pressed',
          danger && 'text-bad',
        )}
      >
        <span className={danger ? undefined : 'text-secondary'}>{icon}</span>
        <span className="min-w-0 flex-1 truncate">{children}</span>
        {!danger && <ChevronRight size={16} className="text-faint rtl:rotate-180" />}
      </button>
    </li>
  );
}

function RenameDialog({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { t } = useTexts();
  const [name, setName] = useState(contact.name);
  const rename = useMutation({
    mutationFn: async () => await api.contacts.rename.mutate({ contact: contact.id, name: name.trim() }),
    onSuccess: (renamed) => {
      keepContact(renamed);
      onClose();
    },
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (name.trim() !== '' && !rename.isPending) rename.mutate();
  }

  return (
    <Dialog open onClose={onClose} title={t('person.rename')} text={t('person.rename.text')}>
      <form onSubmit={submit} className="mt-4 flex flex-col gap-5">
        <TextField
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the dialog was opened to type here.
          autoFocus
          label={t('person.rename.name')}
          hideLabel
          maxLength={nameMax}
          value={name}
          error={rename.isError ? nameErrorWords(rename.error, name) : undefined}
          onFocus={(event) => event.target.select()}
          onChange={(event) => setName(event.target.value)}
        />
        <div className="flex justify-end gap-2">
          {contact.claimedName !== '' && contact.claimedName !== name && (
            <Button look="quiet" className="me-auto min-w-0" onClick={() => setName(contact.claimedName)}>
              <span className="truncate">{contact.claimedName}</span>
            </Button>
          )}
          <Button look="quiet" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button
            type="submit"
            look="primary"
            disabled={name.trim() === ''}
            busy={rename.isPending && t('state.saving')}
          >
            {t('action.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
