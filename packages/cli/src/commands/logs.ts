import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { dataFolder, logFile } from '@kith/api/data-folder';
import { lastLines } from '@kith/api/log-lines';
import type { CliContext, CommonFlags } from '../context.ts';
import { forTerminal, jsonLine } from '../for-terminal.ts';
import { localTime } from '../output.ts';

interface LogsFlags extends CommonFlags {
  follow?: boolean;
  lines: number;
}

const lookMs = 200;
const pieceBytesMax = 256 * 1024;

/** From the file itself: most wanted when the node is gone. */
export async function logs(this: CliContext, flags: LogsFlags): Promise<void> {
  const path = logFile(dataFolder(flags.data, this.environment));
  let from = sizeOf(path);
  for (const line of lastLines(path, flags.lines)) print(this, line);
  if (flags.follow !== true) return;
  let rest = '';
  for (;;) {
    await pause(lookMs);
    // A shorter file is a new one: the old was put aside.
    if (sizeOf(path) < from) from = 0;
    const piece = readFrom(path, from);
    from += piece.length;
    const lines = (rest + piece.toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) print(this, line);
  }
}

function print(context: CliContext, line: string): void {
  const parsed = parse(line);
  if (context.output.isJson) {
    if (parsed !== undefined) context.output.json(parsed);
    return;
  }
  if (parsed === undefined) {
    context.output.line(forTerminal(line));
    return;
  }
  const { at, level, code, ...detail } = parsed;
  const fields = Object.entries(detail).map(([name, value]) => `${name}=${jsonLine([value]).slice(1, -1)}`);
  const time = typeof at === 'string' ? localTime(at) : '';
  context.output.line(forTerminal([time, String(level).padEnd(5), String(code), ...fields].join(' ')));
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    // A line that a crash cut short is shown as it is.
    return undefined;
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function readFrom(path: string, from: number): Buffer {
  if (sizeOf(path) <= from) return Buffer.alloc(0);
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(Math.min(pieceBytesMax, Math.max(0, fstatSync(file).size - from)));
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, from));
  } finally {
    closeSync(file);
  }
}
