/**
 * The log file of a profile: JSON lines in `logs/kith.log`, readable by its owner alone. Must never throw, hold a
 * secret or the text of a message, or grow beyond {@link logBytesMax} times {@link logFilesMax}. Lines are not
 * synced: a log that costs a disk write each would slow what it watches.
 */
import { chmodSync, closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { logFile } from '@kith/api/data-folder';
import { lastLines } from '@kith/api/log-lines';
import { redact } from './redact.ts';

/** Bytes of one file. */
export const logBytesMax: number = 5 * 1024 * 1024;
/** `kith.log`, `kith.log.1`, `kith.log.2`. */
export const logFilesMax = 3;

const levels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof levels)[number];

/**
 * The only fields that are written; others are counted and dropped. A new one belongs here when it can never hold what
 * a person wrote or what a key is.
 */
export const allowedFields: ReadonlySet<string> = new Set(
  (
    'attempt bytes call cause class code contacts count dial direction dropped errno event exit field frame from ' +
    'generation held interface kind limit link links lost major max messages method mode ms op part phase pid ' +
    'platform port protocol queue queued reason receipt rows rule scope signal size state status step suite syscall ' +
    'table to type version what why'
  ).split(' '),
);

export interface LogOptions {
  /** Absolute path of the profile's folder. */
  dataDir: string;
  /** Wall time, Unix milliseconds. */
  wallMs: () => number;
  /** Lines below this level are not written. */
  minimum: LogLevel;
  /** Bytes after which a new file is begun; tests lower it. */
  bytesMax?: number;
}

export interface Log {
  /** One line. Never throws; lines that could not be written are counted and told when writing works again. */
  write: (level: LogLevel, code: string, detail: Record<string, string | number>) => void;
  /** The newest lines, oldest first. */
  tail: (count: number) => string[];
  close: () => void;
}

/** Opens the log of a profile, going on at the end of an existing file. */
export function openLog(options: LogOptions): Log {
  const path = logFile(options.dataDir);
  const bytesMax = options.bytesMax ?? logBytesMax;
  let file: number | undefined;
  let size = 0;
  let lost = 0;

  function open(): void {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    file = openSync(path, 'a', 0o600);
    chmodSync(path, 0o600);
    ({ size } = fstatSync(file));
  }

  function rotate(): void {
    close();
    rmSync(`${path}.${logFilesMax - 1}`, { force: true });
    for (let number = logFilesMax - 1; number > 1; number--)
      move(`${path}.${number - 1}`, `${path}.${number}`);
    move(path, `${path}.1`);
    open();
  }

  function append(line: string): void {
    const bytes = Buffer.from(line);
    if (file === undefined) open();
    if (size > 0 && size + bytes.length > bytesMax) rotate();
    if (file !== undefined) size += writeSync(file, bytes);
  }

  function write(level: LogLevel, code: string, detail: Record<string, string | number>): void {
    if (levels.indexOf(level) < levels.indexOf(options.minimum)) return;
    const at = new Date(options.wallMs()).toISOString();
    try {
      if (lost > 0) append(lineOf({ at, level: 'warn', code: 'log-lost' }, { count: lost }));
      lost = 0;
      append(lineOf({ at, level, code }, detail));
    } catch {
      // A full disk must not end the node; the gap is told above.
      lost += 1;
    }
  }

  function close(): void {
    if (file !== undefined) closeSync(file);
    file = undefined;
  }

  return { write, tail: (count) => lastLines(path, count), close };
}

function lineOf(
  head: { at: string; level: LogLevel; code: string },
  detail: Record<string, string | number>,
): string {
  const line: Record<string, string | number> = { ...head, code: redact(head.code) };
  let dropped = 0;
  for (const [name, value] of Object.entries(detail)) {
    if (!allowedFields.has(name)) dropped += 1;
    // `code` is the line's own; as a field it is the code of an error.
    else line[name === 'code' ? 'error' : name] = typeof value === 'number' ? value : redact(value);
  }
  if (dropped > 0) line['dropped'] = dropped;
  return `${JSON.stringify(line)}\n`;
}

function move(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
