/** Sixty digits in twelve groups, to be read to each other. */
import { Button } from '../design/button.tsx';
import { useTexts } from '../i18n/texts.ts';

export interface VerifyByNumberProps {
  number: string;
  isBusy: boolean;
  onSame: () => void;
  onDiffers: () => void;
}

export function VerifyByNumber({ number, isBusy, onSame, onDiffers }: VerifyByNumberProps) {
  const { t } = useTexts();
  const groups = number.replaceAll(/\D/g, '').match(/\d{1,5}/g) ?? [];
  return (
    <div className="flex flex-col items-center gap-6">
      <p className="text-small text-secondary text-pretty">{t('verify.number.text')}</p>
      <div
        dir="ltr"
        // Read out digit by digit, not as numbers of five.
        role="img"
        aria-label={groups.map((group) => [...group].join(' ')).join(', ')}
        className="tabular grid grid-cols-3 gap-x-7 gap-y-3 rounded-panel border bg-raised px-7 py-6 font-mono text-title select-all pane:grid-cols-4"
      >
        {groups.map((group, index) => (
          // Groups repeat, and never change their order.
          <span key={`${String(index)} ${group}`} aria-hidden="true">
            {group}
          </span>
        ))}
      </div>
      <div className="flex flex-wrap justify-center gap-2">
        <Button look="primary" busy={isBusy && t('state.checking')} onClick={onSame}>
          {t('verify.same')}
        </Button>
        <Button onClick={onDiffers}>{t('verify.different')}</Button>
      </div>
    </div>
  );
}
