/** Sets, changes or removes the PIN. */
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import type { Settings } from '@kith/api/settings-shapes';
import { Button } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { TextField, type TextFieldProps } from '../design/text-field.tsx';
import { showToast } from '../design/toast-store.ts';
import { api } from '../data/connection.ts';
import { overTold } from '../data/chosen-settings.ts';
import { keys, queryClient } from '../data/query-client.ts';
import { useTexts } from '../i18n/texts.ts';
import { errorWords } from '../i18n/wording.ts';
import { unlocked } from '../lock/lock-state.ts';

/** As the API's schema has it. */
const pinMin = 4;
const pinMax = 64;

export interface PinDialogProps {
  purpose: 'set' | 'change' | 'remove';
  onClose: () => void;
}

export function PinDialog({ purpose, onClose }: PinDialogProps) {
  const { t } = useTexts();
  const [current, setCurrent] = useState('');
  const [pin, setPin] = useState('');
  const [again, setAgain] = useState('');
  const wantsNew = purpose !== 'remove';
  const save = useMutation({
    mutationFn: async () =>
      await api.lock.setPin.mutate({ pin: wantsNew ? pin : null, ...(purpose === 'set' ? {} : { current }) }),
    onSuccess: (settings) => {
      queryClient.setQueryData<Settings>(keys.settings, overTold(settings));
      unlocked();
      showToast({ text: t(`lock.dialog.${purpose}.done`) });
      onClose();
    },
  });
  const differs = again !== '' && pin.slice(0, again.length) !== again;
  const isReady =
    (!wantsNew || (pin.length >= pinMin && pin === again)) && (purpose === 'set' || current !== '');

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (isReady && !save.isPending) save.mutate();
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={t(`lock.dialog.${purpose}`)}
      text={wantsNew ? t('lock.dialog.text') : undefined}
    >
      <form onSubmit={submit} className="mt-4 flex flex-col gap-4">
        {purpose !== 'set' && (
          <PinField
            // oxlint-disable-next-line jsx-a11y/no-autofocus -- the dialog was opened to type here.
            autoFocus
            label={t('lock.dialog.current')}
            autoComplete="current-password"
            value={current}
            error={save.isError ? errorWords(save.error) : undefined}
            onType={setCurrent}
          />
        )}
        {wantsNew && (
          <>
            <PinField
              // oxlint-disable-next-line jsx-a11y/no-autofocus -- as above, where it is the first.
              autoFocus={purpose === 'set'}
              label={t('lock.dialog.new')}
              help={t('lock.dialog.help')}
              value={pin}
              onType={setPin}
            />
            <PinField
              label={t('lock.dialog.again')}
              value={again}
              error={differs ? t('lock.dialog.differs') : undefined}
              onType={setAgain}
            />
          </>
        )}
        <div className="flex justify-end gap-2">
          <Button look="quiet" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" look="primary" disabled={!isReady} busy={save.isPending && t('state.saving')}>
            {t(wantsNew ? 'action.save' : 'lock.section.remove')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function PinField({ onType, ...rest }: TextFieldProps & { onType: (pin: string) => void }) {
  return (
    <TextField
      autoComplete="new-password"
      {...rest}
      type="password"
      inputMode="numeric"
      maxLength={pinMax}
      onChange={(event) => onType(event.target.value)}
    />
  );
}
