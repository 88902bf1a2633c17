/** A small panel beside a control, for looking or choosing. */
import { Popover as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

export interface PopoverProps {
  /** Says to screen readers what it is. */
  label: string;
  /** One button that takes a ref and the usual handlers. */
  trigger: ReactNode;
  children: ReactNode;
  side?: 'top' | 'right' | 'bottom' | 'left';
  align?: 'start' | 'center' | 'end';
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  /** What has the focus when it closes, where that is not the trigger. */
  returnTo?: (() => HTMLElement | null) | undefined;
}

export function Popover({
  label,
  trigger,
  children,
  side = 'bottom',
  align = 'center',
  returnTo,
  ...rest
}: PopoverProps) {
  return (
    <Radix.Root {...rest}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          aria-label={label}
          side={side}
          align={align}
          sideOffset={6}
          collisionPadding={8}
          onCloseAutoFocus={(event) => {
            const place = returnTo?.();
            if (place === undefined || place === null) return;
            event.preventDefault();
            place.focus({ preventScroll: true });
          }}
          className="float-in z-50 flex max-h-(--radix-popover-content-available-height) max-w-[min(24rem,calc(100vw-1rem))] flex-col overflow-y-auto rounded-panel border border-line bg-raised shadow-float focus:outline-none"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
