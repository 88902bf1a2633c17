/** A month to choose the day from at which to read on. */
import { Calendar } from '../design/calendar.tsx';
import { Dialog } from '../design/dialog.tsx';
import { useTexts } from '../i18n/texts.ts';

export interface DateJumpProps {
  /** The day that is shown first; null: closed. */
  from: Date | null;
  onChoose: (day: Date) => void;
  onClose: () => void;
}

export function DateJump({ from, onChoose, onClose }: DateJumpProps) {
  const { t } = useTexts();
  return (
    <Dialog open={from !== null} onClose={onClose} title={t('calendar.title')}>
      {from !== null && (
        <div className="flex justify-center">
          <Calendar label={t('calendar.title')} value={from} max={new Date()} onChoose={onChoose} />
        </div>
      )}
    </Dialog>
  );
}
