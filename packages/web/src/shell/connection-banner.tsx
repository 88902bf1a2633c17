/** Says calmly that the node is gone while it is, and what that means. Goes by itself. */
import { CloudOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '../design/button.tsx';
import { retryConnection, useConnectionState } from '../data/connection.ts';
import { useTexts } from '../i18n/texts.ts';

/** A restart of the node is over before anybody has to know. */
const patienceMs = 1_200;

export function ConnectionBanner() {
  const { t } = useTexts();
  const state = useConnectionState();
  const [isLong, setIsLong] = useState(false);
  const isGone = state === 'no-node' || state === 'busy';
  useEffect(() => {
    if (!isGone) return undefined;
    const timer = setTimeout(() => setIsLong(true), patienceMs);
    return () => {
      clearTimeout(timer);
      setIsLong(false);
    };
  }, [isGone]);
  return (
    <div role="status">
      {isGone && isLong && (
        <div className="appear flex min-h-10 items-center gap-3 bg-warn-soft px-4 py-1.5 text-small">
          <CloudOff size={16} className="shrink-0 text-warn" />
          <p className="min-w-0 flex-1">{state === 'busy' ? t('gate.busy.text') : t('banner.gone')}</p>
          <Button look="quiet" size="small" onClick={retryConnection}>
            {t('action.retry')}
          </Button>
        </div>
      )}
    </div>
  );
}
