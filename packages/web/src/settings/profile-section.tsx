/** Who we are to others: name, colour, and the fingerprint for reading aloud. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import type { Profile } from '@kith/api/shapes';
import { afterPaint } from '../design/after-paint.ts';
import { Avatar } from '../design/avatar.tsx';
import { Button } from '../design/button.tsx';
import { CopyButton } from '../design/copy-button.tsx';
import { giveFocusBack } from '../design/focus-trail.ts';
import { HueChoice } from '../design/hue-choice.tsx';
import { TextField } from '../design/text-field.tsx';
import { showToast } from '../design/toast-store.ts';
import { api } from '../data/connection.ts';
import { keys, queryClient } from '../data/query-client.ts';
import { queries } from '../data/queries.ts';
import { nameMax } from '../people/limits.ts';
import { nameErrorWords } from '../people/name-words.ts';
import { useTexts } from '../i18n/texts.ts';
import { errorWords } from '../i18n/wording.ts';
import { Row, Rows } from './rows.tsx';

export function ProfileSection() {
  const { data: profile } = useQuery(queries.profile);
  return profile === undefined ? null : <ProfileForm profile={profile} />;
}

function ProfileForm({ profile }: { profile: Profile }) {
  const { t } = useTexts();
  const { id, fingerprint } = profile;
  const look = useMutation({
    mutationFn: async (chosen: number) => await api.profile.setLook.mutate({ hue: chosen }),
    onSuccess: (saved) => queryClient.setQueryData<Profile>(keys.profile, saved),
    onError: (error) => showToast({ text: errorWords(error), look: 'bad' }),
  });
  // The last that was chosen, whatever is told of those before.
  const hue = look.isPending ? look.variables : profile.hue;
  return (
    <>
      <div className="mb-8 flex justify-center">
        <Avatar id={id} name={profile.name} hue={hue} size={96} />
      </div>
      <NameForm profile={profile} />
      <Rows>
        <Row
          name={t('profile.colour')}
          text={t('profile.colour.text')}
          below={
            <HueChoice
              label={t('profile.colour')}
              value={hue}
              id={id}
              onChange={(chosen) => look.mutate(chosen)}
            />
          }
        />
        <Row
          name={t('profile.fingerprint')}
          text={t('profile.fingerprint.text')}
          below={
            <div className="flex items-center gap-3">
              <code dir="ltr" className="min-w-0 flex-1 font-mono text-small">
                {fingerprint}
              </code>
              <CopyButton size="small" look="quiet" value={fingerprint} />
            </div>
          }
        />
      </Rows>
    </>
  );
}

function NameForm({ profile }: { profile: Profile }) {
  const { t } = useTexts();
  // Undefined: nobody typed, or all of it is saved. Only then a name from another window comes into the field.
  const [typed, setTyped] = useState<string>();
  const name = typed ?? profile.name;
  const rename = useMutation({
    mutationFn: async (chosen: string) => await api.profile.setName.mutate({ name: chosen.trim() }),
    onSuccess: (saved, chosen) => {
      queryClient.setQueryData<Profile>(keys.profile, saved);
      // What was typed while it was saved stays.
      setTyped((now) => (now === chosen ? undefined : now));
      showToast({ text: t('profile.saved') });
      // The button is pressed no more: where it had the focus, the field has it again.
      afterPaint(() => giveFocusBack(true));
    },
  });
  const isChanged = name.trim() !== profile.name && name.trim() !== '';

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (isChanged && !rename.isPending) rename.mutate(name);
  }

  return (
    <form onSubmit={submit} className="mb-8 flex items-start gap-2">
      <div className="min-w-0 flex-1">
        <TextField
          label={t('profile.name')}
          help={t('profile.name.text')}
          maxLength={nameMax}
          value={name}
          error={rename.isError ? nameErrorWords(rename.error, name) : undefined}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      <Button
        type="submit"
        look="primary"
        className="mt-6"
        disabled={!isChanged}
        busy={rename.isPending && t('state.saving')}
      >
        {t('action.save')}
      </Button>
    </form>
  );
}
