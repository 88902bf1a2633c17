/** Browsers that may open this Kith. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { Monitor } from 'lucide-react';
import { Button } from '../design/button.tsx';
import { Broken } from '../design/error-boundary.tsx';
import { SkeletonRows } from '../design/skeleton.tsx';
import { showToast } from '../design/toast-store.ts';
import { api } from '../data/connection.ts';
import { keys, queryClient } from '../data/query-client.ts';
import { queries } from '../data/queries.ts';
import { formatAgo, formatDate } from '../i18n/formats.ts';
import { useTexts } from '../i18n/texts.ts';
import { errorWords } from '../i18n/wording.ts';

export function BrowsersSection() {
  const { t } = useTexts();
  const { data: browsers, isError, refetch } = useQuery(queries.browsers);
  const signOut = useMutation({
    mutationFn: async (id: string) => await api.node.signOut.mutate({ id }),
    onSuccess: async () => await queryClient.invalidateQueries({ queryKey: keys.browsers }),
    onError: (error) => showToast({ text: errorWords(error), look: 'bad' }),
  });
  if (isError) return <Broken onRetry={() => void refetch()} />;
  if (browsers === undefined) return <SkeletonRows count={2} label={t('state.loading')} />;
  return (
    <>
      <p className="mb-5 text-secondary text-pretty">{t('browsers.text')}</p>
      <ul className="divide-y rounded-panel border bg-raised">
        {browsers.map(({ id, name, signedInAt, lastSeenAt, current }) => (
          <li key={id} className="flex min-h-16 items-center gap-4 px-4 py-2.5">
            <Monitor size={20} className="shrink-0 text-secondary" />
            <div className="min-w-0 flex-1">
              <p className="truncate">{name}</p>
              <p className="text-small text-secondary">
                {current ? t('browsers.this') : t('browsers.seen', { ago: formatAgo(lastSeenAt) })}
                {' · '}
                {t('browsers.since', { date: formatDate(signedInAt) })}
              </p>
            </div>
            <Button
              size="small"
              aria-label={t('browsers.sign-out.of', { name })}
              busy={signOut.isPending && signOut.variables === id && t('state.saving')}
              onClick={() => signOut.mutate(id)}
            >
              {t('browsers.sign-out')}
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}
