/** A word about a control, on hover and focus. Never the only place where something is said. */
import { Tooltip as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { Shortcut } from './shortcut.tsx';

export interface TooltipProps {
  text: ReactNode;
  /** Keys that do the same, as `Shortcut` takes them. */
  shortcut?: string | undefined;
  side?: 'top' | 'right' | 'bottom' | 'left';
  /** One element that takes a ref and the usual handlers. */
  children: ReactNode;
}

/** Once around the app: moving from one control to the next shows the next words at once. */
export function TooltipProvider({ children }: { children: ReactNode }) {
  return (
    <Radix.Provider delayDuration={500} skipDelayDuration={250}>
      {children}
    </Radix.Provider>
  );
}

export function Tooltip({ text, shortcut, side = 'top', children }: TooltipProps) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="float-in z-50 flex max-w-72 items-center gap-2 rounded-small bg-tooltip px-2 py-1 text-meta text-on-tooltip select-none"
        >
          {text}
          {shortcut !== undefined && <Shortcut keys={shortcut} look="inverse" />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
