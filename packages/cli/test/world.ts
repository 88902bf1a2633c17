/** A double of the node behind the real local API, and the real command line as processes before it. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeNode } from '../../node/test/fake-node.ts';
import { startLocalApi, type LocalApi } from '../../node/src/local-api/local-api.ts';

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
  /** Of every line of stdout. */
  json: () => Record<string, unknown>[];
}

export interface Running {
  child: ChildProcessWithoutNullStreams;
  /** Resolves with the line of stdout that comes next. */
  line: () => Promise<string>;
  ended: Promise<Outcome>;
}

export interface RunOptions {
  input?: string | Buffer;
  environment?: Record<string, string>;
}

export class World {
  readonly dataDir: string = mkdtempSync(join(tmpdir(), 'kith-cli-'));
  readonly node: FakeNode = new FakeNode(this.dataDir);
  private api: LocalApi | undefined;
  private readonly children: ChildProcessWithoutNullStreams[] = [];

  async serve(): Promise<void> {
    this.api = await startLocalApi({
      handle: this.node,
      dataDir: this.dataDir,
      port: 0,
      log: () => undefined,
    });
    this.node.onStop = () => void this.silence();
  }

  async silence(): Promise<void> {
    await this.api?.stop();
  }

  async close(): Promise<void> {
    for (const child of this.children) child.kill('SIGKILL');
    await this.silence();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  start(words: string[], options: RunOptions = {}): Running {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'program.ts'), ...words], {
      env: { PATH: process.env['PATH'], HOME: this.dataDir, KITH_DATA: this.dataDir, ...options.environment },
    });
    this.children.push(child);
    return watchChild(child, options.input);
  }

  /** Runs a command to its end. */
  async kith(words: string[], options: RunOptions = {}): Promise<Outcome> {
    return await this.start(words, { input: '', ...options }).ended;
  }
}

function watchChild(child: ChildProcessWithoutNullStreams, input: string | Buffer | undefined): Running {
  let stdout = '';
  let stderr = '';
  let taken = 0;
  const waiting: (() => void)[] = [];
  const rouse = (): void => {
    for (const wake of waiting.splice(0)) wake();
  };
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString('utf8');
    rouse();
  });
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
  // A command that needs no input may have ended before it came.
  child.stdin.on('error', () => undefined);
  if (input !== undefined) child.stdin.end(input);
  let isOver = false;
  const ended = new Promise<Outcome>((resolve) => {
    child.on('close', (code) => {
      isOver = true;
      rouse();
      const json = (): Record<string, unknown>[] =>
        stdout
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as Record<string, unknown>);
      resolve({ code, stdout, stderr, json });
    });
  });
  const line = async (): Promise<string> => {
    for (;;) {
      const end = stdout.indexOf('\n', taken);
      if (end >= 0) {
        const text = stdout.slice(taken, end);
        taken = end + 1;
        return text;
      }
      if (isOver) throw new Error(`the command has ended: ${stderr}`);
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };
  return { child, line, ended };
}
