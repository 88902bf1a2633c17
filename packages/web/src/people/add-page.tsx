/** Adding somebody: their card, or people near here; then how it goes on, step by step. */
import { Link, useLocation } from '@tanstack/react-router';
import { useState } from 'react';
import { useTexts } from '../i18n/texts.ts';
import { Page, Section } from '../shell/page.tsx';
import { AddForm } from './add-form.tsx';
import { AddedPerson } from './added-person.tsx';
import { NearbyList } from './nearby-list.tsx';

export function AddPage() {
  const { t } = useTexts();
  // A `mesh:` link in a message leads here: shown before anything is added, as if it had been pasted.
  const { hash } = useLocation();
  const [added, setAdded] = useState<string>();
  return (
    <Page
      title={t('shell.add')}
      end={
        <Link to="/card" className="shrink-0 text-small text-accent-text underline-offset-4 hover:underline">
          {t('add.mine')}
        </Link>
      }
    >
      {added === undefined ? (
        <>
          <Section text={t('add.text')}>
            <AddForm key={hash} initial={hash} onAdded={({ id }) => setAdded(id)} focused />
          </Section>
          <NearbyList onAdded={({ id }) => setAdded(id)} />
        </>
      ) : (
        <AddedPerson id={added} onAnother={() => setAdded(undefined)} />
      )}
    </Page>
  );
}
