/** My card: what others need to reach me. */
import { useQuery } from '@tanstack/react-query';
import { Avatar } from '../design/avatar.tsx';
import { queries } from '../data/queries.ts';
import { useTexts } from '../i18n/texts.ts';
import { Page } from '../shell/page.tsx';
import { MyCard } from './my-card.tsx';

export function CardPage() {
  const { t } = useTexts();
  const { data: profile } = useQuery(queries.profile);
  return (
    <Page title={t('shell.card')}>
      <div className="flex flex-col items-center gap-6">
        {profile !== undefined && (
          <div className="flex flex-col items-center gap-3">
            <Avatar id={profile.id} name={profile.name} hue={profile.hue} size={72} />
            <h2 className="foreign text-title">{profile.name}</h2>
          </div>
        )}
        <MyCard />
      </div>
    </Page>
  );
}
