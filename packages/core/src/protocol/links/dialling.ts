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

/** What links there are at this moment. */
export interface Taken {
  remotes: Set<PeerId>;
  /** Plain addresses that lead to a node which is linked. */
  addresses: Set<string>;
  /** Recognised on some link. */
  ids: Set<string>;
}

/** What the rest of the machine knows. */
export interface LinkFacts {
  taken(): Taken;
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

interface Place {
  address: string;
  plain: string;
}

interface Target {
  name: string;
  /** A node on the LAN, or the id of a want. */
  lan: PeerId | undefined;
  want: string | undefined;
  places: Place[];
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
  places: Place[];
  givenUpMs: number;
}

const crowdedAttempts = 5; // As after five dials in vain: a minute or so.
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
  #wakeMs = Infinity;

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
    const name = wantName(id);
    const places = this.#places(given);
    const present = this.#targets.get(name);
    if (present !== undefined) {
      present.why = why;
      this.#move(present, places, nowMs);
      return true;
    }
    if (this.#wants >= this.#config.wantsMax) return false;
    this.#wants++;
    this.#targets.set(name, { ...fresh(name, places, nowMs), want: id, why });
    return true;
  }

  unwant(id: string): void {
    if (this.#targets.delete(wantName(id))) this.#wants--;
  }

  /** mDNS hears the node. `lower`: our network id is the lower one, so that we dial first. */
  lanFound(remote: PeerId, found: { addresses: readonly string[]; lower: boolean }, nowMs: number): void {
    const places = this.#places(found.addresses);
    const name = lanName(remote);
    const present = this.#targets.get(name);
    if (present === undefined) {
      if (this.#lan >= this.#config.lanMax) this.#forgetWorst();
      this.#lan++;
      const dueMs = nowMs + (found.lower ? 0 : this.#config.yieldMs);
      this.#targets.set(name, { ...fresh(name, places, dueMs), lan: remote });
      return;
    }
    this.#move(present, places, nowMs);
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
   * @returns the target it was dialled for and which of its addresses led there, where that can be told.
   */
  reached(remote: PeerId, address: string): { name: string; plain: string } | undefined {
    const plain = plainAddress(address);
    const dials = [...this.#dials.values()];
    const dial =
      dials.find(({ target }) => target.lan === remote) ??
      dials.find(({ places }) => places.some((place) => place.plain === plain)) ??
      // A name resolves to an address we did not know: the oldest such dial is the best guess.
      dials.find(({ places }) => places.some(isNamed));
    if (dial === undefined) return undefined;
    this.#dials.delete(dial.dial);
    dial.target.dialling = false;
    const { places } = dial;
    const led = places.find((place) => place.plain === plain) ?? places.find(isNamed);
    return { name: dial.target.name, plain: led?.plain ?? plain };
  }

  /** The other end was faster: the dial to that node ends without an answer of its own. */
  cameToUs(remote: PeerId): void {
    for (const { dial, target } of this.#dials.values()) {
      if (target.lan !== remote) continue;
      this.#dials.delete(dial);
      target.dialling = false;
    }
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
      if (how.turnedAway) target.attempts = Math.max(target.attempts, crowdedAttempts);
      this.#postpone(target, nowMs);
    }
  }

  /** Starts what is due, and finds out when something will be due next. */
  dialDue(nowMs: number): DialOutput[] {
    for (const dial of this.#dials.values()) if (dial.givenUpMs <= nowMs) this.dialFailed(dial.dial, nowMs);
    const taken = this.#facts.taken();
    for (const { places } of this.#dials.values()) for (const { plain } of places) taken.addresses.add(plain);
    const outputs: DialOutput[] = [];
    const due = [...this.#targets.values()].filter((target) => !target.dialling && target.dueMs <= nowMs);
    for (const target of due.sort((a, b) => a.dueMs - b.dueMs)) {
      if (this.#dials.size >= this.#config.dialsMax) break;
      const places = this.#useful(target, taken);
      if (places.length === 0) continue;
      if (!this.#facts.room(target.met, this.#dials.size)) {
        target.dueMs = nowMs + this.#backoffMs(crowdedAttempts);
      } else if (target.lan !== undefined && !this.#lanBucket.take(nowMs)) {
        target.dueMs = this.#lanBucket.readyMs(nowMs);
      } else {
        outputs.push(this.#dial(target, places, nowMs));
        for (const { plain } of places) taken.addresses.add(plain);
      }
    }
    this.#wakeMs = this.#nextDueMs(taken);
    return outputs;
  }

  /** As of the last `dialDue`. */
  nextWakeMs(): number {
    return this.#wakeMs;
  }

  #nextDueMs(taken: Taken): number {
    let wakeMs = Infinity;
    for (const dial of this.#dials.values()) wakeMs = Math.min(wakeMs, dial.givenUpMs);
    if (this.#dials.size >= this.#config.dialsMax) return wakeMs;
    for (const target of this.#targets.values()) {
      if (target.dialling || target.dueMs >= wakeMs || this.#useful(target, taken).length === 0) continue;
      wakeMs = target.dueMs;
    }
    return wakeMs;
  }

  #dial(target: Target, places: Place[], nowMs: number): DialOutput {
    const dial = this.#nextDial++;
    target.dialling = true;
    target.attempts++;
    target.lastDialMs = nowMs;
    // A link may come of it that serves nothing; then this is when the next address is tried.
    target.dueMs = nowMs + this.#backoffMs(target.attempts);
    this.#dials.set(dial, { dial, target, places, givenUpMs: nowMs + this.#config.dialMsMax });
    const addresses = places.map(({ address }) => address);
    return { type: 'dial', dial, remote: target.lan, addresses, why: target.why };
  }

  /** The addresses worth dialling; none while the target has what it is for. */
  #useful({ lan, want, places }: Target, taken: Taken): Place[] {
    if (lan !== undefined && taken.remotes.has(lan)) return [];
    if (want !== undefined && taken.ids.has(want)) return [];
    return places.filter(({ plain }) => !this.#own.has(plain) && !taken.addresses.has(plain));
  }

  #places(addresses: readonly string[]): Place[] {
    const different = [...new Set(addresses)].slice(0, this.#config.addressesMax);
    return different.map((address) => ({ address, plain: plainAddress(address) }));
  }

  /** The target is elsewhere now; a place that is new is tried at once. */
  #move(target: Target, places: Place[], nowMs: number): void {
    const known = new Set(target.places.map(({ plain }) => plain));
    target.places = places;
    if (places.some(({ plain }) => !known.has(plain))) this.#hurry(target, nowMs);
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

function isNamed({ plain }: Place): boolean {
  return plain.startsWith('/dns');
}

function wantName(id: string): string {
  return `want ${id}`;
}

function lanName(remote: PeerId): string {
  return `lan ${remote}`;
}

function fresh(name: string, places: Place[], dueMs: number): Target {
  return {
    name,
    lan: undefined,
    want: undefined,
    places,
    why: lanWhy,
    attempts: 0,
    dueMs,
    lastDialMs: -Infinity,
    dialling: false,
    met: false,
  };
}
