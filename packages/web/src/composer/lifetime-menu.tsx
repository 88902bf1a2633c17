/** How long delivery is tried. The clock ends the attempts, nothing else: what arrived stays, and the words say so. */
import { Timer } from 'lucide-react';
import { IconButton } from '../design/icon-button.tsx';
import { Menu } from '../design/menu.tsx';
import { useTexts, type Translate } from '../i18n/texts.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const offered: readonly (number | null)[] = [null, hourMs, 8 * hourMs, dayMs, 7 * dayMs];

/** `1 hour`, `3 days`. */
export function durationWords(ms: number, t: Translate): string {
  if (ms % dayMs === 0) return t('duration.days', { count: ms / dayMs });
  if (ms % hourMs === 0) return t('duration.hours', { count: ms / hourMs });
  if (ms % 60_000 === 0) return t('duration.minutes', { count: ms / 60_000 });
  return t('duration.seconds', { count: Math.round(ms / 1_000) });
}

export interface LifetimeMenuProps {
  ttlMs: number | null;
  onChange: (ttlMs: number | null) => void;
}

export function LifetimeMenu({ ttlMs, onChange }: LifetimeMenuProps) {
  const { t } = useTexts();
  const choices = offered.includes(ttlMs) ? offered : [...offered, ttlMs];
  const label =
    ttlMs === null ? t('lifetime.title') : t('lifetime.chosen', { time: durationWords(ttlMs, t) });
  return (
    <Menu
      side="top"
      align="end"
      entries={choices.map((choice) => ({
        label:
          choice === null ? t('lifetime.none') : t('lifetime.within', { time: durationWords(choice, t) }),
        checked: choice === ttlMs,
        onSelect: () => onChange(choice),
      }))}
    >
      <IconButton label={label} icon={<Timer size={18} />} active={ttlMs !== null} />
    </Menu>
  );
}
