/** People on the same local network who chose to be visible. Their names are claims. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import type { AddedContact } from '@kith/api/shapes';
import type { Nearby } from '@kith/api/settings-shapes';
import { Avatar } from '../design/avatar.tsx';
import { Button } from '../design/button.tsx';
import { RowWords } from '../design/list-row.tsx';
import { Switch } from '../design/switch.tsx';
import { showToast } from '../design/toast-store.ts';
import { api } from '../data/connection.ts';
import { keepContact } from '../data/contacts.ts';
import { queries } from '../data/queries.ts';
import { useChangeSettings, useSettings } from '../data/settings.ts';
import { useTexts } from '../i18n/texts.ts';
import { errorWords } from '../i18n/wording.ts';
import { Section } from '../shell/page.tsx';

export function NearbyList({ onAdded }: { onAdded: (contact: AddedContact) => void }) {
  const { t } = useTexts();
  const name = useId();
  const { data: people = [] } = useQuery(queries.nearby);
  const { lanVisible, lan } = useSettings();
  const changeSettings = useChangeSettings();
  if (lan === 'off') return null;
  return (
    <Section title={t('nearby.title')} text={people.length === 0 ? t('nearby.none') : t('nearby.text')}>
      {people.length > 0 && (
        <ul className="mb-4 flex flex-col rounded-panel border bg-raised px-2 py-1">
          {people.map((person) => (
            <NearbyRow key={person.id} person={person} onAdded={onAdded} />
          ))}
        </ul>
      )}
      <div className="flex items-center gap-4">
        <span id={name} className="flex-1">
          {t('nearby.visible')}
        </span>
        <Switch
          checked={lanVisible}
          onChange={(on) => changeSettings({ lanVisible: on })}
          labelledBy={name}
        />
      </div>
    </Section>
  );
}

function NearbyRow({ person, onAdded }: { person: Nearby; onAdded: (contact: AddedContact) => void }) {
  const { t } = useTexts();
  const add = useMutation({
    mutationFn: async () => await api.contacts.add.mutate({ card: person.card, name: person.name }),
    onSuccess: (contact) => {
      keepContact(contact);
      onAdded(contact);
    },
    onError: (error) => showToast({ text: errorWords(error), look: 'bad' }),
  });
  return (
    <li className="rise flex min-h-(--row) items-center gap-3 px-2">
      <RowWords
        lead={<Avatar id={person.id} name={person.name} hue={person.hue} />}
        title={person.name}
        detail={t('nearby.unverified')}
        end={
          <Button
            size="small"
            aria-label={t('nearby.add', { name: person.name })}
            busy={add.isPending && t('state.saving')}
            onClick={() => add.mutate()}
          >
            {t('add.add')}
          </Button>
        }
      />
    </li>
  );
}
