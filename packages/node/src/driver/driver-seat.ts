/**
 * Where the driver of the moment sits, so that it can be replaced while the node runs: by one with another network on the
 * same database. Whoever calls and watches is not told: commands under way are answered before the old driver goes, those
 * that come meanwhile wait for the new one, and who watches hears each event once, as before.
 *
 * Bounds: {@link commandsMax} commands wait, others are refused `busy`; one replacement at a time.
 */
import { KithError } from '@kith/core/base/errors';
import type { EventRow } from '@kith/core/base/store';
import type { CommandName, Commands } from '@kith/core/peer/contract';
import type { Contacted, Network, ProfileKeys, Trouble } from './adapters.ts';
import type { Driver } from './driver.ts';
import { commandsMax } from './input-queue.ts';
import { subscriptionsMax } from './subscriptions.ts';

/** As many as a network itself remembers. */
const contactedMax = 1_000;

/** A driver that was started, and what is asked of its network besides. */
export interface Seated {
  driver: Driver;
  network: Pick<Network, 'contacted' | 'troubles'>;
  /** Multiaddrs; they change with the interfaces. */
  listen: () => string[];
}

type Start = (keys: ProfileKeys) => Promise<Seated>;

interface Watcher {
  cursor: number;
  listener: (row: EventRow) => void;
  end: (() => void) | undefined;
}

export class DriverSeat {
  #seated: Seated;
  #change: Promise<void> | undefined;
  #isOver = false;
  #underWay = 0;
  #waiting = 0;
  #onIdle: (() => void) | undefined;
  readonly #watchers = new Set<Watcher>();
  /** Of the networks before this one: what was contacted stays told. */
  #contactedBefore: Contacted[] = [];

  constructor(seated: Seated) {
    this.#seated = seated;
  }

  /** As the driver's own. Waits while the driver is being replaced. */
  async execute<Name extends CommandName>(
    name: Name,
    input: Commands[Name]['in'],
  ): Promise<Commands[Name]['out']> {
    while (this.#change !== undefined) {
      if (this.#waiting >= commandsMax) throw new KithError('busy');
      this.#waiting += 1;
      await this.#change;
      this.#waiting -= 1;
    }
    this.#underWay += 1;
    try {
      return await this.#seated.driver.execute(name, input);
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#onIdle?.();
    }
  }

  /** As the driver's own. */
  subscribe(since: number, listener: (row: EventRow) => void): () => void {
    if (this.#watchers.size >= subscriptionsMax) throw new KithError('busy');
    const watcher: Watcher = { cursor: since, listener, end: undefined };
    this.#watchers.add(watcher);
    if (this.#change === undefined) this.#attach(watcher);
    return () => {
      this.#watchers.delete(watcher);
      watcher.end?.();
    };
  }

  lastEventSeq(): number {
    return this.#seated.driver.lastEventSeq();
  }

  listen(): string[] {
    return this.#seated.listen();
  }

  contacted(): Contacted[] {
    return [...this.#contactedBefore, ...this.#seated.network.contacted()].slice(-contactedMax);
  }

  troubles(): Trouble[] {
    return [...this.#seated.driver.troubles(), ...this.#seated.network.troubles()];
  }

  /**
   * Ends the driver and its network, and starts another in their place.
   *
   * @param start - Starts the new one, with the keys of the one that ended: a keychain may be locked by now.
   * @param again - Starts one as it was before, where that fails.
   * @throws what `start` threw; where `again` threw as well, the seat stays empty: every command answers `no-node`.
   */
  async replace(start: Start, again: Start): Promise<void> {
    while (this.#change !== undefined) await this.#change;
    if (this.#isOver) throw new KithError('no-node');
    const change = Promise.withResolvers<void>();
    this.#change = change.promise;
    try {
      await this.#idle();
      const before = this.#seated;
      await before.driver.stop();
      const keys = before.driver.keys();
      this.#contactedBefore = this.contacted();
      let next: Seated;
      try {
        next = await start(keys);
      } catch (error) {
        await this.#sit(await again(keys));
        throw error;
      }
      // Outside: where sitting down fails the new one runs all the same, and a second must not join it.
      await this.#sit(next);
    } finally {
      this.#change = undefined;
      change.resolve();
    }
  }

  /** Ends the driver. Resolves when nothing is left running. */
  async stop(): Promise<void> {
    this.#isOver = true;
    while (this.#change !== undefined) await this.#change;
    await this.#seated.driver.stop();
  }

  async #sit(seated: Seated): Promise<void> {
    this.#seated = seated;
    for (const watcher of this.#watchers) this.#attach(watcher);
    // The node was told to end meanwhile.
    if (this.#isOver) await seated.driver.stop();
  }

  #attach(watcher: Watcher): void {
    watcher.end = this.#seated.driver.subscribe(watcher.cursor, (row) => {
      watcher.cursor = row.seq;
      watcher.listener(row);
    });
  }

  async #idle(): Promise<void> {
    if (this.#underWay === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
    this.#onIdle = undefined;
  }
}
