/** What others are told of us without our writing it. */
import { useQuery } from '@tanstack/react-query';
import type { Contact } from '@kith/api/shapes';
import { Avatar } from '../design/avatar.tsx';
import { Button } from '../design/button.tsx';
import { RowWords } from '../design/list-row.tsx';
import { unblockContact } from '../data/contacts.ts';
import { queries } from '../data/queries.ts';
import { useChangeSettings, useSettings } from '../data/settings.ts';
import { useTexts } from '../i18n/texts.ts';
import { Section } from '../shell/page.tsx';
import { Rows, SwitchRow } from './rows.tsx';

const blockedOf = (contacts: readonly Contact[]): Contact[] =>
  contacts.filter(({ state }) => state === 'blocked');

export function PrivacySection() {
  const { t } = useTexts();
  const { readMarks, typingSigns, lanVisible } = useSettings();
  const changeSettings = useChangeSettings();
  const { data: blocked = [] } = useQuery({ ...queries.contacts, select: blockedOf });
  return (
    <>
      <Rows>
        <SwitchRow
          name={t('privacy.read')}
          text={t('privacy.read.text')}
          checked={readMarks}
          onChange={(on) => changeSettings({ readMarks: on })}
        />
        <SwitchRow
          name={t('privacy.typing')}
          text={t('privacy.typing.text')}
          checked={typingSigns}
          onChange={(on) => changeSettings({ typingSigns: on })}
        />
        <SwitchRow
          name={t('nearby.visible')}
          text={t('privacy.lan.text')}
          checked={lanVisible}
          onChange={(on) => changeSettings({ lanVisible: on })}
        />
      </Rows>
      <Section
        title={t('privacy.blocked')}
        text={blocked.length === 0 ? t('privacy.blocked.none') : undefined}
      >
        {blocked.length > 0 && (
          <ul className="divide-y rounded-panel border bg-raised">
            {blocked.map((contact) => (
              <li key={contact.id} className="flex min-h-(--row) items-center gap-3 px-4">
                <RowWords
                  lead={<Avatar id={contact.id} name={contact.name} hue={contact.hue} />}
                  title={contact.name}
                  end={
                    <Button size="small" onClick={() => void unblockContact(contact)}>
                      {t('person.unblock')}
                    </Button>
                  }
                />
              </li>
            ))}
          </ul>
        )}
      </Section>
    </>
  );
}
