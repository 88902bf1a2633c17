/**
 * The loop that runs the Peer: takes the inputs that wait, lets the Peer handle them, makes what it stored
 * durable in one commit, and only then lets anything out. It knows neither libp2p nor SQLite, so that a
 * simulator runs the same loop.
 *
 * Invariants (driver.test.ts):
 *   1. Nothing is sent, dialled, closed, answered, announced or logged before the commit of its batch.
 *   2. After a failed batch none of its outputs is let out; the Peer is rebuilt from the disk, told again what
 *      the network still holds, and the commands of the batch are answered with the error.
 *   3. After two failures with no successful commit between them the driver stops, with the sentence.
 *   4. Every queue is bounded (input-queue.ts, subscriptions.ts); each command is answered exactly once.
 */
import { KithError } from '@kith/core/base/errors';
import { unreachable } from '@kith/core/base/invariant';
import type { EventRow, Store } from '@kith/core/base/store';
import type { Command, CommandName, Commands, PeerInput, PeerOutput } from '@kith/core/peer/contract';
import type { Database, DriverLog, Keychain, Network, NetworkEvents, ProfileKeys } from './adapters.ts';
import type { Clock } from './clock.ts';
import { InputQueue, type NetworkInput } from './input-queue.ts';
import { KeyKeeper } from './key-keeper.ts';
import { MachineTime, machineTimeSetting } from './machine-time.ts';
import { Subscriptions } from './subscriptions.ts';
import { Surroundings } from './surroundings.ts';
import { kithError, nameOf } from './thrown.ts';
import { Transaction } from './transaction.ts';
import { Upkeep } from './upkeep.ts';
import { type CommandOutcome, type Done, WaitingCommands } from './waiting-commands.ts';

/** Inputs that share a commit. A guess: beyond some hundred a larger batch saves little and delays answers. */
export const batchMax = 512;
/** Batches between two looks at the sockets: while they run, senders are held back by TCP. */
const batchesPerTurnMax = 16;

/** The Peer as the driver sees it. */
export interface PeerMachine {
  handle(input: PeerInput, nowMs: number, wallMs: number): PeerOutput[];
  /** Ends a batch: once, after its last input and before the commit. */
  settle(nowMs: number, wallMs: number): PeerOutput[];
  nextWakeMs(): number | undefined;
}

export interface PeerStart {
  store: Store;
  /** As the keychain holds them now. */
  keys: ProfileKeys;
  nowMs: number;
  wallMs: number;
}

export interface DriverParts {
  /** Builds a Peer from what is stored: at the start, and after a batch failed. */
  makePeer: (start: PeerStart) => PeerMachine;
  database: Database;
  network: Network;
  keychain: Keychain;
  /** What `keychain` holds. */
  keys: ProfileKeys;
  clock: Clock;
  log: DriverLog;
  /** The driver has given up and lets nothing in or out any more. To be followed by `stop`. */
  onFailed: (error: KithError) => void;
  /** Told of each broadcast after its batch. Absent where nobody reads them. */
  onBroadcast?: ((broadcast: Extract<PeerOutput, { type: 'broadcast' }>) => void) | undefined;
  /** Told of each typing sign of a contact after its batch. Absent where nobody watches. */
  onTyping?: ((sign: Extract<PeerOutput, { type: 'typing' }>) => void) | undefined;
}

type ReleasedOutput = Exclude<PeerOutput, { type: 'store' }>;

export class Driver {
  readonly #parts: DriverParts;
  readonly #time: MachineTime;
  readonly #queue = new InputQueue();
  readonly #surroundings = new Surroundings();
  readonly #subscriptions: Subscriptions;
  readonly #keys: KeyKeeper;
  readonly #waiting = new WaitingCommands();
  readonly #upkeep: Upkeep | undefined;
  #peer: PeerMachine;
  #nextRequest = 1;
  #failuresInRow = 0;
  #ended: KithError | undefined;
  #scheduled = false;
  #cancelTimer: (() => void) | undefined;
  #timerAtMs = Infinity;

  /** @throws what `makePeer` throws; nothing was changed then. */
  constructor(parts: DriverParts) {
    const { clock, database, keychain, keys, log } = parts;
    this.#parts = parts;
    this.#time = new MachineTime(clock, database.store.setting(machineTimeSetting));
    this.#keys = new KeyKeeper(keychain, keys, log);
    this.#subscriptions = new Subscriptions({
      store: database.store,
      soon: (run) => clock.soon(run),
      onThrown: (cause) => log('warn', 'subscription-ended', { cause: nameOf(cause) }),
    });
    this.#upkeep = upkeepOf(parts);
    this.#peer = this.#makePeer();
  }

  /** Starts the network and the loop. @throws KithError `port-in-use` or `bad-address`. */
  async start(): Promise<void> {
    await this.#parts.network.start(this.#networkEvents());
    this.#schedule();
  }

  /**
   * Runs one command. Resolves when what it changed is durable.
   * @throws KithError - a code of that command, `busy` when too many wait, or `no-node` after the end.
   */
  execute<Name extends CommandName>(name: Name, input: Commands[Name]['in']): Promise<Commands[Name]['out']> {
    return new Promise((resolve, reject) => {
      this.submit(name, input, (outcome) => (outcome.ok ? resolve(outcome.out) : reject(outcome.error)));
    });
  }

  /**
   * As `execute`, for callers whose time is not that of promises. `done` is called once: after the commit of what
   * changed, or with a refusal before this returns.
   */
  submit<Name extends CommandName>(
    name: Name,
    input: Commands[Name]['in'],
    done: (outcome: CommandOutcome<Name>) => void,
  ): void {
    if (this.#ended !== undefined) return done({ ok: false, error: this.#ended });
    const request = this.#nextRequest++;
    // The name and its input are one pair of the union; the compiler sees two independent types.
    const command = { name, in: input } as Command;
    if (!this.#queue.pushCommand({ type: 'command', request, command })) {
      return done({ ok: false, error: new KithError('busy') });
    }
    this.#waiting.add(request, done as Done);
    this.#schedule();
  }

  /**
   * First the stored events with a `seq` above `since`, then each new one after its commit; in order of `seq`,
   * none twice, none left out. Never calls the listener before it has returned. A listener that throws is told
   * no more.
   * @returns ends it; safe to call twice. @throws KithError `busy`.
   */
  subscribe(since: number, listener: (row: EventRow) => void): () => void {
    return this.#subscriptions.add(since, listener);
  }

  /** `seq` of the newest durable event, 0 when there is none. */
  lastEventSeq(): number {
    return this.#parts.database.store.lastEventSeq();
  }

  /** As everything is sealed now: a copy. */
  keys(): ProfileKeys {
    return this.#keys.current();
  }

  /** What a person should know of keys and disk. Empty when well. */
  troubles(): ReturnType<KeyKeeper['troubles']> {
    return this.#keys.troubles();
  }

  /**
   * Ends the loop and the network. Commands that wait are answered `no-node`. Resolves when nothing is left
   * running; the database stays open for the caller to close. Safe to call twice.
   */
  async stop(): Promise<void> {
    const isFirst = this.#ended === undefined;
    this.#end(new KithError('no-node'));
    await this.#parts.network.stop();
    if (isFirst) this.#recordTime();
    await this.#keys.settled(this.#parts.clock);
  }

  #makePeer(): PeerMachine {
    const { clock, database, makePeer } = this.#parts;
    const keys = this.#keys.current();
    return makePeer({ store: database.store, keys, nowMs: this.#time.nowMs(), wallMs: clock.wallMs() });
  }

  #networkEvents(): NetworkEvents {
    const push = (input: NetworkInput): void => this.#push(input);
    return {
      listening: (self, addresses) => push({ type: 'listening', self, addresses }),
      lanFound: (remote, addresses) => push({ type: 'lanFound', remote, addresses }),
      lanLost: (remote) => push({ type: 'lanLost', remote }),
      linkUp: (link, remote, address, path, dialled) =>
        push({ type: 'linkUp', link, remote, address, path, dialled }),
      linkDown: (link, reason) => push({ type: 'linkDown', link, reason }),
      frame: (link, frame) => push({ type: 'frame', link, frame }),
      flushed: (link, receipt) => push({ type: 'flushed', link, receipt }),
      dialFailed: (dial, code) => push({ type: 'dialFailed', dial, code }),
    };
  }

  #push(input: NetworkInput): void {
    if (this.#ended !== undefined) return;
    const outcome = this.#queue.pushEvent(input);
    if (outcome === 'overflow' && input.type === 'frame') {
      // Not decided by the Peer: it is behind, and this is what it must not be given.
      this.#parts.log('warn', 'link-overflow', { link: input.link });
      this.#parts.network.close(input.link, 'too many frames at once');
    }
    if (outcome === 'taken') this.#schedule();
  }

  /** Sees to it that the loop runs: now where inputs wait, else when the Peer wants to be woken. */
  #schedule(): void {
    if (this.#scheduled || this.#ended !== undefined) return;
    const { clock } = this.#parts;
    if (!this.#queue.empty) {
      this.#scheduled = true;
      clock.soon(() => {
        this.#scheduled = false;
        this.#turn();
      });
      return;
    }
    const wakeMs = this.#peer.nextWakeMs();
    // A timer that rings too early only finds out when to ring again: most move on with every frame.
    if (wakeMs === undefined || wakeMs >= this.#timerAtMs) return;
    this.#cancelTimer?.();
    const nowMs = this.#time.nowMs();
    // At least a millisecond: a Peer that asks for the past again and again must not stop the world.
    const delayMs = Math.min(Math.max(wakeMs - nowMs, 1), 2 ** 31 - 1);
    this.#timerAtMs = nowMs + delayMs;
    this.#cancelTimer = clock.after(delayMs, () => {
      this.#timerAtMs = Infinity;
      this.#turn();
    });
  }

  #turn(): void {
    for (let count = 0; count < batchesPerTurnMax && this.#ended === undefined; count++) {
      const inputs = this.#queue.take(batchMax);
      if ((this.#peer.nextWakeMs() ?? Infinity) <= this.#time.nowMs()) inputs.unshift({ type: 'wake' });
      if (inputs.length > 0) this.#batch(inputs);
      if (this.#queue.empty) break;
    }
    this.#schedule();
    if (this.#ended === undefined) this.#upkeep?.postpone();
  }

  /** One batch: handle, settle, commit, release. */
  #batch(inputs: readonly PeerInput[]): void {
    const nowMs = this.#time.nowMs();
    const wallMs = this.#parts.clock.wallMs();
    const transaction = new Transaction(this.#parts.database);
    const held: ReleasedOutput[] = [];
    const take = (outputs: readonly PeerOutput[]): void => {
      for (const output of outputs) {
        if (output.type === 'store') transaction.apply(output.write);
        else held.push(output);
      }
    };
    let current: PeerInput | undefined;
    try {
      for (const input of inputs) {
        current = input;
        const known = this.#noted(input);
        if (known !== undefined) take(this.#peer.handle(known, nowMs, wallMs));
      }
      current = undefined;
      take(this.#peer.settle(nowMs, wallMs));
      if (transaction.isOpen) this.#commit(transaction, nowMs);
    } catch (cause) {
      this.#batchFailed({ cause, inputs, current, transaction });
      return;
    }
    for (const output of held) this.#release(output);
  }

  #commit(transaction: Transaction, nowMs: number): void {
    const record = this.#time.recordDue(nowMs);
    if (record !== undefined) {
      transaction.apply({ op: 'putSetting', key: machineTimeSetting, value: record });
    }
    transaction.commit();
    if (record !== undefined) this.#time.recorded(nowMs);
    this.#failuresInRow = 0;
  }

  #noted(input: PeerInput): PeerInput | undefined {
    if (input.type === 'command' || input.type === 'wake') return input;
    this.#surroundings.note(input);
    return this.#surroundings.forThisPeer(input);
  }

  #release(output: ReleasedOutput): void {
    const { network, log } = this.#parts;
    switch (output.type) {
      case 'send': {
        const { link, receipt } = output;
        const number = receipt === undefined ? undefined : this.#surroundings.receiptNumber(link, receipt);
        const isTaken = network.send(link, output.class, output.frame, number);
        // The Peer sends again what is not acknowledged.
        if (!isTaken) log('debug', 'send-refused', { link, class: output.class });
        return;
      }
      case 'dial': {
        const { remote, addresses, why } = output;
        network.dial(this.#surroundings.dialNumber(output.dial), remote, addresses, why);
        return;
      }
      case 'close':
        network.close(output.link, output.reason);
        return;
      case 'answer':
        this.#waiting.answer(output.request, output.answer);
        return;
      case 'event':
        this.#subscriptions.announce(output.row);
        return;
      case 'broadcast':
        this.#parts.onBroadcast?.(output);
        return;
      case 'typing':
        this.#parts.onTyping?.(output);
        return;
      case 'storageKey':
        this.#keys.moved(output.generation, output.key);
        return;
      case 'log':
        log(output.level, output.code, output.detail);
        return;
      default:
        unreachable(output);
    }
  }

  /** Nothing of the batch happened. Begins again from the disk, or gives up. */
  #batchFailed(batch: {
    cause: unknown;
    inputs: readonly PeerInput[];
    /** The input being handled; undefined when the commit failed. */
    current: PeerInput | undefined;
    transaction: Transaction;
  }): void {
    const { cause, inputs, current } = batch;
    const { log, network } = this.#parts;
    const error = kithError(cause);
    this.#failuresInRow++;
    log('error', 'batch-failed', { cause: nameOf(cause), code: error.code, count: inputs.length });
    for (const input of inputs) {
      if (input.type !== 'command' && input.type !== 'wake') this.#surroundings.note(input);
    }
    // A fault of our own that a frame brought out: whoever sent it does not get a second try on this link.
    if (error.code === 'internal' && current?.type === 'frame') network.close(current.link, 'fault');
    try {
      batch.transaction.rollback();
      if (this.#failuresInRow >= 2) throw error;
      this.#peer = this.#makePeer();
      this.#queue.unshiftEvents(this.#surroundings.replay());
    } catch (final) {
      this.#giveUp(kithError(final));
      return;
    }
    // Every command that the Peer before knew of: the new one does not.
    this.#waiting.refuse(error, this.#queue.oldestRequest());
  }

  #giveUp(error: KithError): void {
    this.#parts.log('error', 'gave-up', { code: error.code });
    this.#end(error);
    this.#parts.onFailed(error);
  }

  /** From here on nothing is let in or out. The first reason stands. */
  #end(reason: KithError): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    this.#cancelTimer?.();
    this.#upkeep?.stop();
    this.#subscriptions.clear();
    this.#waiting.refuse(reason);
  }

  #recordTime(): void {
    const transaction = new Transaction(this.#parts.database);
    try {
      transaction.apply({ op: 'putSetting', key: machineTimeSetting, value: this.#time.finalRecord() });
      transaction.commit();
    } catch (cause) {
      // The record before it holds, and is ahead of every time that was used.
      transaction.rollback();
      this.#parts.log('warn', 'time-unrecorded', { code: kithError(cause).code });
    }
  }
}

/** None where the database has nothing that can wait. */
function upkeepOf({ clock, database, log }: DriverParts): Upkeep | undefined {
  if (database.maintain === undefined) return undefined;
  return new Upkeep({
    clock,
    step: () => database.maintain?.() === true,
    onFailed: (cause) => log('warn', 'maintenance-failed', { code: kithError(cause).code }),
  });
}
