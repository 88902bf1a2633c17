/** Adding somebody: their card, or people near here; then how it goes on, step by step. */
import { Link, useLocation } from '@tanstack/react-router';
import { QrCode } from 'lucide-react';
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
        <Link
          to="/card"
          className="inline-flex h-8.5 shrink-0 items-center gap-2 rounded-control px-2.5 text-secondary transition-colors hover:bg-hover hover:text-text"
        >
          <QrCode size={17} />
          {t('shell.card')}
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
