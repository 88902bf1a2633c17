/** Somebody types. */
import { classNames } from '../design/class-names.ts';
import { useTexts } from '../i18n/texts.ts';

export function TypingDots() {
  return (
    <span aria-hidden="true" className="inline-flex gap-0.5">
      {['[animation-delay:0ms]', '[animation-delay:160ms]', '[animation-delay:320ms]'].map((delay) => (
        <span key={delay} className={classNames('typing-dot size-1.25 rounded-full bg-current', delay)} />
      ))}
    </span>
  );
}

/** Takes its line whether somebody types or not, so that nothing moves when they begin. */
export function TypingLine({ name, isTyping }: { name: string; isTyping: boolean }) {
  const { t } = useTexts();
  return (
    <div className="mx-auto flex h-6 w-full max-w-190 items-center px-5 text-meta text-secondary">
      {isTyping && (
        <span className="appear flex min-w-0 items-center gap-2">
          <TypingDots />
          <span className="truncate">{t('talk.typing', { name })}</span>
        </span>
      )}
    </div>
  );
}
