/**
 * Whether this browser shows nothing until the PIN is typed. All windows of it lock and unlock together; a reload changes
 * nothing. It hides the screen from whoever passes by; whoever may read this machine's files is not kept out by it.
 */
import { create } from 'zustand';
import { useKnownSettings } from '../data/settings.ts';

const keptAs = 'kith.lock';
const touchedAs = 'kith.touched';

export const useLock = create<{ locked: boolean }>(() => ({ locked: read(keptAs) === 'locked' }));

/** The least that a person can choose. */
const limitMsMin = 60_000;

/**
 * Whether nothing may be shown. Whoever locked, or was away for longer than somebody may have chosen, had a PIN: that it is gone is
 * believed when the node said so, and not before.
 */
export function useIsShut(): boolean {
  const known = useKnownSettings();
  const locked = useLock((state) => state.locked);
  if (known === undefined) return locked || untouchedMs() >= limitMsMin;
  const { hasPin, lockAfterMinutes } = known;
  // At the first drawing already: the look that locks comes after it.
  const isOver = lockAfterMinutes !== null && untouchedMs() >= lockAfterMinutes * 60_000;
  return hasPin && (locked || isOver);
}

function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function write(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Storage is full or switched off: it holds for this window.
  }
}

/** For callers that know that a PIN is set. */
export function lockNow(): void {
  write(keptAs, 'locked');
  useLock.setState({ locked: true });
}

export function unlocked(): void {
  write(keptAs, 'open');
  touch();
  useLock.setState({ locked: false });
}

/** Somebody is here. */
export function touch(nowMs: number = Date.now()): void {
  write(touchedAs, String(nowMs));
}

/** @returns milliseconds since somebody touched any window; 0 where nothing is known. */
export function untouchedMs(nowMs: number = Date.now()): number {
  const touchedMs = Number(read(touchedAs) ?? nowMs);
  return Number.isFinite(touchedMs) ? Math.max(0, nowMs - touchedMs) : 0;
}

globalThis.addEventListener?.('storage', ({ key, newValue }) => {
  if (key === keptAs) useLock.setState({ locked: newValue === 'locked' });
});
