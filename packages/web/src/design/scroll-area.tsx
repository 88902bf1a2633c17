/** A place that scrolls, reachable by keyboard. The system's own scrolling, with the app's thin bar (base.css). */
import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';

export function ScrollArea({ className, children, ...rest }: ComponentProps<'div'>) {
  return (
    <div
      {...rest}
      className={classNames('min-h-0 overflow-x-hidden overflow-y-auto overscroll-contain', className)}
    >
      {children}
    </div>
  );
}
