/** The look of a row that can be chosen; the element (link, button, option) is the caller's. */
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

/** Class names of such a row. */
export function rowLook({
  active = false,
  small = false,
}: { active?: boolean; small?: boolean } = {}): string {
  return classNames(
    'flex w-full min-w-0 items-center gap-3 rounded-control px-2.5 text-start text-body',
    'transition-colors duration-75 select-none',
    small ? 'min-h-(--row-small)' : 'min-h-(--row)',
    active ? 'bg-pressed' : 'hover:bg-hover active:bg-pressed',
  );
}

export interface RowWordsProps {
  lead?: ReactNode;
  title: ReactNode;
  detail?: ReactNode;
  /** At the end of the row. */
  end?: ReactNode;
}

/** What stands in a row: a picture, one or two lines, something at the end. Long words are cut, never wrapped. */
export function RowWords({ lead, title, detail, end }: RowWordsProps) {
  return (
    <>
      {lead}
      <span className="flex min-w-0 flex-1 flex-col">
        <span className="truncate">{title}</span>
        {detail !== undefined && <span className="truncate text-small text-secondary">{detail}</span>}
      </span>
      {end}
    </>
  );
}
