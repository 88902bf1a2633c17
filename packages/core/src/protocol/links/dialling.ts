/**
 * Whom to dial, when, and when again: nodes that mDNS hears, what the Peer wants a link to, and nodes that a
 * room of the mesh asks for once.
 *
 * A target rests while it has what it is for, is dialled when it is due and there is room, and waits longer
 * after every dial until a link it made lives for a while. What is asked for once ends with its first dial.
 * Nothing is dialled twice at a time.
 */
import type { PeerId } from '../../base/ids.ts';
import type { Random } from '../../base/random.ts';
import { TokenBucket } from '../../base/token-bucket.ts';
import type { LinkPurpose } from '../../wire/hello.ts';
import {
  type Dial,
  type DialOutput,
  type Failure,
  hasIt,
  isAmong,
  isNamed,
  lanName,
  lanTarget,
  type LinkFacts,
  mostTried,
  noteFailure,
  type Place,
  type PlaceFor,
  placesOf,
  plainAddress,
  type PromoteOutput,
  type Reach,
  reachName,
  reachTarget,
  type Taken,
  type Target,
  type Unreached,
  type Want,
  wantName,
  wantTarget,
} from './dial-target.ts';
import { backoffMs, type DiallingConfig } from './dialling-config.ts';
import { Knocks } from './knocks.ts';

const crowdedAttempts = 5; // As after five dials in vain: a minute or so.

export class Dialling {
  #targets = new Map<string, Target>();
  #counts = { lan: 0, want: 0, reach: 0 };
  #dials = new Map<number, Dial>();
  #dialled = new Set<string>(); // Plain addresses and nodes that are being dialled, as of the last `dialDue`.
  #nextDial = 1;
  #own = new Set<string>(); // Our own addresses are never dialled.
  #config: DiallingConfig;
  #facts: LinkFacts;
  #random: Random;
  #lanBucket: TokenBucket;
  #wakeMs = Infinity;
  #stale = true; // Targets or links changed since `dialDue` last looked at all of them.
  #unreached: Unreached[] = [];
  readonly #knocks: Knocks;

  constructor(config: DiallingConfig, facts: LinkFacts, random: Random) {
    this.#config = config;
    this.#facts = facts;
    this.#random = random;
    this.#lanBucket = new TokenBucket(config.lanDials, 0);
    this.#knocks = new Knocks(config.knocks);
  }

  setOwnAddresses(addresses: readonly string[]): void {
    this.#own = new Set(addresses.map(plainAddress));
    this.#stale = true;
  }

  /** Links came, went or became something else: what rested may be due. */
  linksChanged(): void {
    this.#stale = true;
  }

  /** @returns false when there are too many wants. */
  want({ id, addresses: given, why }: Want, nowMs: number): boolean {
    const places = placesOf(given, this.#config.addressesMax);
    const present = this.#targets.get(wantName(id));
    if (present !== undefined) {
      present.why = why;
      this.#move(present, places, nowMs);
      return true;
    }
    if (this.#counts.want >= this.#config.wantsMax) return false;
    this.#add(wantTarget({ id, why }, places, nowMs));
    return true;
  }

  unwant(id: string): void {
    this.#remove(wantName(id));
  }

  /** The id of the want that a link was dialled for, while it is wanted. */
  wantLed(name: string): string | undefined {
    return this.#targets.get(name)?.want;
  }

  wanted(id: string): Readonly<Target> | undefined {
    return this.#targets.get(wantName(id));
  }

  /** mDNS hears the node. `lower`: our network id is the lower one, so that we dial first. */
  lanFound(remote: PeerId, found: { addresses: readonly string[]; lower: boolean }, nowMs: number): void {
    const places = placesOf(found.addresses, this.#config.addressesMax);
    const present = this.#targets.get(lanName(remote));
    if (present === undefined) {
      // The one that was tried most goes, and it is found again or not.
      const worst = this.#counts.lan >= this.#config.lanMax ? mostTried(this.#targets.values()) : undefined;
      if (worst !== undefined) this.#remove(worst.name);
      this.#add(lanTarget(remote, places, nowMs + (found.lower ? 0 : this.#config.yieldMs)));
      return;
    }
    this.#move(present, places, nowMs);
  }

  lanLost(remote: PeerId): void {
    this.#remove(lanName(remote));
  }

  /** Asks for a link once; `unreached` tells where none came of it. Asked again while it lasts, it is one. */
  reach({ remote, addresses, why, purpose }: Reach, nowMs: number): void {
    if (this.#targets.has(reachName(remote, purpose))) return;
    if (this.#counts.reach >= this.#config.reachesMax) {
      this.#unreached.push({ remote, purpose, dialled: false });
      return;
    }
    const restedMs = this.#knocks.lastMs(remote) + this.#config.retryMsMin;
    const untilMs = nowMs + this.#config.reachMsMax;
    const places = placesOf(addresses, this.#config.addressesMax);
    this.#add(reachTarget({ remote, purpose, why, untilMs }, places, Math.max(nowMs, restedMs)));
  }

  /** A link to the node is open: what asked for it has it. */
  opened(remote: PeerId, purpose: LinkPurpose): void {
    this.#stale = true;
    this.#remove(reachName(remote, 'question'));
    if (purpose === 'neighbour') this.#remove(reachName(remote, 'neighbour'));
  }

  /** No link to the node stands any more, and none opened: what was dialled for once ends. */
  lostBeforeOpen(remote: PeerId): void {
    for (const purpose of ['neighbour', 'question'] as const) {
      const target = this.#targets.get(reachName(remote, purpose));
      if (target !== undefined && target.attempts > 0 && !target.dialling) this.#giveUp(target);
    }
  }

  /** What was asked for once and not reached, since the last call. */
  takeUnreached(): Unreached[] {
    if (this.#unreached.length === 0) return [];
    const unreached = this.#unreached;
    this.#unreached = [];
    return unreached;
  }

  /** Targets, or the wants whose ids begin as one of `wants`, are tried as if for the first time. */
  hurryAll(nowMs: number, wants?: readonly string[]): void {
    if (wants === undefined) this.#knocks.forgetHosts();
    for (const target of this.#targets.values()) {
      const isMeant = wants?.some((each) => target.want?.startsWith(each) === true) ?? true;
      if (isMeant) this.#hurry(target, nowMs);
    }
  }

  /** There are new acquaintances: strangers may not be strangers any more. */
  meetAnew(): void {
    for (const target of this.#targets.values()) target.met = false;
  }

  met(remote: PeerId): void {
    const target = this.#targets.get(lanName(remote));
    if (target !== undefined) target.met = true;
  }

  /**
   * A link we dialled stands.
   * @returns the target it was dialled for, which of its addresses led there, where that can be told, and for what.
   */
  reached(
    remote: PeerId,
    address: string,
  ): { name: string; plain: string; purpose: LinkPurpose } | undefined {
    const plain = plainAddress(address);
    const dials = [...this.#dials.values()];
    const dial =
      dials.find(({ target }) => target.remote === remote) ??
      dials.find(({ places }) => places.some((place) => place.plain === plain)) ??
      // A name resolves to an address we did not know: the oldest such dial is the best guess.
      dials.find(({ places }) => places.some(isNamed));
    if (dial === undefined) return undefined;
    this.#endDial(dial);
    const { places, target } = dial;
    const led = places.find((place) => place.plain === plain) ?? places.find(isNamed);
    if (target.remote === remote) this.#knocks.answered(plain);
    return { name: target.name, plain: led?.plain ?? plain, purpose: target.purpose };
  }

  /** The other end was faster: the dial to that node ends without an answer of its own. */
  cameToUs(remote: PeerId): void {
    for (const dial of this.#dials.values()) if (dial.target.remote === remote) this.#endDial(dial);
  }

  /** @returns the node that could not be reached, where the dial was to a certain one. */
  dialFailed(number: number, nowMs: number, code: Failure): PeerId | undefined {
    const dial = this.#dials.get(number);
    if (dial === undefined) return undefined;
    this.#endDial(dial);
    noteFailure(dial.target, code);
    if (dial.target.kind === 'reach') this.#giveUp(dial.target);
    else this.#postpone(dial.target, nowMs);
    return dial.target.remote;
  }

  /**
   * A link is gone: whatever it served is tried again after its back-off.
   * `settled`: it lived long enough for the back-off to begin anew. `turnedAway`: the other had no room.
   * `failure`: what it means for the target that it was dialled for, unless that was recognised on it.
   */
  linkGone(
    served: { remote: PeerId; ids: ReadonlySet<string>; target: string | undefined },
    how: { settled: boolean; turnedAway: boolean; failure: Failure },
    nowMs: number,
  ): void {
    this.#stale = true;
    const names = new Set([lanName(served.remote), ...[...served.ids].map(wantName)]);
    if (served.target !== undefined) names.add(served.target);
    for (const name of names) {
      const target = this.#targets.get(name);
      if (target === undefined) continue;
      if (name === served.target && !isAmong(target, served.ids)) noteFailure(target, how.failure);
      if (how.settled) target.attempts = 0;
      if (how.turnedAway) target.attempts = Math.max(target.attempts, crowdedAttempts);
      this.#postpone(target, nowMs);
    }
  }

  /** Starts what is due, and finds out when something will be due next. Cheap while nothing is. */
  dialDue(nowMs: number): (DialOutput | PromoteOutput)[] {
    if (!this.#stale && nowMs < this.#wakeMs) return [];
    this.#stale = false;
    for (const dial of this.#dials.values())
      if (dial.givenUpMs <= nowMs) this.dialFailed(dial.dial, nowMs, 'timeout');
    this.#wakeMs = Infinity;
    if (this.#targets.size === 0 && this.#dials.size === 0) return [];
    const taken = this.#facts.taken();
    this.#dialled.clear();
    for (const { target, places } of this.#dials.values()) this.#take(target, places);
    const outputs: (DialOutput | PromoteOutput)[] = [];
    const due = [...this.#targets.values()].filter((target) => !target.dialling && target.dueMs <= nowMs);
    for (const target of due.sort((a, b) => a.dueMs - b.dueMs)) {
      if (this.#dials.size >= this.#config.dialsMax) break;
      const output = this.#attempt(target, taken, nowMs);
      if (output !== undefined) outputs.push(output);
    }
    for (const target of this.#targets.values()) {
      if (target.untilMs <= nowMs && !target.dialling) this.#giveUp(target);
    }
    this.#wakeMs = this.#nextDueMs(taken);
    return outputs;
  }

  #attempt(target: Target, taken: Taken, nowMs: number): DialOutput | PromoteOutput | undefined {
    const { kind, purpose } = target;
    if (hasIt(target, taken, this.#dialled)) return undefined;
    const asked = taken.question(target.remote, target.places);
    const useful = this.#useful(target, taken);
    const places = kind === 'reach' ? this.#knocks.open(useful, nowMs) : useful;
    if (asked === undefined && places.length === 0) return this.#giveUp(target);
    if (asked !== undefined) {
      if (purpose === 'question') return undefined; // It is being opened.
      target.dueMs = nowMs + this.#config.retryMsMin;
      return { type: 'promote', remote: asked };
    }
    const other = kind === 'want' ? 'person' : 'new';
    const want = purpose === 'question' ? 'question' : target.met ? 'known' : other;
    const reaching = kind === 'reach' ? this.#dialsFor((each) => each.kind === 'reach') : 0;
    if (kind === 'reach' && (reaching >= this.#config.reachDialsMax || !this.#room(want))) {
      target.dueMs = nowMs + this.#config.reachAgainMs;
    } else if (!this.#room(want)) {
      target.dueMs = nowMs + backoffMs(this.#config, crowdedAttempts, this.#random);
    } else if (kind === 'lan' && !this.#lanBucket.take(nowMs)) {
      target.dueMs = this.#lanBucket.readyMs(nowMs);
    } else {
      this.#take(target, places);
      return this.#dial(target, places, nowMs);
    }
    return undefined;
  }

  /** As of the last `dialDue`. */
  nextWakeMs(): number {
    return this.#wakeMs;
  }

  #nextDueMs(taken: Taken): number {
    let wakeMs = Infinity;
    for (const dial of this.#dials.values()) wakeMs = Math.min(wakeMs, dial.givenUpMs);
    const full = this.#dials.size >= this.#config.dialsMax;
    for (const target of this.#targets.values()) {
      if (target.dialling) continue;
      wakeMs = Math.min(wakeMs, target.untilMs);
      if (full || target.dueMs >= wakeMs || hasIt(target, taken, this.#dialled)) continue;
      if (!target.places.some((place) => this.#leadsOn(place, target, taken))) continue;
      const isAsked = taken.question(target.remote, target.places) !== undefined;
      if (target.purpose === 'neighbour' || !isAsked) wakeMs = target.dueMs;
    }
    return wakeMs;
  }

  #dial(target: Target, places: Place[], nowMs: number): DialOutput {
    const dial = this.#nextDial++;
    target.dialling = true;
    target.attempts++;
    target.lastDialMs = nowMs;
    if (target.kind === 'reach') this.#knocks.note(target.remote, places, nowMs);
    // A link may come of it that serves nothing; then this is when the next address is tried.
    target.dueMs = nowMs + backoffMs(this.#config, target.attempts, this.#random);
    this.#dials.set(dial, { dial, target, places, givenUpMs: nowMs + this.#config.dialMsMax });
    const addresses = places.map(({ address }) => address);
    return { type: 'dial', dial, remote: target.remote, addresses, why: target.why };
  }

  /** What a dial leads to is not dialled a second time. */
  #take({ remote }: Target, places: readonly Place[]): void {
    if (remote !== undefined) this.#dialled.add(remote);
    for (const { plain } of places) this.#dialled.add(plain);
  }

  /** The addresses worth dialling; none while the target has what it is for, or gets it. */
  #useful(target: Target, taken: Taken): Place[] {
    if (hasIt(target, taken, this.#dialled)) return [];
    return target.places.filter((place) => this.#leadsOn(place, target, taken));
  }

  #leadsOn({ plain }: Place, { kind }: Target, taken: Taken): boolean {
    // For a reach others who claim the place do not matter: who answers has to prove the network id.
    return !this.#own.has(plain) && (kind === 'reach' || (!this.#dialled.has(plain) && !taken.leads(plain)));
  }

  #room(want: PlaceFor): boolean {
    const beside = want === 'question' ? this.#dialsFor(({ purpose }) => purpose === want) : this.#dials.size;
    return this.#facts.room(want, beside);
  }

  #dialsFor(passes: (target: Target) => boolean): number {
    return [...this.#dials.values()].filter(({ target }) => passes(target)).length;
  }

  #endDial(dial: Dial): void {
    this.#dials.delete(dial.dial);
    dial.target.dialling = false;
    this.#stale = true;
  }

  #add(target: Target): void {
    this.#targets.set(target.name, target);
    this.#counts[target.kind]++;
    this.#stale = true;
  }

  #remove(name: string): void {
    const target = this.#targets.get(name);
    if (target === undefined) return;
    this.#targets.delete(name);
    this.#counts[target.kind]--;
    this.#stale = true;
  }

  #giveUp({ name, kind, remote, purpose, attempts }: Target): undefined {
    if (kind !== 'reach' || remote === undefined || !this.#targets.has(name)) return;
    this.#remove(name);
    this.#unreached.push({ remote, purpose, dialled: attempts > 0 });
  }

  /** The target is elsewhere now; a place that is new is tried at once. */
  #move(target: Target, places: Place[], nowMs: number): void {
    const known = new Set(target.places.map(({ plain }) => plain));
    target.places = places;
    this.#stale = true;
    if (places.some(({ plain }) => !known.has(plain))) this.#hurry(target, nowMs);
  }

  #postpone(target: Target, nowMs: number): void {
    this.#stale = true;
    target.dueMs = nowMs + backoffMs(this.#config, target.attempts, this.#random);
  }

  /** From the beginning, but not at once after a dial: who comes and goes must not make us hammer. */
  #hurry(target: Target, nowMs: number): void {
    this.#stale = true;
    target.attempts = 0;
    target.dueMs = Math.max(nowMs, target.lastDialMs + this.#config.retryMsMin);
  }
}
