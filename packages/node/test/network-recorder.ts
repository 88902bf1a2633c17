/** Keeps what a network tells, so that tests can wait for events instead of for time. */
import type { LinkId, PeerId } from '@kith/core/base/ids';
import type { NetworkEvents } from '../src/driver/adapters.ts';

export type Told = {
  [Name in keyof NetworkEvents]: [name: Name, ...values: Parameters<NetworkEvents[Name]>];
}[keyof NetworkEvents];

/** Ends a wait that would hang the run. No assertion depends on it. */
const patienceMs = 20_000;

export class NetworkRecorder implements NetworkEvents {
  readonly told: Told[] = [];
  self: PeerId = '' as PeerId;
  addresses: string[] = [];
  /** Links that stand, with whom. */
  readonly links: Map<LinkId, PeerId> = new Map();
  /** Called on every event after it was kept. */
  react: (told: Told) => void = () => {};
  #waiting: (() => void)[] = [];

  listening(self: PeerId, addresses: string[]): void {
    this.self = self;
    this.addresses = addresses;
    this.#keep(['listening', self, addresses]);
  }

  lanFound(remote: PeerId, addresses: string[]): void {
    this.#keep(['lanFound', remote, addresses]);
  }

  lanLost(remote: PeerId): void {
    this.#keep(['lanLost', remote]);
  }

  linkUp(...values: Parameters<NetworkEvents['linkUp']>): void {
    this.links.set(values[0], values[1]);
    this.#keep(['linkUp', ...values]);
  }

  linkDown(link: LinkId, reason: string): void {
    this.links.delete(link);
    this.#keep(['linkDown', link, reason]);
  }

  frame(link: LinkId, frame: Uint8Array): void {
    this.#keep(['frame', link, frame]);
  }

  flushed(link: LinkId, receipt: number): void {
    this.#keep(['flushed', link, receipt]);
  }

  dialFailed(...values: Parameters<NetworkEvents['dialFailed']>): void {
    this.#keep(['dialFailed', ...values]);
  }

  /** All events of one name, in order. */
  all<Name extends Told[0]>(name: Name): Extract<Told, [Name, ...unknown[]]>[] {
    return this.told.filter((told): told is Extract<Told, [Name, ...unknown[]]> => told[0] === name);
  }

  /** The nth event of that name, now or when it comes. */
  async next<Name extends Told[0]>(name: Name, nth = 1): Promise<Extract<Told, [Name, ...unknown[]]>> {
    await this.until(() => this.all(name).length >= nth, `${name} number ${nth}`);
    return this.all(name)[nth - 1]!;
  }

  /** Resolves when the condition holds; looks again after every event. */
  async until(holds: () => boolean, what: string): Promise<void> {
    const untilMs = performance.now() + patienceMs;
    while (!holds()) {
      if (performance.now() > untilMs) {
        throw new Error(`never came: ${what}; told: ${this.told.map(([name]) => name).join(' ')}`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, patienceMs);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  #keep(told: Told): void {
    this.told.push(told);
    this.react(told);
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
