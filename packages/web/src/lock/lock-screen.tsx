/** What stands before everything while the app is locked: one field. */
import { useEffect, useState, type FormEvent, type ReactNode } from 'react';
import { Button } from '../design/button.tsx';
import { TextField } from '../design/text-field.tsx';
import { api } from '../data/connection.ts';
import { useSettings } from '../data/settings.ts';
import { FullPage } from '../app/full-page.tsx';
import { useTexts } from '../i18n/texts.ts';
import { errorWords } from '../i18n/wording.ts';
import { lockNow, touch, unlocked, untouchedMs, useIsShut, useLock } from './lock-state.ts';

const lookMs = 5_000;

/** Whether nothing may be shown. Watches the time without a touch, where one was set. */
export function useIsLocked(): boolean {
  const { hasPin, lockAfterMinutes } = useSettings();
  const locked = useLock((state) => state.locked);
  const isShut = useIsShut();
  useEffect(() => {
    if (!hasPin || lockAfterMinutes === null || locked) return undefined;
    const limitMs = lockAfterMinutes * 60_000;
    const look = (): void => {
      if (untouchedMs() >= limitMs) lockNow();
    };
    // At once too: a machine that was asleep, or a window that was closed, has not been touched for long.
    look();
    const timer = setInterval(look, lookMs);
    let touchedMs = 0;
    const feel = (): void => {
      const now = Date.now();
      if (now - touchedMs < lookMs) return;
      touchedMs = now;
      look();
      touch(now);
    };
    const signs = ['pointerdown', 'keydown', 'wheel', 'focus'] as const;
    for (const sign of signs) addEventListener(sign, feel, { passive: true });
    return () => {
      clearInterval(timer);
      for (const sign of signs) removeEventListener(sign, feel);
    };
  }, [hasPin, lockAfterMinutes, locked]);
  return isShut;
}

/** What it is around is nobody's business while the app is locked. */
export function UnlessLocked({ children }: { children: ReactNode }) {
  return useIsLocked() ? <LockScreen /> : children;
}

export function LockScreen() {
  const { t } = useTexts();
  const [pin, setPin] = useState('');
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);

  async function open(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (pin === '' || busy) return;
    setBusy(true);
    setError(undefined);
    // Now, not when it was wrong: checking takes a second, in which the right one may be typed.
    setPin('');
    try {
      await api.lock.unlock.mutate({ pin });
      unlocked();
    } catch (failure) {
      setError(errorWords(failure));
    }
    setBusy(false);
  }

  return (
    <FullPage title={t('lock.title')} text={t('lock.text')}>
      <form className="flex w-64 flex-col gap-3 text-start" onSubmit={(event) => void open(event)}>
        <TextField
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- there is nothing else on the page.
          autoFocus
          label={t('lock.pin')}
          hideLabel
          placeholder={t('lock.pin')}
          type="password"
          inputMode="numeric"
          autoComplete="current-password"
          className="text-center tracking-widest"
          value={pin}
          error={error}
          onChange={(event) => {
            setPin(event.target.value);
            setError(undefined);
          }}
        />
        <Button type="submit" look="primary" busy={busy && t('state.checking')}>
          {t('lock.open')}
        </Button>
      </form>
    </FullPage>
  );
}
