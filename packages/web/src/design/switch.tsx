/** On or off, at once. */
import { Switch as Radix } from 'radix-ui';

export interface SwitchProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  /** Id of the element that names it. */
  labelledBy: string;
  describedBy?: string | undefined;
  disabled?: boolean;
}

export function Switch({ checked, onChange, labelledBy, describedBy, disabled = false }: SwitchProps) {
  return (
    <Radix.Root
      checked={checked}
      onCheckedChange={onChange}
      disabled={disabled}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      className="relative h-5.5 w-9.5 shrink-0 rounded-full bg-edge transition-colors duration-100 disabled:opacity-45 data-[state=checked]:bg-accent"
    >
      <Radix.Thumb className="block size-4.5 translate-x-0.5 rounded-full bg-raised transition-transform duration-150 data-[state=checked]:translate-x-4.5 rtl:-translate-x-0.5 rtl:data-[state=checked]:-translate-x-4.5 dark:bg-ground" />
    </Radix.Root>
  );
}
