/** What the typed word may become, above the composer. The field keeps the focus; arrows choose, Enter or Tab takes, Escape closes. */
import type { ReactNode } from 'react';
import { classNames } from '../design/class-names.ts';

export interface Suggestion {
  key: string;
  lead: ReactNode;
  title: string;
  detail?: string;
  onTake: () => void;
}

export interface SuggestionsProps {
  id: string;
  label: string;
  suggestions: readonly Suggestion[];
  active: number;
}

export function suggestionId(listId: string, index: number): string {
  return `${listId}-${String(index)}`;
}

export function Suggestions({ id, label, suggestions, active }: SuggestionsProps) {
  return (
    <div
      id={id}
      role="listbox"
      aria-label={label}
      className="appear absolute inset-x-3 bottom-full z-20 mb-1 max-h-72 overflow-y-auto rounded-panel border border-line bg-raised p-1 shadow-float pane:max-w-84"
    >
      {suggestions.map((suggestion, index) => (
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- keys are the field's.
        <div
          key={suggestion.key}
          id={suggestionId(id, index)}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          // The field keeps the focus.
          onPointerDown={(event) => event.preventDefault()}
          onClick={suggestion.onTake}
          className={classNames(
            'flex min-h-8 items-center gap-2.5 rounded-control px-2 py-1 select-none hover:bg-hover',
            index === active && 'bg-hover',
          )}
        >
          <span className="flex w-7 shrink-0 justify-center text-[1.25rem] text-faint">
            {suggestion.lead}
          </span>
          {suggestion.detail === undefined ? (
            <span className="truncate">{suggestion.title}</span>
          ) : (
            <>
              <span className="shrink-0">{suggestion.title}</span>
              <span className="ms-auto truncate text-small text-faint">{suggestion.detail}</span>
            </>
          )}
        </div>
      ))}
    </div>
  );
}
