/** The mark as a measure: as many of its dots are lit as steps are done; the next one walks, or waits. Decoration. */
import { classNames } from '../design/class-names.ts';
import { ringDots } from '../design/mark.tsx';

export interface ReachRingProps {
  /** 0 to 5; 5 lights all six. */
  done: number;
  /** Something holds it up: the next dot does not walk. */
  isHeld: boolean;
  size: number;
}

export function ReachRing({ done, isHeld, size }: ReachRingProps) {
  const lit = done >= 5 ? ringDots.length : done;
  const path = ringDots.map(([x, y]) => `${String(x)},${String(y)}`).join(' ');
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      aria-hidden="true"
      className="shrink-0 text-accent-text"
    >
      <polygon points={path} fill="none" stroke="currentColor" strokeWidth={0.8} strokeOpacity={0.3} />
      {ringDots.map(([x, y], index) => (
        <circle
          key={`${String(x)} ${String(y)}`}
          cx={x}
          cy={y}
          r={2.1}
          fill="currentColor"
          className={classNames('transition-opacity', index === lit && !isHeld && 'light')}
          opacity={index < lit ? 1 : 0.22}
        />
      ))}
    </svg>
  );
}
