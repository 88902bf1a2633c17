/** Drives `lan-host.ts` on one host of a test LAN. Waits for events, never for time. */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ChildProcess } from 'node:child_process';
import type { Lan } from './namespaces.ts';

export interface LanHostOptions {
  lan: 'on' | 'off' | 'only';
  /** Whether it dials whom mDNS finds. */
  dials: boolean;
  listen: string[];
}

/** Limits a wait that would otherwise hang the run; no assertion depends on it. */
const patienceMs = 30_000;

export class LanHost {
  readonly #child: ChildProcess;
  readonly #events: unknown[][] = [];
  readonly #ended: Promise<unknown>;
  #wake: () => void = () => {};

  /** @param options - or `ghost`: announces a node that does not answer by TCP. */
  constructor(lan: Lan, host: number, options: LanHostOptions | 'ghost') {
    const program = options === 'ghost' ? 'lan-ghost.ts' : 'lan-host.ts';
    const args = [fileURLToPath(new URL(program, import.meta.url)), JSON.stringify(options)];
    this.#child = lan.spawn(host, process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#ended = once(this.#child, 'close').then(() => this.#wake());
    createInterface({ input: this.#child.stdout! }).on('line', (line) => {
      this.#events.push(JSON.parse(line));
      this.#wake();
    });
  }

  /** The nth event of that name, now or when it comes. Rejects when the program ends without it. */
  async event(name: string, nth = 1): Promise<unknown[]> {
    const untilMs = performance.now() + patienceMs;
    for (;;) {
      const found = this.#events.filter(([event]) => event === name)[nth - 1];
      if (found !== undefined) return found;
      const seen = this.#events.map(([event]) => event).join(' ');
      if (this.#child.exitCode !== null) throw new Error(`the host ended before "${name}", after: ${seen}`);
      if (performance.now() > untilMs) throw new Error(`no "${name}" came, but: ${seen}`);
      await new Promise<void>((resolve) => {
        const before = this.#wake;
        const timer = setTimeout(resolve, patienceMs);
        this.#wake = () => {
          clearTimeout(timer);
          this.#wake = before;
          before();
          resolve();
        };
      });
    }
  }

  count(name: string): number {
    return this.#events.filter(([event]) => event === name).length;
  }

  /** Addresses contacted, and troubles. */
  async report(): Promise<[string, { address: string; why: string }[], { code: string; detail: string }[]]> {
    const nth = this.count('report') + 1;
    this.#child.stdin!.write('report\n');
    const [name, contacted, troubles] = await this.event('report', nth);
    return [
      name as string,
      contacted as { address: string; why: string }[],
      troubles as { code: string; detail: string }[],
    ];
  }

  /** Resolves when the program has ended by itself. Calling twice is harmless. */
  async stop(): Promise<void> {
    if (this.#child.exitCode === null) this.#child.stdin!.end('stop\n');
    await this.#ended;
  }
}
