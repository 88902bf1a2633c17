/** Dates, times, numbers and sizes as the person's language and country write them. Formatters are costly, so they are kept. */
import { i18n } from '@lingui/core';
import { formatTag } from './language.ts';

const kept = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat | Intl.RelativeTimeFormat>();
const dayMs = 86_400_000;

function tag(): string {
  return formatTag(i18n.locale === '' ? 'en' : i18n.locale, navigator.languages);
}

function keep<F extends Intl.DateTimeFormat | Intl.NumberFormat | Intl.RelativeTimeFormat>(
  name: string,
  make: (tag: string) => F,
): F {
  const key = `${tag()} ${name}`;
  const known = kept.get(key);
  // One name makes one kind of formatter.
  if (known !== undefined) return known as F;
  const made = make(tag());
  kept.set(key, made);
  return made;
}

const dateTime = (name: string, options: Intl.DateTimeFormatOptions) =>
  keep(name, (locale) => new Intl.DateTimeFormat(locale, options));

/** `14:05` or `2:05 PM`. */
export function formatTime(time: string | number | Date): string {
  return dateTime('time', { timeStyle: 'short' }).format(new Date(time));
}

/** `Monday, 3 March 2025`; the year only where it is not this one. */
export function formatDay(time: string | number | Date, nowMs: number = Date.now()): string {
  const date = new Date(time);
  const isThisYear = date.getFullYear() === new Date(nowMs).getFullYear();
  return isThisYear
    ? dateTime('day', { weekday: 'long', day: 'numeric', month: 'long' }).format(date)
    : dateTime('day-year', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format(date);
}

/** `3 Mar 2025, 14:05`. */
export function formatMoment(time: string | number | Date): string {
  return dateTime('moment', { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(time));
}

/** `3 Mar 2025`. */
export function formatDate(time: string | number | Date): string {
  return dateTime('date', { dateStyle: 'medium' }).format(new Date(time));
}

/** For lists: the time today, `yesterday`, the weekday within a week, else the date. */
export function formatWhen(time: string | number | Date, nowMs: number = Date.now()): string {
  const date = new Date(time);
  const days = daysBetween(date, new Date(nowMs));
  if (days <= 0) return formatTime(date);
  if (days === 1) {
    return keep('days', (locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })).format(
      -1,
      'day',
    );
  }
  if (days < 7) return dateTime('weekday', { weekday: 'short' }).format(date);
  const isThisYear = date.getFullYear() === new Date(nowMs).getFullYear();
  return isThisYear
    ? dateTime('short-day', { day: 'numeric', month: 'short' }).format(date)
    : dateTime('short-date', { dateStyle: 'short' }).format(date);
}

/** `now`, `3 minutes ago`, `in 2 days`, as whole steps of the largest unit that fits. */
export function formatAgo(time: string | number | Date, nowMs: number = Date.now()): string {
  const differenceMs = new Date(time).getTime() - nowMs;
  const relative = keep('ago', (locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }));
  const units: [Intl.RelativeTimeFormatUnit, number][] = [
    ['day', dayMs],
    ['hour', 3_600_000],
    ['minute', 60_000],
  ];
  for (const [unit, unitMs] of units) {
    if (Math.abs(differenceMs) >= unitMs) return relative.format(Math.trunc(differenceMs / unitMs), unit);
  }
  return relative.format(0, 'second');
}

/** Calendar days from one moment to another in the person's time zone, across changes of the clock. */
export function daysBetween(from: Date, to: Date): number {
  const midnight = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((midnight(to) - midnight(from)) / dayMs);
}

export function formatNumber(value: number): string {
  return keep('number', (locale) => new Intl.NumberFormat(locale)).format(value);
}

/** `4.2 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  const power = Math.min(bytes < 1_000 ? 0 : Math.floor(Math.log10(bytes) / 3), units.length - 1);
  const unit = units[power] ?? 'byte';
  const options = {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: power > 1 ? 1 : 0,
  } as const;
  return keep(`bytes ${unit}`, (locale) => new Intl.NumberFormat(locale, options)).format(
    bytes / 1_000 ** power,
  );
}
