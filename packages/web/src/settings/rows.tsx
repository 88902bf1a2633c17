/** The rows of the settings: a name, what it means, and the control at the end. */
import { useId, type ReactNode } from 'react';
import { Segmented, type SegmentedProps } from '../design/segmented.tsx';
import { Switch } from '../design/switch.tsx';

/** Rows that belong together, on one panel. */
export function Rows({ children }: { children: ReactNode }) {
  return <div className="mb-8 divide-y rounded-panel border bg-raised">{children}</div>;
}

export interface RowProps {
  name: string;
  text?: ReactNode;
  children?: ReactNode;
  /** The control takes a line of its own. */
  below?: ReactNode;
}

export function Row({ name, text, children, below }: RowProps) {
  return (
    <div className="px-4 py-3">
      <div className="flex min-h-8 items-center gap-4">
        <div className="min-w-0 flex-1">
          <p>{name}</p>
          {text !== undefined && <p className="text-small text-secondary text-pretty">{text}</p>}
        </div>
        {children}
      </div>
      {below !== undefined && <div className="mt-3 mb-1">{below}</div>}
    </div>
  );
}

export interface SwitchRowProps {
  name: string;
  text?: ReactNode;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}

export function SwitchRow({ name, text, checked, disabled = false, onChange }: SwitchRowProps) {
  const id = useId();
  return (
    <div className="flex min-h-14 items-center gap-4 px-4 py-3">
      <div className="min-w-0 flex-1">
        <p id={id}>{name}</p>
        {text !== undefined && (
          <p id={`${id}-text`} className="text-small text-secondary text-pretty">
            {text}
          </p>
        )}
      </div>
      <Switch
        checked={checked}
        disabled={disabled}
        onChange={onChange}
        labelledBy={id}
        describedBy={text === undefined ? undefined : `${id}-text`}
      />
    </div>
  );
}

export function ChoiceRow<Value extends string>({
  text,
  ...choice
}: SegmentedProps<Value> & { text?: ReactNode }) {
  return <Row name={choice.label} text={text} below={<Segmented {...choice} />} />;
}
