/** Where a command writes: data to stdout, talk to stderr, failures where the mode wants them. */
import { errorTable, type KithError } from '@kith/api/errors';
import { forTerminal, jsonLine, onOneLine } from './for-terminal.ts';

export interface Streams {
  stdout: { write(text: string): unknown; isTTY?: boolean | undefined };
  stderr: { write(text: string): unknown; isTTY?: boolean | undefined };
  environment: Readonly<Record<string, string | undefined>>;
}

export class Output {
  readonly isJson: boolean;
  readonly hasColour: boolean;
  private readonly streams: Streams;

  constructor(streams: Streams, isJson: boolean) {
    const { environment, stdout } = streams;
    this.streams = streams;
    this.isJson = isJson;
    // https://no-color.org: present and not empty.
    const isPlain = (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb';
    this.hasColour = stdout.isTTY === true && !isPlain && !isJson;
  }

  /** One JSON object on its line. */
  json(value: object): void {
    this.streams.stdout.write(`${jsonLine(value)}\n`);
  }

  /** A line of data. Stripped of whatever acts on a terminal; {@link dim} and {@link bold} come after. */
  line(text: string): void {
    this.streams.stdout.write(`${text}\n`);
  }

  /** A line for the person beside the data. */
  talk(text: string): void {
    this.streams.stderr.write(`${forTerminal(text)}\n`);
  }

  /** `json` in JSON mode, else the lines. */
  show(json: object, lines: () => string[]): void {
    if (this.isJson) this.json(json);
    else for (const text of lines()) this.line(text);
  }

  /** @param beside - printed with the error in JSON mode: what became of the command. */
  fail(error: KithError, beside: object = {}): void {
    if (this.isJson) this.json({ ...beside, error: { code: error.code, message: error.message } });
    else this.talk(`kith: ${error.message}`);
  }

  dim(text: string): string {
    return this.hasColour ? `\u001b[2m${text}\u001b[22m` : text;
  }

  bold(text: string): string {
    return this.hasColour ? `\u001b[1m${text}\u001b[22m` : text;
  }
}

/** Exit code of a failure, as in docs/commands.md. */
export function exitOf(error: KithError): number {
  return errorTable[error.code].exit;
}

/** Columns of equal width, safe to show. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const safe = rows.map((row) => row.map(onOneLine));
  const widths: number[] = [];
  for (const row of safe) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  return safe.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** `2026-01-02 03:04` in this machine's zone. */
export function localTime(iso: string): string {
  const at = new Date(iso);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}
