/** A page with one thing in the middle and nothing around it. */
import type { ReactNode } from 'react';
import { Mark } from '../design/mark.tsx';

export interface FullPageProps {
  title: string;
  text: ReactNode;
  children?: ReactNode;
}

export function FullPage({ title, text, children }: FullPageProps) {
  return (
    <main className="appear-late flex min-h-full flex-col items-center justify-center px-6 py-12 text-center">
      <Mark size={64} className="mb-8 text-accent-text" />
      <h1 className="max-w-120 text-welcome text-balance">{title}</h1>
      <p className="mt-3 max-w-100 text-secondary text-balance">{text}</p>
      {children !== undefined && (
        <div className="mt-8 flex w-full max-w-100 flex-col items-center gap-3">{children}</div>
      )}
    </main>
  );
}

/** A command to type, to be copied. */
export function Command({ children }: { children: string }) {
  return (
    <code className="rounded-control border border-line bg-raised px-4 py-2 font-mono text-small select-all">
      {children}
    </code>
  );
}
