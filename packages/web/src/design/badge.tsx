/** How many wait. Nothing at zero. */
import { classNames } from './class-names.ts';

export interface BadgeProps {
  count: number;
  /** Above it "max+" is shown. */
  max?: number;
  /** `quiet` where it does not call: a muted conversation. */
  look?: 'accent' | 'quiet';
  /** What is counted, for screen readers: "3 unread". */
  label: string;
  className?: string;
}

export function Badge({ count, max = 999, look = 'accent', label, className }: BadgeProps) {
  if (count <= 0) return null;
  return (
    <span
      className={classNames(
        'tabular inline-flex h-5 min-w-5 items-center justify-center rounded-full px-1.5 text-meta font-strong',
        look === 'accent' ? 'bg-accent text-on-accent' : 'bg-pressed text-secondary',
        className,
      )}
    >
      <span aria-hidden="true">{count > max ? `${String(max)}+` : count}</span>
      <span className="sr-only">{label}</span>
    </span>
  );
}
