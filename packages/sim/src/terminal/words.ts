/** Numbers, times and lines for people. */
import type { Figure } from '../scenario.ts';

/* oxlint-disable-next-line no-control-regex -- control characters are what is looked for */
const control = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g;

/** On one line and without what could act on a terminal: a detail may quote what a hostile node sent. */
export function onOneLine(text: string): string {
  return text.replaceAll(control, ' ').trim();
}

/** At most four digits that matter, thousands apart: `1,234`, `0.7013`. */
export function number(value: number): string {
  const digits = Math.abs(value) >= 1_000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 4 };
  return value.toLocaleString('en-US', digits);
}

/** Milliseconds as a person says them: `0.8 ms`, `350 ms`, `12.3 s`, `7 min 20 s`, `45 min`, `2 h 5 min`. */
export function duration(ms: number): string {
  if (Math.abs(ms) < 1_000) return `${number(Number(ms.toPrecision(3)))} ms`;
  const seconds = ms / 1_000;
  if (seconds < 120) return `${number(Number(seconds.toPrecision(3)))} s`;
  const whole = Math.round(seconds);
  if (whole < 1_200 && whole % 60 > 0) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const rest = minutes % 60;
  return `${number((minutes - rest) / 60)} h${rest === 0 ? '' : ` ${rest} min`}`;
}

/** A value with its unit: `98.7 %`, `1.2 s`, `643 bytes`. */
export function quantity(value: number, unit: string): string {
  if (unit === 'share') return `${number(Number((value * 100).toPrecision(4)))} %`;
  if (unit === 'ms') return duration(value);
  return unit === '' ? number(value) : `${number(value)} ${unit}`;
}

/** The same, without a unit that is the name itself: `crashes`, 35. */
export function valueOf({ name, value, unit }: Pick<Figure, 'name' | 'value' | 'unit'>): string {
  return quantity(value, name === unit ? '' : unit);
}

/** `at most 5 s`, `at least 80 %`; empty where a figure is only stated. */
export function goalWords({ goal, unit }: Pick<Figure, 'goal' | 'unit'>): string {
  const least = goal?.atLeast === undefined ? [] : [`at least ${quantity(goal.atLeast, unit)}`];
  const most = goal?.atMost === undefined ? [] : [`at most ${quantity(goal.atMost, unit)}`];
  return [...least, ...most].join(', ');
}

/** `1 peer`, `2,000 peers`. */
export function count(value: number, noun: string): string {
  return `${number(value)} ${noun}${value === 1 ? '' : 's'}`;
}
