/** How far the first steps have come. */
import { classNames } from '../design/class-names.ts';
import { useTexts } from '../i18n/texts.ts';

export function StepDots({ count, at }: { count: number; at: number }) {
  const { t } = useTexts();
  return (
    <p className="mt-auto flex gap-2 pt-12">
      <span className="sr-only">{t('welcome.step', { step: at + 1, count })}</span>
      {Array.from({ length: count }, (_, index) => (
        <span
          key={index}
          aria-hidden="true"
          className={classNames('size-1.5 rounded-full', index === at ? 'bg-accent' : 'bg-pressed')}
        />
      ))}
    </p>
  );
}
