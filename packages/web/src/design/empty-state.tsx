/** Nothing here yet: teaches one thing and offers one act. */
import type { ReactNode } from 'react';
import { Mark } from './mark.tsx';

export interface EmptyStateProps {
  title: string;
  text?: ReactNode;
  action?: ReactNode;
  /** Instead of the mark. */
  picture?: ReactNode;
}

export function EmptyState({ title, text, action, picture }: EmptyStateProps) {
  return (
    <div className="flex h-full min-h-60 flex-col items-center justify-center px-6 py-10 text-center">
      <div className="mb-5 text-faint" aria-hidden="true">
        {picture ?? <Mark size={56} className="opacity-50" />}
      </div>
      <h2 className="text-body font-strong">{title}</h2>
      {text !== undefined && <p className="mt-1.5 max-w-80 text-secondary text-balance">{text}</p>}
      {action !== undefined && <div className="mt-5 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}
