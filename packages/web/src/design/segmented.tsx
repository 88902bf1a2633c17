/** One of a few, all of them in sight. */
import { ToggleGroup } from 'radix-ui';
import type { ReactNode } from 'react';

export interface SegmentedProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string; icon?: ReactNode }[];
  onChange: (value: Value) => void;
  disabled?: boolean;
}

export function Segmented<Value extends string>(props: SegmentedProps<Value>) {
  const { label, value, options, onChange, disabled = false } = props;
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={label}
      value={value}
      disabled={disabled}
      // Pressing the chosen one again gives nothing: one always stands.
      onValueChange={(chosen) => {
        const option = options.find((each) => each.value === chosen);
        if (option !== undefined) onChange(option.value);
      }}
      className="grid max-w-full grid-cols-[repeat(auto-fit,minmax(6rem,1fr))] rounded-control bg-hover p-0.5 pane:inline-flex pane:flex-wrap"
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          className="inline-flex h-7.5 flex-1 items-center justify-center gap-1.5 rounded-small px-3 text-small whitespace-nowrap text-secondary transition-colors duration-100 hover:text-text disabled:opacity-45 data-[state=on]:bg-raised data-[state=on]:text-text data-[state=on]:shadow-segment dark:data-[state=on]:bg-pressed"
        >
          {option.icon}
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
