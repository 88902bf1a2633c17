/** The green dot: how the network looks from here, in a plain sentence. */
import { useQuery } from '@tanstack/react-query';
import { useState, type ComponentProps } from 'react';
import type { NetworkOutlook } from '@kith/api/shapes';
import { classNames } from '../design/class-names.ts';
import { latePart } from '../design/late-part.tsx';
import { useConnectionState } from '../data/connection.ts';
import { queries } from '../data/queries.ts';
import { useTexts } from '../i18n/texts.ts';
import { outlookWords } from '../i18n/wording.ts';

const HealthPanel = latePart(async () => (await import('./health-panel.tsx')).HealthPanel, { isAhead: true });

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
  const [isWanted, setIsWanted] = useState(false);
  if (!isWanted) return <HealthButton aria-expanded="false" onClick={() => setIsWanted(true)} />;
  return (
    <HealthPanel
      part={{}}
      meanwhile={<HealthButton aria-expanded="true" />}
      onFailed={() => setIsWanted(false)}
    />
  );
}

export function HealthButton(props: ComponentProps<'button'>) {
  const { t } = useTexts();
  const { short, dot } = useHealth();
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      aria-label={t('health.button', { state: short })}
      className="flex size-11 items-center justify-center rounded-panel hover:bg-hover data-[state=open]:bg-hover"
      {...props}
    >
      <span className={classNames('size-2.5 rounded-full transition-colors', dot)} />
    </button>
  );
}
