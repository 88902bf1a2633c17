/**
 * Whom to dial, when, and when again: nodes that mDNS hears, and what the Peer wants a link to.
 *
 * A target rests while it has what it is for, is dialled when it is due and there is room, and waits longer
 * after every dial until a link it made lives for a while. Nothing is dialled twice at a time.
 */
import type { PeerId } from '../../base/ids.ts';
import type { Random } from '../../base/random.ts';
import { TokenBucket } from './token-bucket.ts';

export interface DiallingConfig {
  wantsMax: number;
  lanMax: number;
  addressesMax: number;
  dialsMax: number;
  retryMsMin: number;
  retryMsMax: number;
  /** A dial without an answer is given up after this. */
  dialMsMax: number;
  /** How long the node with the higher network id leaves the dialling to the lower. */
  yieldMs: number;
  lanDials: { burst: number; refillMs: number };
}

export const diallingDefaults: DiallingConfig = {
  wantsMax: 1_024,
  lanMax: 1_024,
  addressesMax: 8,
  dialsMax: 8,
  retryMsMin: 2_000, // A guess: a node that restarts is back by then.
  retryMsMax: 900_000, // A guess: 15 minutes keeps a phone's radio asleep.
  dialMsMax: 60_000, // Above the time-out of the network adapter, which answers first.
  yieldMs: 1_000, // Measured: a dial on a LAN is over in a few milliseconds (stack notes on mDNS).
  lanDials: { burst: 16, refillMs: 500 }, // A forged mDNS answer must not make us scan a network.
};

/** What the rest of the machine knows about links at this moment. */
export interface LinkFacts {
  /** A link to this node stands. */
  linked(remote: PeerId): boolean;
  /** A link whose other end is reached by this address stands. */
  occupied(address: string): boolean;
  /** Somebody recognised as this id is linked. */
  recognised(id: string): boolean;
  /** Whether one more link is worth making: `known`: to a node that was met and not recognised. */
  room(known: boolean, dialling: number): boolean;
}

export interface DialOutput {
  type: 'dial';
  dial: number;
  remote: PeerId | undefined;
  addresses: string[];
  why: string;
}

export interface Want {
  id: string;
  /** Multiaddrs; the first 8 count. */
  addresses: string[];
  /** For people who ask why an address was contacted. */
  why: string;
}

interface Target {
  name: string;
  /** A node on the LAN, or the id of a want. */
  lan: PeerId | undefined;
  want: string | undefined;
  addresses: string[];
  why: string;
  attempts: number;
  dueMs: number;
  lastDialMs: number;
  dialling: boolean;
  /** Met since the entries last grew, and a stranger. */
  met: boolean;
}

interface Dial {
  dial: number;
  target: Target;
  addresses: string[];
  givenUpMs: number;
}

const lanWhy = 'found on the local network';

export class Dialling {
  #targets = new Map<string, Target>();
  #wants = 0;
  #lan = 0;
  #dials = new Map<number, Dial>();
  #nextDial = 1;
  #own = new Set<string>(); // Our own addresses are never dialled.
  #config: DiallingConfig;
  #facts: LinkFacts;
  #random: Random;
  #lanBucket: TokenBucket;

  constructor(config: DiallingConfig, facts: LinkFacts, random: Random) {
    this.#config = config;
    this.#facts = facts;
    this.#random = random;
    this.#lanBucket = new TokenBucket(config.lanDials, 0);
  }

  setOwnAddresses(addresses: readonly string[]): void {
    this.#own = new Set(addresses.map(plainAddress));
  }

  /** @returns false when there are too many wants. */
  want({ id, addresses: given, why }: Want, nowMs: number): boolean {
    const addresses = [...new Set(given)].slice(0, this.#config.addressesMax);
    const name = wantName(id);
    const present = this.#targets.get(name);
    if (present !== undefined) {
      const changed = addresses.some((address) => !present.addresses.includes(address));
      Object.assign(present, { addresses, why });
      if (changed) this.#hurry(present, nowMs);
      return true;
    }
    if (this.#wants >= this.#config.wantsMax) return false;
    this.#wants++;
    this.#targets.set(name, { ...fresh(name, addresses, nowMs), want: id, why });
    return true;
  }

  unwant(id: string): void {
    if (this.#targets.delete(wantName(id))) this.#wants--;
  }

  /** mDNS hears the node. `lower`: our network id is the lower one, so that we dial first. */
  lanFound(remote: PeerId, found: { addresses: readonly string[]; lower: boolean }, nowMs: number): void {
    const addresses = found.addresses.slice(0, this.#config.addressesMax);
    const name = lanName(remote);
    const present = this.#targets.get(name);
    if (present === undefined) {
      if (this.#lan >= this.#config.lanMax) this.#forgetWorst();
      this.#lan++;
      const dueMs = nowMs + (found.lower ? 0 : this.#config.yieldMs);
      this.#targets.set(name, { ...fresh(name, addresses, dueMs), lan: remote });
      return;
    }
    const changed = addresses.some((address) => !present.addresses.includes(address));
    present.addresses = addresses;
    if (changed) this.#hurry(present, nowMs);
  }

  lanLost(remote: PeerId): void {
    if (this.#targets.delete(lanName(remote))) this.#lan--;
  }

  /** The person acted, or the network changed: every target is tried as if for the first time. */
  hurryAll(nowMs: number): void {
    for (const target of this.#targets.values()) this.#hurry(target, nowMs);
  }

  /** There are new acquaintances: nodes that were strangers may not be strangers any more. */
  meetAnew(): void {
    for (const target of this.#targets.values()) target.met = false;
  }

  met(remote: PeerId): void {
    const target = this.#targets.get(lanName(remote));
    if (target !== undefined) target.met = true;
  }

  /**
   * A link we dialled stands.
   * @returns which of the addresses led to it, and the target it was dialled for, where that can be told.
   */
  reached(remote: PeerId, address: string): { name: string; address: string } | undefined {
    const plain = plainAddress(address);
    const dials = [...this.#dials.values()];
    const dial =
      dials.find(({ target }) => target.lan === remote) ??
      dials.find(({ addresses }) => addresses.some((tried) => plainAddress(tried) === plain)) ??
      // A name resolves to an address we did not know: the oldest such dial is the best guess.
      dials.find(({ addresses }) => addresses.some(isNamed));
    if (dial === undefined) return undefined;
    this.#dials.delete(dial.dial);
    dial.target.dialling = false;
    const led =
      dial.addresses.find((tried) => plainAddress(tried) === plain) ??
      dial.addresses.find(isNamed) ??
      address;
    return { name: dial.target.name, address: led };
  }

  /** @returns the node that could not be reached, where the dial was to a certain one. */
  dialFailed(number: number, nowMs: number): PeerId | undefined {
    const dial = this.#dials.get(number);
    if (dial === undefined) return undefined;
    this.#dials.delete(number);
    dial.target.dialling = false;
    this.#postpone(dial.target, nowMs);
    return dial.target.lan;
  }

  /**
   * A link is gone: whatever it served is tried again after its back-off.
   * `settled`: it lived long enough for the back-off to begin anew. `turnedAway`: the other had no room.
   */
  linkGone(
    served: { remote: PeerId; ids: Iterable<string>; target: string | undefined },
    how: { settled: boolean; turnedAway: boolean },
    nowMs: number,
  ): void {
    const names = new Set([lanName(served.remote), ...[...served.ids].map(wantName)]);
    if (served.target !== undefined) names.add(served.target);
    for (const name of names) {
      const target = this.#targets.get(name);
      if (target === undefined) continue;
      if (how.settled) target.attempts = 0;
      if (how.turnedAway) target.attempts = Math.max(target.attempts, 5); // A minute or so.
      this.#postpone(target, nowMs);
    }
  }

  /** Starts what is due. */
  dialDue(nowMs: number): DialOutput[] {
    for (const dial of this.#dials.values()) if (dial.givenUpMs <= nowMs) this.dialFailed(dial.dial, nowMs);
    const due = [...this.#targets.values()].filter((target) => target.dueMs <= nowMs && !target.dialling);
    due.sort((a, b) => a.dueMs - b.dueMs);
    const outputs: DialOutput[] = [];
    for (const target of due) {
      if (this.#dials.size >= this.#config.dialsMax) break;
      const addresses = this.#useful(target);
      if (addresses.length === 0) continue;
      const roomy = this.#facts.room(target.met, this.#dials.size);
      if (!roomy) target.dueMs = nowMs + this.#backoffMs(4);
      else if (target.lan !== undefined && !this.#lanBucket.take(nowMs)) {
        target.dueMs = this.#lanBucket.readyMs(nowMs);
      } else outputs.push(this.#dial(target, addresses, nowMs));
    }
    return outputs;
  }

  nextWakeMs(): number | undefined {
    let wakeMs = Infinity;
    for (const dial of this.#dials.values()) wakeMs = Math.min(wakeMs, dial.givenUpMs);
    if (this.#dials.size < this.#config.dialsMax) {
      for (const target of this.#targets.values()) {
        if (target.dialling || target.dueMs >= wakeMs || this.#useful(target).length === 0) continue;
        wakeMs = target.dueMs;
      }
    }
    return wakeMs === Infinity ? undefined : wakeMs;
  }

  #dial(target: Target, addresses: string[], nowMs: number): DialOutput {
    const dial = this.#nextDial++;
    target.dialling = true;
    target.attempts++;
    target.lastDialMs = nowMs;
    // A link may come of it that serves nothing; then this is when the next address is tried.
    target.dueMs = nowMs + this.#backoffMs(target.attempts);
    this.#dials.set(dial, { dial, target, addresses, givenUpMs: nowMs + this.#config.dialMsMax });
    return { type: 'dial', dial, remote: target.lan, addresses, why: target.why };
  }

  /** The addresses worth dialling; none while the target has what it is for. */
  #useful(target: Target): string[] {
    const { lan, want } = target;
    if (lan !== undefined && this.#facts.linked(lan)) return [];
    if (want !== undefined && this.#facts.recognised(want)) return [];
    const tried = [...this.#dials.values()].filter((dial) => dial.target !== target);
    return target.addresses.filter((address) => {
      const plain = plainAddress(address);
      if (this.#own.has(plain) || this.#facts.occupied(plain)) return false;
      return !tried.some((dial) => dial.addresses.some((other) => plainAddress(other) === plain));
    });
  }

  /** Makes room for a node on the LAN: the one that was tried most goes, and it is found again or not. */
  #forgetWorst(): void {
    let worst: Target | undefined;
    for (const target of this.#targets.values()) {
      if (target.lan !== undefined && target.attempts > (worst?.attempts ?? -1)) worst = target;
    }
    if (worst?.lan !== undefined) this.lanLost(worst.lan);
  }

  #postpone(target: Target, nowMs: number): void {
    target.dueMs = nowMs + this.#backoffMs(target.attempts);
  }

  /** From the beginning, but not at once after a dial: who comes and goes must not make us hammer. */
  #hurry(target: Target, nowMs: number): void {
    target.attempts = 0;
    target.dueMs = Math.max(nowMs, target.lastDialMs + this.#config.retryMsMin);
  }

  /** Doubles from retryMsMin to retryMsMax, then takes a random half off so that nodes spread out. */
  #backoffMs(attempts: number): number {
    const { retryMsMin, retryMsMax } = this.#config;
    const ceilingMs = Math.min(retryMsMin * 2 ** Math.max(0, attempts - 1), retryMsMax);
    return Math.round(ceilingMs * (0.5 + this.#random.next() / 2));
  }
}

/** An address without the network id at its end, which says nothing about where it leads. */
export function plainAddress(address: string): string {
  return address.replace(/\/p2p\/[^/]*$/, '');
}

function isNamed(address: string): boolean {
  return address.startsWith('/dns');
}

function wantName(id: string): string {
  return `want ${id}`;
}

function lanName(remote: PeerId): string {
  return `lan ${remote}`;
}

function fresh(name: string, addresses: string[], dueMs: number): Target {
  return {
    name,
    lan: undefined,
    want: undefined,
    addresses,
    why: lanWhy,
    attempts: 0,
    dueMs,
    lastDialMs: -Infinity,
    dialling: false,
    met: false,
  };
}
