/** Buttons. One `primary` at most on a screen; `quiet` for what may be passed over; `danger` for what is not taken back. */
import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { Spinner } from './mark.tsx';

export type ButtonLook = 'primary' | 'plain' | 'quiet' | 'danger';

const looks: Record<ButtonLook, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover font-strong',
  plain: 'bg-raised text-text border border-line hover:bg-hover active:bg-pressed',
  quiet: 'text-secondary hover:bg-hover hover:text-text active:bg-pressed',
  danger: 'bg-bad-fill text-on-bad hover:brightness-95 font-strong',
};

const sizes = {
  medium: 'h-9 px-3.5 text-body gap-2',
  small: 'h-7.5 px-2.5 text-small gap-1.5',
  large: 'h-11 px-5 text-body gap-2',
};

export interface ButtonProps extends ComponentProps<'button'> {
  look?: ButtonLook;
  size?: keyof typeof sizes;
  icon?: ReactNode;
  /** Shows that the act is under way, and takes no second press meanwhile. Its words, for screen readers. */
  busy?: string | false;
}

export function Button({ look = 'plain', size = 'medium', icon, busy = false, ...rest }: ButtonProps) {
  const { className, children, onClick, disabled, ...others } = rest;
  const isBusy = busy !== false;
  return (
    <button
      type="button"
      {...others}
      // Not `disabled` while busy: the focus would be lost.
      aria-disabled={isBusy || undefined}
      aria-busy={isBusy || undefined}
      disabled={disabled}
      onClick={isBusy ? (event) => event.preventDefault() : onClick}
      className={classNames(
        'inline-flex shrink-0 items-center justify-center rounded-control whitespace-nowrap select-none',
        'transition-colors duration-100 disabled:opacity-45',
        looks[look],
        sizes[size],
        className,
      )}
    >
      {isBusy ? <Spinner size={16} label={busy} className="text-current" /> : icon}
      {children}
    </button>
  );
}
