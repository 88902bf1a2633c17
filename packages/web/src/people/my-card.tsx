/** Mine: as a code for a camera and as a text to hand over. For one person, who is let in at once, or for any number who ask. */
import { queryOptions, useQuery } from '@tanstack/react-query';
import { RefreshCw, Share2 } from 'lucide-react';
import { useState } from 'react';
import type { Card } from '@kith/api/shapes';
import { Button } from '../design/button.tsx';
import { CopyButton } from '../design/copy-button.tsx';
import { IconButton } from '../design/icon-button.tsx';
import { QrCode } from '../design/qr-code.tsx';
import { Segmented } from '../design/segmented.tsx';
import { Skeleton } from '../design/skeleton.tsx';
import { api } from '../data/connection.ts';
import { formatMoment } from '../i18n/formats.ts';
import { useTexts } from '../i18n/texts.ts';
import { errorWords } from '../i18n/wording.ts';

type Kind = 'once' | 'open';

/** A card for one person that lies about is taken by whoever finds it, so it does not live long. */
const onceMsMax = 3 * 86_400_000;
/** Another visit within this time shows the same card rather than making one more. */
const keptMs = 30 * 60_000;

/** Asking makes one: not after a break, as all that is shown, but when the page is opened without one, and when it is wished for. */
export function cardOf(kind: Kind) {
  return queryOptions({
    queryKey: ['card', kind],
    staleTime: 'static',
    gcTime: keptMs,
    retryOnMount: true,
    queryFn: async () =>
      await api.profile.makeCard.mutate(
        kind === 'once' ? { once: true, expiresInMs: onceMsMax } : { once: false },
      ),
  });
}

export function MyCard() {
  const { t } = useTexts();
  const [kind, setKind] = useState<Kind>('once');
  const { data: card, error, refetch, isFetching } = useQuery(cardOf(kind));
  return (
    <div className="flex flex-col items-center gap-5">
      <Segmented
        label={t('card.kind')}
        value={kind}
        onChange={setKind}
        options={[
          { value: 'once', label: t('card.once') },
          { value: 'open', label: t('card.open') },
        ]}
      />
      <p className="max-w-90 text-center text-small text-secondary text-balance">
        {kind === 'once' ? t('card.once.text') : t('card.open.text')}
      </p>
      {error !== null ? (
        <div role="alert" className="flex flex-col items-center gap-4 py-8 text-center">
          <p className="max-w-80 text-secondary text-balance">{errorWords(error)}</p>
          <Button onClick={() => void refetch()}>{t('action.retry')}</Button>
        </div>
      ) : (
        <CardCode card={card} isMaking={isFetching} onNew={() => void refetch()} />
      )}
    </div>
  );
}

function CardCode({
  card,
  isMaking,
  onNew,
}: {
  card: Card | undefined;
  isMaking: boolean;
  onNew: () => void;
}) {
  const { t } = useTexts();
  const canShare = 'share' in navigator && matchMedia('(pointer: coarse)').matches;
  return (
    <>
      <div className="rounded-panel border bg-[#fff] p-1">
        {card === undefined ? (
          <Skeleton className="size-72" />
        ) : (
          <QrCode text={card.short} label={t('card.code')} size={288} />
        )}
      </div>
      <div className="flex flex-wrap items-center justify-center gap-2">
        <CopyButton
          look="primary"
          value={card?.card ?? ''}
          disabled={card === undefined}
          words={t('card.copy')}
        />
        {canShare && card !== undefined && (
          <Button
            icon={<Share2 size={16} />}
            onClick={() => {
              // Closing the system's sheet rejects: nothing happened then.
              navigator.share({ text: card.card }).catch(() => undefined);
            }}
          >
            {t('card.share')}
          </Button>
        )}
        <IconButton
          label={t('card.new')}
          icon={<RefreshCw size={17} />}
          onClick={onNew}
          disabled={isMaking}
        />
      </div>
      <p className="min-h-4.5 text-small text-faint">
        {card !== undefined && t('card.valid', { date: formatMoment(card.expiresAt) })}
      </p>
    </>
  );
}
