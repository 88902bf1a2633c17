import { uptime } from 'node:os';
import type { Clock } from './clock.ts';

// Asking for the uptime reads a file: not more often than this.
const uptimeAskedMs = 1_000;
// `os.uptime` counts whole seconds or hundredths of them, and is read a moment after the other clock.
const suspendedMsMin = 5_000;

/**
 * The clock of this machine. Its monotonic time goes on while the machine sleeps: Linux stops the one that
 * Node reads, so the sleep is added from the uptime.
 */
export function systemClock(): Clock {
  const countsSleep = process.platform !== 'linux';
  const startedMs = performance.now();
  const startedUptimeMs = uptime() * 1_000;
  let sleptMs = 0;
  let askedMs = 0;
  return {
    wallMs: () => Date.now(),
    monotonicMs() {
      const awakeMs = performance.now() - startedMs;
      if (countsSleep || awakeMs - askedMs < uptimeAskedMs) return awakeMs + sleptMs;
      askedMs = awakeMs;
      const missingMs = uptime() * 1_000 - startedUptimeMs - awakeMs - sleptMs;
      if (missingMs >= suspendedMsMin) sleptMs += missingMs;
      return awakeMs + sleptMs;
    },
    after(delayMs, run) {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
    soon(run) {
      setImmediate(run);
    },
  };
}
