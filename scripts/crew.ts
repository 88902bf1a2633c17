/**
 * Real nodes for the demo and the README's picture: `bin/kith up` in processes of their own, each with a profile in one
 * temporary folder, on loopback alone. Nothing of the person who runs this is read or touched, nothing is announced on
 * a network, and no node outlives us.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { connect, type ApiClient, type Connection } from '@kith/api/client';
import type { ApiEvent } from '@kith/api/shapes';

const root: string = join(import.meta.dirname, '..');
/** Only something that hangs takes this long. */
const patienceMs = 60_000;
/** A node that was asked to end and has not by then is killed. A guess: forty times what it takes. */
const endMsMax = 10_000;

/** How a program of this checkout is started: the shell script where there is a shell, its inside on Windows. */
export const kithCommand: readonly string[] =
  process.platform === 'win32' ? [process.execPath, join(root, 'bin/kith.ts')] : [join(root, 'bin/kith')];

/** The surroundings of every process here: no keychain of the person's, no browser, no colours. */
export const crewEnvironment: NodeJS.ProcessEnv = {
  ...process.env,
  KITH_KEYCHAIN: 'file',
  KITH_NO_OPEN: '1',
  NO_COLOR: '1',
  // A node that npm started ends when its parent has gone. So end these, should we be killed.
  npm_lifecycle_event: 'demo',
};

export interface Member {
  name: string;
  /** `kith1…` */
  id: string;
  /** The profile's folder. */
  data: string;
  /** Multiaddr of this start. */
  address: string;
  api: ApiClient;
  /**
   * The first event above `since` that `choose` does not answer with undefined, seen already or yet to come. Rejects
   * when `choose` throws.
   */
  until: <T>(what: string, since: number, choose: (event: ApiEvent) => T | undefined) => Promise<T>;
  /** Calls `listener` for each event from now on. */
  listen: (listener: (event: ApiEvent) => void) => void;
  /** Ends the node; its profile stays. */
  stop: () => Promise<void>;
}

export interface Crew {
  /** Starts a node and waits until it is ready; again under the same name for a node that was stopped. */
  start: (name: string, bootstrap: string | undefined) => Promise<Member>;
  folder: string;
  /** Ends all nodes and removes all files. Safe to call twice. */
  clear: () => Promise<void>;
}

/** @param label stands in the name of the temporary folder. */
export function createCrew(label: string): Crew {
  const folder = mkdtempSync(join(tmpdir(), `kith-${label}-`));
  const running = new Set<() => Promise<void>>();
  let isCleared = false;
  return {
    folder,
    start: async (name, bootstrap) => {
      if (isCleared) throw new Error('everything is being stopped');
      const data = join(folder, name.toLowerCase());
      const child = spawnNode(name, data, bootstrap);
      running.add(() => end(child));
      return await createMember({ name, data, child });
    },
    clear: async () => {
      isCleared = true;
      await Promise.all([...running].map((stop) => stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function spawnNode(name: string, data: string, bootstrap: string | undefined): ChildProcess {
  const [program = '', ...first] = kithCommand;
  const args = ['up', '--headless', '--json', '--name', name, '--data', data, '--lan', 'off'];
  args.push(
    '--listen',
    '/ip4/127.0.0.1/tcp/0',
    ...(bootstrap === undefined ? [] : ['--bootstrap', bootstrap]),
  );
  const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
  return spawn(program, [...first, ...args], { env: crewEnvironment, stdio });
}

/** SIGTERM, and SIGKILL for one that hangs. Safe to call on one that ended. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), endMsMax);
  await gone;
  clearTimeout(timer);
}

async function createMember(own: { name: string; data: string; child: ChildProcess }): Promise<Member> {
  const { name, data, child } = own;
  const { id, listen } = await within(untilReady(name, child), `the node of ${name}`);
  const connection = await connect({ target: { data }, reconnect: false });
  const events = await follow(connection, name);
  return {
    name,
    id,
    data,
    address: listen[0] ?? '',
    api: connection.api,
    ...events,
    stop: async () => {
      await connection.close();
      await end(child);
    },
  };
}

interface Ready {
  event?: string;
  id: string;
  listen: string[];
}

/** Rejects with what the node said when it ends before it is ready. */
async function untilReady(name: string, child: ChildProcess): Promise<Ready> {
  let talk = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (talk += text));
  return await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => reject(new Error(`the node of ${name} ended with ${code}\n${talk}`)));
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said: Ready = JSON.parse(line);
      if (said.event === 'ready') resolve(said);
    });
  });
}

/** Every event of this start and before, in order; none is asked for twice. */
async function follow(connection: Connection, name: string): Promise<Pick<Member, 'until' | 'listen'>> {
  const seen: ApiEvent[] = [];
  const listeners = new Set<(event: ApiEvent) => void>();
  const started = Promise.withResolvers<void>();
  connection.api.events.follow.subscribe(
    { since: 0 },
    {
      onStarted: () => started.resolve(),
      onData: ({ data }) => {
        seen.push(data);
        for (const listener of listeners) listener(data);
      },
      onError: (error) => started.reject(error),
    },
  );
  await within(started.promise, `the events of ${name}`);
  return {
    listen: (listener) => void listeners.add(listener),
    until: async (what, since, choose) =>
      await within(
        new Promise((resolve, reject) => {
          const listener = (event: ApiEvent): void => {
            try {
              const chosen = event.seq > since ? choose(event) : undefined;
              if (chosen === undefined) return;
              resolve(chosen);
            } catch (error) {
              reject(error);
            }
            listeners.delete(listener);
          };
          listeners.add(listener);
          for (const event of seen) if (listeners.has(listener)) listener(event);
        }),
        `${name}: ${what}`,
      ),
  };
}

async function within<T>(wait: Promise<T>, what: string): Promise<T> {
  const limit = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    limit.reject(new Error(`waited ${patienceMs / 1000} s in vain for ${what}`));
  }, patienceMs);
  try {
    return await Promise.race([wait, limit.promise]);
  } finally {
    clearTimeout(timer);
  }
}
