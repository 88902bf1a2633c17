/** A month to choose a day from. Arrow keys lead through it; the week begins as the person's language has it. */
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTexts } from '../i18n/texts.ts';
import { classNames } from './class-names.ts';
import { IconButton } from './icon-button.tsx';

export interface CalendarProps {
  label: string;
  /** The day that is shown first and marked. */
  value: Date;
  /** Days outside cannot be chosen. */
  min?: Date | undefined;
  max?: Date | undefined;
  onChoose: (day: Date) => void;
}

const steps: Record<string, [days: number, months: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [-7, 0],
  ArrowDown: [7, 0],
  PageUp: [0, -1],
  PageDown: [0, 1],
};

export function Calendar({ label, value, min, max, onChoose }: CalendarProps) {
  const { t, language } = useTexts();
  const [active, setActive] = useState(() => dayOf(value));
  const grid = useRef<HTMLTableElement>(null);
  const moved = useRef(true);
  const first = firstWeekday(language);
  const weeks = weeksOf(active, first);
  const month = new Intl.DateTimeFormat(language, { month: 'long', year: 'numeric' }).format(active);

  useEffect(() => {
    if (!moved.current) return;
    moved.current = false;
    grid.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  }, [active]);

  function onKeyDown(event: KeyboardEvent): void {
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    moved.current = true;
    setActive(shifted(active, ...step));
  }

  return (
    <div className="w-76 p-3">
      <header className="mb-1 flex items-center gap-1">
        <h2 aria-live="polite" className="flex-1 px-2 font-strong">
          {month}
        </h2>
        <IconButton
          label={t('calendar.previous')}
          icon={<ChevronLeft size={18} />}
          onClick={() => setActive(shifted(active, 0, -1))}
        />
        <IconButton
          label={t('calendar.next')}
          icon={<ChevronRight size={18} />}
          onClick={() => setActive(shifted(active, 0, 1))}
        />
      </header>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrows lead through its buttons. */}
      <table ref={grid} aria-label={label} className="w-full table-fixed" onKeyDown={onKeyDown}>
        <thead>
          <tr>
            {(weeks[0] ?? []).map((day) => (
              <th key={day.getDay()} scope="col" className="h-7 text-meta font-normal text-faint">
                <span aria-hidden="true">{weekdayName(day, language, 'narrow')}</span>
                <span className="sr-only">{weekdayName(day, language, 'long')}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]?.getTime()}>
              {week.map((day) => (
                <td key={day.getTime()} className="p-0">
                  <DayButton {...{ day, value, active, onChoose }} isOut={isOut(day, min, max)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface DayButtonProps {
  day: Date;
  value: Date;
  active: Date;
  isOut: boolean;
  onChoose: (day: Date) => void;
}

function DayButton({ day, value, active, isOut: isDisabled, onChoose }: DayButtonProps) {
  const { language } = useTexts();
  const [today] = useState(() => new Date());
  return (
    <button
      type="button"
      tabIndex={isSame(day, active) ? 0 : -1}
      disabled={isDisabled}
      aria-pressed={isSame(day, value)}
      aria-label={new Intl.DateTimeFormat(language, { dateStyle: 'full' }).format(day)}
      aria-current={isSame(day, today) ? 'date' : undefined}
      onClick={() => onChoose(day)}
      className={classNames(
        'tabular flex h-9 w-full items-center justify-center rounded-control text-small hover:bg-hover disabled:opacity-35',
        day.getMonth() !== active.getMonth() && 'text-faint',
        isSame(day, value) && 'bg-accent-soft font-strong text-accent-text',
        isSame(day, today) && 'underline decoration-accent decoration-2 underline-offset-4',
      )}
    >
      {day.getDate()}
    </button>
  );
}

function isOut(day: Date, min: Date | undefined, max: Date | undefined): boolean {
  return (min !== undefined && day < dayOf(min)) || (max !== undefined && day > dayOf(max));
}

function dayOf(date: Date): Date {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate());
}

function isSame(one: Date, other: Date): boolean {
  return dayOf(one).getTime() === dayOf(other).getTime();
}

/** A month later from the 31st is the last day of the next. */
function shifted(day: Date, days: number, months: number): Date {
  if (months === 0) return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days);
  const last = new Date(day.getFullYear(), day.getMonth() + months + 1, 0).getDate();
  return new Date(day.getFullYear(), day.getMonth() + months, Math.min(day.getDate(), last));
}

/** Six weeks, so that the panel keeps its height. */
function weeksOf(active: Date, firstDay: number): Date[][] {
  const start = new Date(active.getFullYear(), active.getMonth(), 1);
  const back = (start.getDay() - firstDay + 7) % 7;
  return Array.from({ length: 6 }, (_, week) =>
    Array.from(
      { length: 7 },
      (_day, index) => new Date(start.getFullYear(), start.getMonth(), 1 - back + week * 7 + index),
    ),
  );
}

function weekdayName(day: Date, language: string, weekday: 'narrow' | 'long'): string {
  return new Intl.DateTimeFormat(language, { weekday }).format(day);
}

/** 0 is Sunday. Monday where the browser does not know. */
function firstWeekday(language: string): number {
  const offered = navigator.languages.find((tag) => tag.startsWith(language)) ?? language;
  const locale: Intl.Locale & { getWeekInfo?: () => { firstDay: number } } = new Intl.Locale(offered);
  return (locale.getWeekInfo?.().firstDay ?? 1) % 7;
}
