/** The mark: a ring of six dots joined by thin lines, nothing in the middle. A circle without a centre. */
import { useId } from 'react';
import { classNames } from './class-names.ts';

const middle = 12;
const radius = 8.5;
/** From the top, clockwise. Fixed places rather than sines, so that both halves are mirror images to the last digit. */
export const ringDots: readonly (readonly [number, number])[] = [
  [middle, middle - radius],
  [middle + 7.361, middle - radius / 2],
  [middle + 7.361, middle + radius / 2],
  [middle, middle + radius],
  [middle - 7.361, middle + radius / 2],
  [middle - 7.361, middle - radius / 2],
];

export interface MarkProps {
  /** Edge in pixels. */
  size?: number;
  className?: string;
}

/** Decoration: whoever shows it alone says in words what it stands for. */
export function Mark({ size = 24, className }: MarkProps) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" className={className}>
      <Ring />
      {ringDots.map(([x, y]) => (
        <circle key={`${x} ${y}`} cx={x} cy={y} r={2.1} fill="currentColor" />
      ))}
    </svg>
  );
}

function Ring() {
  const path = ringDots.map(([x, y]) => `${x},${y}`).join(' ');
  return <polygon points={path} fill="none" stroke="currentColor" strokeWidth={0.9} strokeOpacity={0.45} />;
}

const delays = ['0ms', '233ms', '467ms', '700ms', '933ms', '1167ms'];

export interface SpinnerProps extends MarkProps {
  /** What is being waited for; read out once. */
  label: string;
}

/** The mark whose dots light in turn. */
export function Spinner({ size = 24, className, label }: SpinnerProps) {
  const title = useId();
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      role="img"
      aria-labelledby={title}
      className={classNames('text-accent-text', className)}
    >
      <title id={title}>{label}</title>
      <Ring />
      {ringDots.map(([x, y], index) => (
        <circle
          key={`${x} ${y}`}
          cx={x}
          cy={y}
          r={2.1}
          fill="currentColor"
          className="light"
          style={{ animationDelay: delays[index] }}
        />
      ))}
    </svg>
  );
}
