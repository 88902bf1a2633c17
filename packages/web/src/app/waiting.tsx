/** Something is on its way; shown once that takes longer than a blink. */
import { Spinner } from '../design/mark.tsx';
import { useTexts } from '../i18n/texts.ts';

export function Waiting() {
  const { t } = useTexts();
  return (
    <div className="appear-late flex h-full min-h-60 items-center justify-center">
      <Spinner size={48} label={t('state.loading')} />
    </div>
  );
}
