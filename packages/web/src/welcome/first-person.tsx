/** The first person: their card, or mine for them. */
import type { AddedContact } from '@kith/api/shapes';
import { Button } from '../design/button.tsx';
import { Tabs } from '../design/tabs.tsx';
import { useTexts } from '../i18n/texts.ts';
import { AddForm } from '../people/add-form.tsx';
import { MyCard } from '../people/my-card.tsx';
import { NearbyList } from '../people/nearby-list.tsx';

export interface FirstPersonProps {
  onAdded: (contact: AddedContact) => void;
  onLater: () => void;
}

export function FirstPerson({ onAdded, onLater }: FirstPersonProps) {
  const { t } = useTexts();
  return (
    <div className="rise flex w-full flex-col">
      <h1 className="text-center text-welcome text-balance">{t('welcome.person.title')}</h1>
      <p className="mx-auto mt-3 mb-8 max-w-90 text-center text-secondary text-balance">
        {t('welcome.person.text')}
      </p>
      <Tabs
        label={t('welcome.person.title')}
        tabs={[
          {
            id: 'theirs',
            label: t('welcome.theirs'),
            content: (
              <div className="flex flex-col gap-8">
                <AddForm onAdded={onAdded} focused />
                <NearbyList onAdded={onAdded} />
              </div>
            ),
          },
          { id: 'mine', label: t('welcome.mine'), content: <MyCard /> },
        ]}
      />
      <Button look="quiet" className="mt-6 self-center" onClick={onLater}>
        {t('welcome.later')}
      </Button>
    </div>
  );
}
