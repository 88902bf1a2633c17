/** A button that is an icon: its name is its tooltip and what screen readers say. */
import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { ariaKeys } from './shortcut.tsx';
import { Tooltip, type TooltipProps } from './tooltip.tsx';

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'aria-label' | 'title'> {
  label: string;
  icon: ReactNode;
  shortcut?: string;
  side?: TooltipProps['side'];
  size?: 'small' | 'medium' | 'large';
  /** It is switched on, or where we are. */
  active?: boolean;
}

const sizes = { small: 'size-7', medium: 'size-8.5', large: 'size-11' };

export function IconButton({ label, icon, shortcut, side = 'top', ...rest }: IconButtonProps) {
  const { size = 'medium', active = false, className, ...others } = rest;
  return (
    <Tooltip text={label} shortcut={shortcut} side={side}>
      <button
        type="button"
        aria-label={label}
        aria-keyshortcuts={shortcut === undefined ? undefined : ariaKeys(shortcut)}
        {...others}
        className={classNames(
          'inline-flex shrink-0 items-center justify-center rounded-control select-none disabled:opacity-45',
          'transition-colors duration-100 hover:bg-hover hover:text-text active:bg-pressed data-[state=open]:bg-hover',
          active ? 'bg-accent-soft text-accent-text' : 'text-secondary',
          sizes[size],
          className,
        )}
      >
        {icon}
      </button>
    </Tooltip>
  );
}
