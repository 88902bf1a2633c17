/** What people call you, and your colour if you care. */
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import type { Profile } from '@kith/api/shapes';
import { Avatar } from '../design/avatar.tsx';
import { Button } from '../design/button.tsx';
import { HueChoice } from '../design/hue-choice.tsx';
import { TextField } from '../design/text-field.tsx';
import { api } from '../data/connection.ts';
import { keys, queryClient } from '../data/query-client.ts';
import { nameMax } from '../people/limits.ts';
import { nameErrorWords } from '../people/name-words.ts';
import { useTexts } from '../i18n/texts.ts';

export function WhoYouAre({ profile, onDone }: { profile: Profile; onDone: () => void }) {
  const { t } = useTexts();
  const [name, setName] = useState(profile.name);
  const [hue, setHue] = useState(profile.hue);
  const save = useMutation({
    mutationFn: async () => {
      let saved = profile;
      if (name.trim() !== profile.name) saved = await api.profile.setName.mutate({ name: name.trim() });
      if (hue !== profile.hue) saved = await api.profile.setLook.mutate({ hue });
      return saved;
    },
    onSuccess: (saved) => {
      queryClient.setQueryData<Profile>(keys.profile, saved);
      onDone();
    },
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (name.trim() !== '' && !save.isPending) save.mutate();
  }

  return (
    <form onSubmit={submit} className="rise flex w-full flex-col items-center">
      <h1 className="text-center text-welcome text-balance">{t('welcome.title')}</h1>
      <p className="mt-3 max-w-90 text-center text-secondary text-balance">{t('welcome.text')}</p>
      <Avatar id={profile.id} name={name} hue={hue} size={96} className="my-9" />
      <div className="w-full max-w-80">
        <TextField
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the one field of the page.
          autoFocus
          label={t('welcome.name')}
          help={t('welcome.name.help')}
          autoComplete="nickname"
          maxLength={nameMax}
          className="h-11 text-center"
          value={name}
          error={save.isError ? nameErrorWords(save.error, name) : undefined}
          onFocus={(event) => event.target.select()}
          onChange={(event) => setName(event.target.value)}
        />
      </div>
      <div className="mt-6">
        <HueChoice label={t('welcome.colour')} value={hue} id={profile.id} onChange={setHue} />
      </div>
      <Button
        type="submit"
        look="primary"
        size="large"
        className="mt-9 w-full max-w-80"
        disabled={name.trim() === ''}
        busy={save.isPending && t('state.saving')}
      >
        {t('welcome.next')}
      </Button>
    </form>
  );
}
