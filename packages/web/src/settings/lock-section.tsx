/** A PIN before the screen, and when it comes by itself. */
import { useState } from 'react';
import { Button } from '../design/button.tsx';
import { useChangeSettings, useSettings } from '../data/settings.ts';
import { useTexts } from '../i18n/texts.ts';
import { lockNow, touch } from '../lock/lock-state.ts';
import { PinDialog } from './pin-dialog.tsx';
import { ChoiceRow, Row, Rows } from './rows.tsx';

const delays = [1, 5, 15, 60] as const;

export function LockSection() {
  const { t } = useTexts();
  const { hasPin, lockAfterMinutes } = useSettings();
  const changeSettings = useChangeSettings();
  const [open, setOpen] = useState<'set' | 'change' | 'remove'>();
  function chooseDelay(lockAfterMinutes: number | null): void {
    // Somebody is here. Without a delay nobody looked.
    touch();
    changeSettings({ lockAfterMinutes });
  }
  return (
    <>
      <Rows>
        <Row name={t('lock.section.pin')} text={t('lock.section.text')}>
          {hasPin ? (
            <span className="flex flex-wrap justify-end gap-2">
              <Button size="small" onClick={() => setOpen('change')}>
                {t('lock.section.change')}
              </Button>
              <Button size="small" look="quiet" onClick={() => setOpen('remove')}>
                {t('lock.section.remove')}
              </Button>
            </span>
          ) : (
            <Button size="small" look="primary" onClick={() => setOpen('set')}>
              {t('lock.section.set')}
            </Button>
          )}
        </Row>
        {hasPin && (
          <ChoiceRow
            label={t('lock.section.after')}
            value={String(lockAfterMinutes)}
            onChange={(value) => chooseDelay(value === 'null' ? null : Number(value))}
            options={[
              ...delays.map((minutes) => ({
                value: String(minutes),
                label: t('lock.section.minutes', { minutes }),
              })),
              { value: 'null', label: t('lock.section.never') },
            ]}
          />
        )}
        {hasPin && (
          <Row name={t('lock.section.now')} text={t('lock.section.now.text')}>
            <Button size="small" onClick={lockNow}>
              {t('lock.section.now')}
            </Button>
          </Row>
        )}
      </Rows>
      <p className="text-small text-faint text-pretty">{t('lock.section.honest')}</p>
      {open !== undefined && <PinDialog purpose={open} onClose={() => setOpen(undefined)} />}
    </>
  );
}
