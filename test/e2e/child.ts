/** A program in a process of its own: its output by lines, its end, and no way to outlive us. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { within } from './deadline.ts';

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface ChildSettings {
  cwd: string;
  env: Record<string, string>;
  /** Written to its stdin, which then ends. */
  input?: string | Uint8Array | undefined;
}

export interface Child {
  pid: number;
  /** What it printed on stdout so far, by lines. */
  lines: string[];
  /** What it printed on stderr so far. */
  talk: () => string;
  /** Resolves when it is gone and everything it printed was read. */
  exited: Promise<Exit>;
  /** The first line, printed already or yet to come, that `choose` does not answer with undefined. Rejects at its end. */
  line: <T>(what: string, choose: (line: string) => T | undefined) => Promise<T>;
  /** Safe to call on one that ended. */
  kill: (signal: NodeJS.Signals) => Promise<Exit>;
}

/** Cards and long texts cut, so that a report can be read. */
export function clipped(text: string): string {
  return text.replaceAll(/\S{200,}/g, (word) => `${word.slice(0, 60)}… (${word.length} characters)`);
}

const alive = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

/** Starts a program. Never throws: what cannot be started ends with code 127. */
export function startChild(command: readonly string[], settings: ChildSettings): Child {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { cwd: settings.cwd, env: settings.env, stdio: 'pipe' });
  alive.add(child);
  const lines: string[] = [];
  const listeners = new Set<(line: string) => void>();
  let talk = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (talk += text));
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    for (const listener of listeners) listener(line);
  });
  const exited = new Promise<Exit>((resolve) => {
    child.on('error', (error) => {
      talk += `${error.message}\n`;
      if (child.pid === undefined) {
        alive.delete(child);
        resolve({ code: 127, signal: null });
      }
    });
    child.on('close', (code, signal) => {
      alive.delete(child);
      resolve({ code, signal });
    });
  });
  child.stdin.on('error', (error) => (talk += `(stdin: ${error.message})\n`));
  child.stdin.end(settings.input ?? '');

  function line<T>(what: string, choose: (line: string) => T | undefined): Promise<T> {
    const said = (): string =>
      clipped([command.join(' '), ...lines.slice(-20), talk.slice(-4_000)].join('\n'));
    const wait = new Promise<T>((resolve, reject) => {
      const listener = (text: string): void => {
        const chosen = choose(text);
        if (chosen === undefined) return;
        listeners.delete(listener);
        resolve(chosen);
      };
      for (const text of lines) listener(text);
      listeners.add(listener);
      void exited.then(({ code, signal }) => {
        reject(new Error(`ended (${code ?? signal}) before ${what}: ${said()}`));
      });
    });
    return within(wait, what, said);
  }

  return {
    pid: child.pid ?? -1,
    lines,
    talk: () => talk,
    exited,
    line,
    kill: (signal) => {
      child.kill(signal);
      return exited;
    },
  };
}
