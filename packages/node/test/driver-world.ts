/**
 * Everything around a driver: a Peer that does what a script says, the in-memory database with planted faults,
 * a network that only notes, a clock that moves by hand; and one trace of what happened, in order.
 */
import { KithError } from '@kith/core/base/errors';
import type { LinkId, PeerId } from '@kith/core/base/ids';
import type { EventRow } from '@kith/core/base/store';
import type { Answer, PeerInput, PeerOutput } from '@kith/core/peer/contract';
import { createMemoryStore, type MemoryDatabase } from '@kith/core/base/memory-store';
import type { Database, Keychain, Network, NetworkEvents, ProfileKeys } from '../src/driver/adapters.ts';
import { Driver, type PeerMachine, type PeerStart } from '../src/driver/driver.ts';
import { HandClock } from './hand-clock.ts';

const self = 'self' as PeerId;
export const link = (number: number): LinkId => number as LinkId;
const event = (seq: number): EventRow => ({ seq, atWallMs: 1, event: 'notice', data: `{"n":${seq}}` });
export const addEvent = (seq: number): PeerOutput[] => [
  { type: 'store', write: { op: 'addEvent', row: event(seq) } },
  { type: 'event', row: event(seq) },
];
export const put = (key: string): PeerOutput => ({
  type: 'store',
  write: { op: 'putSetting', key, value: Uint8Array.of(1) },
});
export const ok = (request: number): PeerOutput => ({
  type: 'answer',
  request,
  answer: { ok: true, out: [] } satisfies Answer,
});

export type Handler = (input: PeerInput) => PeerOutput[];

export class World {
  readonly trace: string[] = [];
  readonly clock: HandClock = new HandClock();
  readonly memory: MemoryDatabase;
  readonly starts: PeerStart[] = [];
  readonly handled: PeerInput[][] = [];
  readonly failures: KithError[] = [];
  readonly keysWritten: ProfileKeys[] = [];
  readonly driver: Driver;
  events: NetworkEvents | undefined;
  /** What the next commits throw, in order; undefined commits. */
  commitFaults: (Error | undefined)[] = [];
  /** What the next steps of maintenance answer or throw. */
  maintenance: (boolean | Error)[] = [];
  wakeMs: number | undefined;
  settles: PeerOutput[] = [];
  keychainFault: Error | undefined;

  constructor(handler: Handler, disk?: { memory: MemoryDatabase; wallMs: number }) {
    const memory = disk?.memory ?? createMemoryStore();
    this.memory = memory;
    if (disk !== undefined) this.clock.wall = disk.wallMs;
    const makePeer = (start: PeerStart): PeerMachine => {
      this.starts.push(start);
      const inputs: PeerInput[] = [];
      this.handled.push(inputs);
      return {
        handle: (input) => {
          inputs.push(input);
          return handler(input);
        },
        settle: () => {
          this.trace.push('settle');
          return this.settles;
        },
        nextWakeMs: () => this.wakeMs,
      };
    };
    this.driver = new Driver({
      makePeer,
      database: this.#database(memory),
      network: this.#network(),
      keychain: this.#keychain(),
      keys: { pageKey: new Uint8Array(32), storageKey: new Uint8Array(32), generation: 1 },
      clock: this.clock,
      log: (_level, code) => void this.trace.push(`log ${code}`),
      onFailed: (error) => void this.failures.push(error),
    });
  }

  /** The trace since the last call. */
  take(): string[] {
    return this.trace.splice(0);
  }

  #database(memory: MemoryDatabase): Database {
    return {
      store: memory.store,
      begin: () => {
        this.trace.push('begin');
        memory.begin();
      },
      apply: (write) => {
        this.trace.push(`apply ${write.op}`);
        memory.apply(write);
      },
      commit: () => {
        const fault = this.commitFaults.shift();
        this.trace.push(fault === undefined ? 'commit' : 'commit failed');
        if (fault === undefined) return memory.commit();
        memory.rollback();
        throw fault;
      },
      rollback: () => {
        this.trace.push('rollback');
        memory.rollback();
      },
      maintain: () => {
        const answer = this.maintenance.shift();
        if (answer === undefined) return false;
        this.trace.push('maintain');
        if (answer instanceof Error) throw answer;
        return answer;
      },
      close: () => memory.close(),
    };
  }

  #network(): Network {
    return {
      start: async (events) => {
        this.events = events;
        events.listening(self, []);
      },
      send: (to, frameClass, _frame, receipt) => {
        this.trace.push(`send ${to} ${frameClass}${receipt === undefined ? '' : ` receipt ${receipt}`}`);
        return true;
      },
      dial: (dial) => void this.trace.push(`dial ${dial}`),
      close: (to, reason) => void this.trace.push(`close ${to} ${reason}`),
      contacted: () => [],
      troubles: () => [],
      stop: async () => void this.trace.push('network stopped'),
    };
  }

  #keychain(): Keychain {
    return {
      kind: 'file',
      read: async () => undefined,
      write: async (keys) => {
        if (this.keychainFault !== undefined) throw this.keychainFault;
        this.keysWritten.push({ ...keys, storageKey: keys.storageKey.slice() });
      },
    };
  }
}

export async function started(handler: Handler): Promise<World> {
  const world = new World(handler);
  await world.driver.start();
  world.clock.drain();
  world.take();
  return world;
}

export const nothing: Handler = () => [];
export const answerAll: Handler = (input) => (input.type === 'command' ? [put('a'), ok(input.request)] : []);
export const full: KithError = new KithError('disk-full');
/** The outcome of a promise as a word, without leaving a rejection unhandled. */
export const outcome = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof KithError ? error.code : 'other'),
  );

/** Gives the driver a command and lets everything run. */
export const ask = async (world: World): Promise<string> => {
  const asked = outcome(world.driver.execute('contacts', {}));
  world.clock.drain();
  return await asked;
};
