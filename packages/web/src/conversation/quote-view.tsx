/** The beginning of the message that another one answers. Pressing it leads there. */
import { useId } from 'react';
import type { Quoted } from '@kith/api/conversation-shapes';
import { classNames } from '../design/class-names.ts';
import { useTexts } from '../i18n/texts.ts';
import { plainQuote } from '../markdown/plain-text.ts';

export interface QuoteViewProps {
  quoted: Quoted;
  me: string;
  nameOf: (person: string) => string;
  onJump?: (id: string) => void;
  className?: string;
}

export function QuoteView({ quoted, me, nameOf, onJump, className }: QuoteViewProps) {
  const { t } = useTexts();
  const about = useId();
  const author = quoted.from === null ? null : quoted.from === me ? t('talk.you') : nameOf(quoted.from);
  const isHere = quoted.text !== null;
  const words =
    quoted.text === null
      ? t('talk.quote.missing')
      : quoted.text === ''
        ? t('talk.deleted')
        : plainQuote(quoted.text);
  const look = classNames(
    'flex min-w-0 flex-col rounded-small border-s-2 border-accent bg-ground/60 px-2 py-1 text-start text-small',
    className,
  );
  const content = (
    <>
      {author !== null && <bdi className="truncate font-strong text-accent-text">{author}</bdi>}
      <span
        dir="auto"
        className={classNames('line-clamp-2 overflow-hidden text-secondary', quoted.text === '' && 'italic')}
      >
        {words}
      </span>
    </>
  );
  if (!isHere || onJump === undefined) return <div className={look}>{content}</div>;
  return (
    <button
      type="button"
      tabIndex={-1}
      // Its name is what it shows. This says what it does.
      aria-describedby={about}
      onClick={() => onJump(quoted.id)}
      className={classNames(look, 'w-full hover:bg-ground')}
    >
      <span id={about} hidden>
        {t('talk.quote.jump')}
      </span>
      {content}
    </button>
  );
}
