/** Pages that are not there, and pages that broke. */
import { Link, useRouter } from '@tanstack/react-router';
import { Broken } from '../design/error-boundary.tsx';
import { EmptyState } from '../design/empty-state.tsx';
import { useTexts } from '../i18n/texts.ts';
import { useNoTypeAhead } from '../shell/type-ahead.ts';

export function NotFound() {
  const { t } = useTexts();
  return (
    <EmptyState
      title={t('lost.title')}
      text={t('lost.text')}
      action={
        <Link to="/" className="text-accent-text underline-offset-4 hover:underline">
          {t('lost.home')}
        </Link>
      }
    />
  );
}

export function PageBroken() {
  const router = useRouter();
  useNoTypeAhead();
  return <Broken onRetry={() => void router.invalidate()} />;
}
