/** The frame of a page in the content: a bar with its name and the way back, and below it what scrolls. */
import { Link } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from '../design/class-names.ts';
import { ScrollArea } from '../design/scroll-area.tsx';
import { useTexts } from '../i18n/texts.ts';

export interface PageProps {
  title: string;
  /** Where "back" leads on a narrow screen. */
  back?: '/' | '/settings';
  /** At the end of the bar. */
  end?: ReactNode;
  /** Before the title. */
  lead?: ReactNode;
  children: ReactNode;
}

export function Page({ title, back = '/', end, lead, children }: PageProps) {
  return (
    <>
      <PageBar back={back} end={end}>
        {lead}
        <h1 className="min-w-0 truncate text-body font-strong">{title}</h1>
      </PageBar>
      <ScrollArea className="flex-1">
        <div className="mx-auto w-full max-w-150 px-5 pt-6 pb-16">{children}</div>
      </ScrollArea>
    </>
  );
}

export function PageBar({
  back,
  end,
  children,
}: {
  back: '/' | '/settings';
  end?: ReactNode;
  children: ReactNode;
}) {
  const { t } = useTexts();
  return (
    <header className="flex h-14 shrink-0 items-center gap-2 border-b px-3 pane:px-5">
      <Link
        to={back}
        aria-label={t('action.back')}
        className="-ms-1 inline-flex size-9 shrink-0 items-center justify-center rounded-control text-secondary hover:bg-hover pane:hidden"
      >
        <ArrowLeft size={20} className="rtl:rotate-180" />
      </Link>
      <div className="flex min-w-0 flex-1 items-center gap-3">{children}</div>
      {end}
    </header>
  );
}

/** A group of things that belong together, with a name. */
export function Section({
  title,
  text,
  children,
  className,
}: {
  title?: string;
  text?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <section className={classNames('mb-9', className)}>
      {title !== undefined && <h2 className="mb-1 text-body">{title}</h2>}
      {text !== undefined && <p className="mb-3 text-small text-secondary text-pretty">{text}</p>}
      {children}
    </section>
  );
}
