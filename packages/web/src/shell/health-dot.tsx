/** The green dot: how the network looks from here, in a plain sentence. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { NetworkOutlook } from '@kith/api/shapes';
import { classNames } from '../design/class-names.ts';
import { Popover } from '../design/popover.tsx';
import { useConnectionState } from '../data/connection.ts';
import { queries } from '../data/queries.ts';
import { useTexts } from '../i18n/texts.ts';
import { outlookWords } from '../i18n/wording.ts';

const dots: Record<NetworkOutlook, string> = {
  connected: 'bg-dot',
  merging: 'bg-dot',
  'local-only': 'bg-dot',
  alone: 'bg-edge',
  'probably-cut-off': 'bg-warn',
};

/** @returns the words and the look of the network as it is now; the node's absence is the worst of all. */
export function useHealth(): { short: string; long: string; dot: string } {
  const { t } = useTexts();
  const connection = useConnectionState();
  const { data: status } = useQuery(queries.status);
  if (connection !== 'connected' || status === undefined) {
    return { short: t('health.gone'), long: t('health.gone.long'), dot: 'bg-warn' };
  }
  return { ...outlookWords(status.outlook.state), dot: dots[status.outlook.state] };
}

export function HealthDot() {
  const { t } = useTexts();
  const { short, long, dot } = useHealth();
  const [open, setOpen] = useState(false);
  return (
    <Popover
      label={t('health.label')}
      side="right"
      align="end"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <button
          type="button"
          aria-label={t('health.button', { state: short })}
          className="flex size-11 items-center justify-center rounded-panel hover:bg-hover data-[state=open]:bg-hover"
        >
          <span className={classNames('size-2.5 rounded-full transition-colors', dot)} />
        </button>
      }
    >
      <div className="w-72 p-4">
        <p className="flex items-center gap-2 font-strong">
          <span className={classNames('size-2.5 rounded-full', dot)} />
          {short}
        </p>
        <p className="mt-1.5 text-secondary">{long}</p>
        <Link
          to="/settings/$section"
          params={{ section: 'network' }}
          onClick={() => setOpen(false)}
          className="mt-3 inline-block text-small text-accent-text underline-offset-4 hover:underline"
        >
          {t('health.more')}
        </Link>
      </div>
    </Popover>
  );
}
