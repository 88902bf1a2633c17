/** A program started, timed to the line with which it says that it is ready, and ended. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Started {
  pid: number;
  /** From before the process existed to its line `{"event":"ready",…}`. */
  readyMs: number;
  /** Ends it and waits for that. */
  stop: () => Promise<void>;
}

/** Throws when it ends before it is ready, with what it said. */
export async function startTimed(
  command: readonly string[],
  env: Record<string, string> = {},
): Promise<Started> {
  const [program = '', ...args] = command;
  const startMs = performance.now();
  const child: ChildProcess = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  let talk = '';
  child.stderr?.on('data', (text: Buffer) => (talk += String(text)));
  const ready = new Promise<number>((resolve) => {
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes('"event":"ready"')) resolve(performance.now());
      else talk += `${line}\n`;
    });
  });
  const readyMs = await Promise.race([ready, exited.then(() => undefined)]);
  if (readyMs === undefined) throw new Error(`${command.join(' ')} ended: ${talk}`);
  return {
    pid: child.pid ?? -1,
    readyMs: readyMs - startMs,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
