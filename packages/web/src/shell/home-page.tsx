/** Beside the list when nothing is open: one thing to do. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button } from '../design/button.tsx';
import { EmptyState } from '../design/empty-state.tsx';
import { Shortcut } from '../design/shortcut.tsx';
import { queries } from '../data/queries.ts';
import { useTexts } from '../i18n/texts.ts';

export function HomePage() {
  const { t } = useTexts();
  const navigate = useNavigate();
  const { data: contacts } = useQuery(queries.contacts);
  if (contacts === undefined) return null;
  if (contacts.length > 0) {
    return (
      <EmptyState
        title={t('home.choose.title')}
        text={t('home.choose.text')}
        action={<Shortcut keys="Mod+K" />}
      />
    );
  }
  return (
    <EmptyState
      title={t('home.first.title')}
      text={t('home.first.text')}
      action={
        <>
          <Button look="primary" onClick={() => void navigate({ to: '/add' })}>
            {t('shell.add')}
          </Button>
          <Button onClick={() => void navigate({ to: '/card' })}>{t('home.first.card')}</Button>
        </>
      }
    />
  );
}
