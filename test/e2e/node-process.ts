/**
 * Real nodes, and real commands against them: `bin/kith` in processes of their own, each profile in a folder of its
 * own, nothing shared with the person who runs the tests. Waits for events; never sleeps.
 *
 * @example
 * const stage = createStage();
 * afterEach(stage.clear);
 * const ann = stage.home('ann');
 * await ann.up(['--lan', 'off']);
 * const { card } = await ann.json<{ card: string }>(['card', '--once']);
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type Connection } from '@kith/api/client';
import type { ApiEvent } from '@kith/api/shapes';
import { clipped, startChild, type Child, type Exit } from './child.ts';
import { within } from './deadline.ts';

const root: string = join(import.meta.dirname, '../..');
const kith: string = join(root, 'bin/kith');

export interface Ready {
  event: 'ready';
  id: string;
  name: string;
  url: string | null;
  listen: string[];
}

export interface RunningNode {
  child: Child;
  ready: Ready;
  /** SIGTERM, and its exit code. */
  stop: () => Promise<Exit>;
}

/** How a command ended. */
export interface Finished {
  code: number | null;
  /** Stdout as it is. */
  text: string;
  /** Stdout by lines, each as JSON. Empty where the command was not asked for JSON. */
  rows: unknown[];
  /** Stderr. */
  talk: string;
}

export interface HomeSettings {
  /** Network namespace that its processes run in. */
  namespace?: string | undefined;
  /** The profile's folder, where it is not to be one within the stage. Asked anew for each process. */
  data?: (() => string) | undefined;
  /** Goes before `bin/kith` and its arguments. */
  prefix?: readonly string[] | undefined;
  env?: Record<string, string> | undefined;
}

/** Events as they come, from the node's own subscription. */
export interface Follower {
  seen: ApiEvent[];
  /** The first event, seen already or yet to come, that fits. */
  until: (what: string, fits: (event: ApiEvent) => boolean) => Promise<ApiEvent>;
  close: () => Promise<void>;
}

/** One person's profile. */
export interface Home {
  name: string;
  /** The profile's folder. */
  readonly data: string;
  /** Where its processes run and may leave files: the profile, a home, a temporary folder. */
  folder: string;
  /** Starts the node and waits until it is ready. Rejects with what it said. */
  up: (args?: readonly string[]) => Promise<RunningNode>;
  /** Starts the node and does not wait. */
  launch: (args?: readonly string[]) => Child;
  /** Any command, with `--data` of this profile. */
  run: (args: readonly string[], input?: string | Uint8Array) => Promise<Finished>;
  /** With `--json`; must end with 0 and print one object. */
  json: <T>(args: readonly string[], input?: string) => Promise<T>;
  /** With `--json`; must end with 0. */
  list: <T>(args: readonly string[]) => Promise<T[]>;
  /** A client of the running node. Closed with the stage at the latest. */
  connect: () => Promise<Connection>;
  follow: (since?: number) => Promise<Follower>;
}

export interface Stage {
  folder: string;
  home: (name: string, settings?: HomeSettings) => Home;
  /** What every process said last: for the report of a failed test. */
  report: () => string;
  /** Ends every process. Safe to call twice. */
  stopAll: () => Promise<void>;
  /** Ends every process, and removes every file. Safe to call twice. */
  clear: () => Promise<void>;
}

interface Cleanup {
  children: { name: string; child: Child }[];
  connections: Connection[];
}

export function createStage(): Stage {
  // A short path: a profile's socket stands inside, and the system bounds it.
  const folder = mkdtempSync(join(tmpdir(), 'kith-e2e-'));
  const cleanup: Cleanup = { children: [], connections: [] };
  const stopAll = async (): Promise<void> => {
    for (const connection of cleanup.connections.splice(0)) await connection.close();
    await Promise.all(cleanup.children.splice(0).map(({ child }) => child.kill('SIGKILL')));
  };
  return {
    folder,
    home: (name, settings = {}) => createHome(name, { ...settings, stage: folder, cleanup }),
    report: () =>
      cleanup.children
        .slice(-12)
        .map(({ name, child }) =>
          clipped(`--- ${name}\n${child.lines.slice(-8).join('\n')}\n${child.talk().slice(-2_000)}`),
        )
        .join('\n'),
    stopAll,
    clear: async () => {
      await stopAll();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function createHome(name: string, settings: HomeSettings & { stage: string; cleanup: Cleanup }): Home {
  const { stage, cleanup, namespace, prefix = [] } = settings;
  const folder = join(stage, name);
  const data = settings.data ?? (() => join(folder, 'data'));
  const inside = (place: string): string => {
    mkdirSync(join(folder, place), { recursive: true, mode: 0o700 });
    return join(folder, place);
  };
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: inside('home'),
    TMPDIR: inside('tmp'),
    LANG: 'C.UTF-8',
    NO_COLOR: '1',
    KITH_NO_OPEN: '1',
    // The keychain of whoever runs the tests is none of their business.
    KITH_KEYCHAIN: 'file',
    ...settings.env,
  };
  const start = (label: string, args: readonly string[], input?: string | Uint8Array): Child => {
    const place = namespace === undefined ? [] : ['ip', 'netns', 'exec', namespace];
    const command = [...place, ...prefix, kith, ...args, '--data', data()];
    const child = startChild(command, { cwd: inside('cwd'), env, input });
    cleanup.children.push({ name: `${name}: ${label}`, child });
    return child;
  };
  const run = async (args: readonly string[], input?: string | Uint8Array): Promise<Finished> => {
    const child = start(args.join(' '), args, input);
    const { code } = await within(child.exited, `the end of kith ${args.join(' ')}`, child.talk);
    const rows = args.includes('--json') ? child.lines.map((line): unknown => JSON.parse(line)) : [];
    return { code, text: child.lines.join('\n'), rows, talk: child.talk() };
  };
  const connectHere = async (): Promise<Connection> => {
    const connection = await connect({ target: { data: data() }, reconnect: false });
    cleanup.connections.push(connection);
    return connection;
  };
  const launch = (args: readonly string[] = []): Child =>
    start('up', ['up', '--headless', '--json', '--name', name, ...args]);
  return {
    name,
    get data() {
      return data();
    },
    folder,
    launch,
    up: (args) => untilReady(launch(args)),
    run,
    json: async <T>(args: readonly string[], input?: string) =>
      onlyRow<T>(args, await run([...args, '--json'], input)),
    list: async <T>(args: readonly string[]) => goodRows<T>(args, await run([...args, '--json'])),
    connect: connectHere,
    follow: async (since = 0) => follow(await connectHere(), name, since),
  };
}

/** Waits for the line that says so. */
export async function untilReady(child: Child): Promise<RunningNode> {
  const ready = await child.line('the ready line', (line) => {
    const value: Ready | { event: string } = JSON.parse(line);
    return isReady(value) ? value : undefined;
  });
  return { child, ready, stop: () => child.kill('SIGTERM') };
}

function isReady(value: Ready | { event: string }): value is Ready {
  return value.event === 'ready';
}

// The caller says what the command promises (docs/commands.md); a wrong shape fails its assertions.
function goodRows<T>(args: readonly string[], finished: Finished): T[] {
  if (finished.code !== 0) {
    const said = `${args.join(' ')} ended with ${finished.code}: ${finished.text}\n${finished.talk}`;
    throw new Error(clipped(`kith ${said}`));
  }
  return finished.rows as T[];
}

function onlyRow<T>(args: readonly string[], finished: Finished): T {
  const rows = goodRows<T>(args, finished);
  const [row] = rows;
  if (row === undefined || rows.length !== 1) {
    throw new Error(
      `kith ${args.join(' ')} printed ${rows.length} objects: ${finished.text}\n${finished.talk}`,
    );
  }
  return row;
}

async function follow(connection: Connection, name: string, since: number): Promise<Follower> {
  const seen: ApiEvent[] = [];
  const listeners = new Set<(event: ApiEvent) => void>();
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined); // Nobody may be waiting when the node is stopped.
  const started = Promise.withResolvers<void>();
  const subscription = connection.api.events.follow.subscribe(
    { since },
    {
      onStarted: () => started.resolve(),
      onData: ({ data }) => {
        seen.push(data);
        for (const listener of listeners) listener(data);
      },
      onError: (error) => failed.reject(error),
      onComplete: () => failed.reject(new Error(`the events of ${name} ended`)),
    },
  );
  await within(Promise.race([started.promise, failed.promise]), `the events of ${name}`);
  return {
    seen,
    until: (what, fits) => {
      const wait = new Promise<ApiEvent>((resolve) => {
        const found = seen.find(fits);
        if (found !== undefined) {
          resolve(found);
          return;
        }
        const listener = (event: ApiEvent): void => {
          if (!fits(event)) return;
          listeners.delete(listener);
          resolve(event);
        };
        listeners.add(listener);
      });
      const tail = (): string =>
        seen
          .slice(-12)
          .map((event) => JSON.stringify(event))
          .join('\n');
      return within(Promise.race([wait, failed.promise]), `${name}: ${what}`, tail);
    },
    close: async () => {
      subscription.unsubscribe();
      await connection.close();
    },
  };
}

/** A TCP port that nobody had a moment ago, for a node that must come back at the same place. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
}
