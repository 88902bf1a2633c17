/** Leads to the newest message, and says how many are waiting there. */
import { ArrowDown } from 'lucide-react';
import { formatNumber } from '../i18n/formats.ts';
import { useTexts } from '../i18n/texts.ts';

export function JumpButton({ count, label, onClick }: { count: number; label: string; onClick: () => void }) {
  const { t } = useTexts();
  return (
    <button
      type="button"
      aria-label={count > 0 ? `${label}, ${t('talk.unread.below', { count })}` : label}
      onClick={onClick}
      className="appear absolute end-4 bottom-3 z-3 flex h-9 min-w-9 items-center justify-center gap-1.5 rounded-full border border-line bg-raised px-2 text-small text-secondary shadow-float transition-colors duration-100 hover:bg-hover hover:text-text"
    >
      {count > 0 && <span className="tabular ps-1 text-accent-text">{formatNumber(count)}</span>}
      <ArrowDown size={17} aria-hidden="true" />
    </button>
  );
}
