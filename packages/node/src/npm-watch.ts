/**
 * A child of `npm start` must not outlive it: left behind, it would hold the profile. npm hands on a Ctrl-C, but told to
 * end by another signal it leaves the node, or the shell it put between itself and the node, running.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const checkMs = 1_000;

/** Calls `stop` (maybe more than once) when npm has gone. @returns the timer, or undefined when npm did not start us. */
export function watchNpm(stop: () => void): NodeJS.Timeout | undefined {
  if (process.env['npm_lifecycle_event'] === undefined) return undefined;
  const shell = process.ppid;
  const npm = parentOf(shell);
  const watch = setInterval(() => {
    if (process.ppid !== shell || (npm !== undefined && !isAlive(npm))) stop();
  }, checkMs);
  watch.unref();
  return watch;
}

/** @returns undefined where the system does not tell; then only our own parent is watched. */
function parentOf(pid: number): number | undefined {
  if (process.platform === 'win32') return undefined;
  try {
    const parent =
      process.platform === 'linux'
        ? /^PPid:\s*(\d+)$/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
        : execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    // 1 is whoever takes in orphans: npm was gone before we looked, which the parent's own end will show.
    return Number(parent) > 1 ? Number(parent) : undefined;
  } catch {
    return undefined; // The shell is gone already, or there is no ps: the same as not being told.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
