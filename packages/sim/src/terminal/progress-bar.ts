/**
 * How far runs are, on stderr: one line that changes on a terminal, and now and then a plain line elsewhere (a log, a
 * terminal that cannot go back).
 */
import { duration, onOneLine } from './words.ts';

export interface Screen {
  write(text: string): unknown;
  isTTY?: boolean | undefined;
  columns?: number | undefined;
}

const barCells = 24;
const redrawMs = 100;
/** Where lines cannot change: one for every quarter of a run, and one after a silence that long. */
const quarter = 0.25;
const silenceMsMax = 30_000;

interface Run {
  done: number;
  words: string;
  toldDone: number;
  toldMs: number;
}

export class ProgressBar {
  private readonly screen: Screen;
  private readonly isLive: boolean;
  private readonly hasColour: boolean;
  private readonly now: () => number;
  private readonly startMs: number;
  private readonly runs = new Map<string, Run>();
  private drawnMs = -Infinity;
  private isDrawn = false;

  /** @param now - Milliseconds of a clock that never runs backwards. */
  constructor(screen: Screen, environment: Readonly<Record<string, string | undefined>>, now: () => number) {
    this.screen = screen;
    this.isLive = screen.isTTY === true && environment['TERM'] !== 'dumb';
    // https://no-color.org: present and not empty.
    this.hasColour = this.isLive && (environment['NO_COLOR'] ?? '') === '';
    this.now = now;
    this.startMs = now();
  }

  update(scenario: string, done: number, words: string): void {
    const known = this.runs.get(scenario) ?? { toldDone: -Infinity, toldMs: -Infinity, done: 0, words: '' };
    // A scenario that says nonsense must not tear the line.
    known.done = Math.min(1, Math.max(0, Number.isFinite(done) ? done : 0));
    known.words = onOneLine(words);
    this.runs.set(scenario, known);
    if (this.isLive) this.draw();
    else this.say(scenario, known);
  }

  /** The run is over: its bar goes. */
  finish(scenario: string): void {
    this.runs.delete(scenario);
    this.clear();
  }

  /** Takes the line away, so that others may write. The next update draws it again. */
  clear(): void {
    if (this.isDrawn) this.screen.write('\r\u001b[2K');
    this.isDrawn = false;
    this.drawnMs = -Infinity;
  }

  private say(scenario: string, run: Run): void {
    const nowMs = this.now();
    if (run.done - run.toldDone < quarter && nowMs - run.toldMs < silenceMsMax) return;
    run.toldDone = run.done;
    run.toldMs = nowMs;
    this.screen.write(`${scenario}: ${percent(run.done)}, ${run.words}\n`);
  }

  private draw(): void {
    const nowMs = this.now();
    if (nowMs - this.drawnMs < redrawMs) return;
    this.drawnMs = nowMs;
    this.isDrawn = true;
    const width = Math.max(20, (this.screen.columns ?? 80) - 1);
    const [[name, run] = ['', undefined], ...others] = this.runs;
    if (run === undefined) return;
    if (others.length > 0) {
      const parts = [...this.runs].map(([each, { done }]) => `${each} ${percent(done)}`);
      const line = `${parts.join(' · ')}  ${duration(Math.floor((nowMs - this.startMs) / 1_000) * 1_000)}`;
      this.screen.write(`\r\u001b[2K${line.slice(0, width)}`);
      return;
    }
    const filled = Math.round(run.done * barCells);
    const head = `${name}  `;
    const tail = `  ${percent(run.done).padStart(5)}  ${run.words}`;
    const rest = Math.max(0, width - head.length - barCells);
    const bar = `${this.paint(36, '━'.repeat(filled))}${this.paint(90, '─'.repeat(barCells - filled))}`;
    this.screen.write(`\r\u001b[2K${head}${bar}${tail.slice(0, rest)}`);
  }

  private paint(code: number, text: string): string {
    return this.hasColour ? `\u001b[${code}m${text}\u001b[39m` : text;
  }
}

function percent(done: number): string {
  return `${Math.floor(done * 100)} %`;
}
