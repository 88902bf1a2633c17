/** Drives `mesh-node.ts` in a namespace: commands, answers, and the broadcasts it got. Waits for events, never for time. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Commands } from '@kith/core/peer/contract';
import { within } from './deadline.ts';

export interface Heard {
  topic: string;
  author: string;
  sequence: number;
  text: string;
  /** Unix milliseconds at the receiver; all nodes of a test share one machine's clock. */
  atMs: number;
}

/** By type of frame, as wire/frame-type.ts numbers them. */
export type Sent = Record<number, [frames: number, bytes: number]>;

export interface MeshOptions {
  listen: string[];
  bootstrap: string[];
  /** Undefined: off. */
  lan?: 'on' | 'off' | 'only';
}

type Row = [kind: string, ...values: unknown[]];

export class MeshProcess {
  readonly heard: Heard[] = [];
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #ended: Promise<unknown>;
  readonly #answers = new Map<number, (row: Row) => void>();
  readonly #ready = Promise.withResolvers<string[]>();
  #listeners = new Set<() => void>();
  #next = 1;

  /** @param namespace - undefined runs it on this machine's loopback. */
  constructor(namespace: string | undefined, options: MeshOptions) {
    this.#folder = mkdtempSync(join(tmpdir(), 'kith-mesh-'));
    const program = fileURLToPath(new URL('mesh-node.ts', import.meta.url));
    const node = [
      process.execPath,
      program,
      JSON.stringify({ data: join(this.#folder, 'profile'), ...options }),
    ];
    const command = namespace === undefined ? node : ['ip', 'netns', 'exec', namespace, ...node];
    const env = { ...process.env, KITH_KEYCHAIN: 'file', HOME: this.#folder };
    this.#child = spawn(command[0]!, command.slice(1), { stdio: ['pipe', 'pipe', 'inherit'], env });
    this.#child.stdin!.on('error', () => undefined); // It ended; `#ended` tells.
    this.#ended = once(this.#child, 'close').then(() => this.#ready.reject(new Error('a node ended early')));
    this.#ready.promise.catch(() => undefined); // Told to whoever waits for it.
    createInterface({ input: this.#child.stdout! }).on('line', (line) => this.#take(JSON.parse(line) as Row));
  }

  /** Its multiaddrs, when it listens. */
  ready(): Promise<string[]> {
    return within(this.#ready.promise, 'a node of the mesh to start');
  }

  async run<Name extends keyof Commands>(
    name: Name,
    input: Omit<Commands[Name]['in'], 'body'> & { body?: string },
  ): Promise<Commands[Name]['out']> {
    return (await this.#ask(name, input)) as Commands[Name]['out'];
  }

  /** CPU time this node used since its start, in microseconds. */
  async cpuUs(): Promise<number> {
    const { user, system } = (await this.#ask('cpu', {})) as { user: number; system: number };
    return user + system;
  }

  /** Resolves when it has so many neighbours in the overlay of all nodes. */
  async untilView(atLeast: number): Promise<void> {
    await this.#ask('view', { atLeast });
  }

  /** What it sent since its start. */
  async sent(): Promise<Sent> {
    return (await this.#ask('sent', {})) as Sent;
  }

  /** Resolves as soon as what it heard satisfies `enough`. */
  async until(what: string, enough: (heard: readonly Heard[]) => boolean): Promise<void> {
    const wait = new Promise<void>((resolve) => {
      const look = (): void => {
        if (!enough(this.heard)) return;
        this.#listeners.delete(look);
        resolve();
      };
      this.#listeners.add(look);
      look();
    });
    await within(wait, what, () => `heard ${this.heard.length}: ${JSON.stringify(this.heard.slice(-5))}`);
  }

  /** SIGKILL, as when somebody pulls the plug. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async stop(): Promise<void> {
    this.#child.stdin!.end();
    await within(this.#ended, 'a node of the mesh to stop');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #ask(name: string, input: object): Promise<unknown> {
    const number = this.#next++;
    const answer = new Promise<Row>((resolve) => this.#answers.set(number, resolve));
    this.#child.stdin!.write(`${JSON.stringify([number, name, input])}\n`);
    const [kind, , value] = await within(answer, `the answer to ${name}`);
    if (kind === 'failed') throw new Error(`${name}: ${String(value)}`);
    return value;
  }

  #take(row: Row): void {
    const [kind, ...values] = row;
    if (kind === 'ready') this.#ready.resolve(values[1] as string[]);
    if (kind === 'answer' || kind === 'failed') {
      const number = values[0] as number;
      this.#answers.get(number)?.(row);
      this.#answers.delete(number);
    }
    if (kind !== 'broadcast') return;
    const [topic, author, sequence, text, atMs] = values as [string, string, number, string, number];
    this.heard.push({ topic, author, sequence, text, atMs });
    for (const listener of this.#listeners) listener();
  }
}
