/** Reads the end of a log file, which the node writes and `kith logs` shows, with or without a running node. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** A file is read backwards this far at most: 1,000 lines of the longest kind. */
const tailBytesMax = 2 * 1024 * 1024;

/**
 * The newest lines, oldest first, going on in the older file where the newest is short.
 *
 * @param path - The log file; `path.1` is the one before it. Missing files hold no lines.
 * @param count - At least 1.
 */
export function lastLines(path: string, count: number): string[] {
  const newest = linesOf(path);
  if (newest.length >= count) return newest.slice(-count);
  return [...linesOf(`${path}.1`), ...newest].slice(-count);
}

function linesOf(path: string): string[] {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    // Nothing was logged yet.
    return [];
  }
  try {
    const { size } = fstatSync(file);
    const from = Math.max(0, size - tailBytesMax);
    const bytes = Buffer.alloc(size - from);
    const length = readSync(file, bytes, 0, bytes.length, from);
    const lines = bytes.toString('utf8', 0, length).split('\n');
    // The last piece is empty or still being written; the first may be the end of a line that began earlier.
    return lines.slice(from === 0 ? 0 : 1, -1);
  } finally {
    closeSync(file);
  }
}
