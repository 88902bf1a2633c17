/** The links that stand, oldest first, and what is asked about all of them. */
import type { LinkId, PeerId } from '../../base/ids.ts';
import type { LinkPurpose } from '../../wire/hello.ts';
import { type Place, plainAddress, type Taken } from './dial-target.ts';
import type { LinkState } from './link-state.ts';

/** Addresses looked for link by link, before all are gathered. */
const looksMax = 8;

export class LinkSet {
  #links = new Map<LinkId, LinkState>();
  #to = new Map<PeerId, LinkState[]>();
  #dueMs = Infinity;

  get size(): number {
    return this.#links.size;
  }

  get(link: LinkId): LinkState | undefined {
    return this.#links.get(link);
  }

  /** No link is due before. Signs of life put it off, so it may be early. */
  get dueMs(): number {
    if (this.#dueMs > -Infinity) return this.#dueMs;
    this.#dueMs = Infinity;
    for (const state of this.#links.values()) this.touch(state);
    return this.#dueMs;
  }

  /** Something about the link is another: it may be due before all others. */
  touch(state: LinkState): void {
    this.#dueMs = Math.min(this.#dueMs, state.dueMs());
  }

  /** Something about any of them may be another. */
  touchAll(): void {
    this.#dueMs = -Infinity;
  }

  /** Those that are due: the caller does what they are due for. */
  due(nowMs: number): LinkState[] {
    if (nowMs < this.#dueMs) return [];
    this.touchAll();
    return [...this.#links.values()].filter((state) => state.dueMs() <= nowMs);
  }

  hold({ link, holder, on }: { link: LinkId; holder: string; on: boolean }, nowMs: number): void {
    const state = this.#links.get(link);
    if (state === undefined) return;
    state.hold(holder, on, nowMs);
    this.touch(state);
  }

  add(state: LinkState): void {
    this.#links.set(state.link, state);
    this.touch(state);
    const same = this.#to.get(state.remote);
    if (same === undefined) this.#to.set(state.remote, [state]);
    else same.push(state);
  }

  /** @returns false when the link was not there. */
  delete(link: LinkId): boolean {
    const state = this.#links.get(link);
    if (state === undefined) return false;
    this.#links.delete(link);
    this.touchAll(); // It may have been the next.
    const others = this.to(state.remote).filter((other) => other !== state);
    if (others.length === 0) this.#to.delete(state.remote);
    else this.#to.set(state.remote, others);
    return true;
  }

  values(): IterableIterator<LinkState> {
    return this.#links.values();
  }

  /** The oldest link to a node. */
  linked(remote: PeerId): LinkState | undefined {
    return this.#to.get(remote)?.[0];
  }

  /** Oldest first. */
  to(remote: PeerId): readonly LinkState[] {
    return this.#to.get(remote) ?? [];
  }

  /** The oldest open link to a node that serves the purpose: a neighbour's serves any. */
  openTo(remote: PeerId, purpose: LinkPurpose): LinkState | undefined {
    const open = this.to(remote).filter((state) => state.open);
    const neighbour = open.find((state) => state.purpose === 'neighbour');
    return neighbour ?? (purpose === 'question' ? open[0] : undefined);
  }

  /** The links on which this id is recognised. */
  recognising(id: string): LinkState[] {
    return [...this.#links.values()].filter((state) => state.ids.has(id));
  }

  /** Neighbours' links that lead to one of these plain addresses. `known`: the addresses a node is known by. */
  leadingTo(plains: readonly string[], known: (remote: PeerId) => readonly string[]): LinkState[] {
    return [...this.#links.values()].filter((state) => {
      return state.purpose !== 'question' && plains.some((plain) => leadsTo(state, plain, known));
    });
  }

  /** Links for a question; `theirs`: only those that came to us. */
  questions(theirs: boolean): LinkState[] {
    return [...this.#links.values()].filter((state) => {
      return state.purpose === 'question' && (!theirs || !state.dialled);
    });
  }

  /** Strangers from this subnet that came to us, oldest first. */
  crowd(subnet: string): LinkState[] {
    return [...this.#links.values()].filter((state) => isStranger(state) && state.subnet === subnet);
  }

  /**
   * The stranger that goes first when a place is needed, or undefined where nobody may be sent away: the
   * oldest of those that came to us and had `graceMs` to be recognised, else the oldest we dialled.
   */
  leastUseful(graceMs: number, nowMs: number): LinkState | undefined {
    let least: LinkState | undefined;
    for (const state of this.#links.values()) {
      if (state.needed || nowMs - state.upMs < graceMs) continue;
      if (least === undefined || (least.dialled && !state.dialled)) least = state;
    }
    return least;
  }

  /** Links of nobody we recognise that a room of the mesh holds, oldest first. */
  heldByRooms(): LinkState[] {
    return [...this.#links.values()].filter((state) => state.held && state.ids.size === 0);
  }

  /**
   * The oldest stranger of the subnet that has the most of them, where those are at least two more than the
   * newcomer's own: many links from few places must not keep out a link from elsewhere.
   */
  mostCrowded(newcomer: string): LinkState | undefined {
    const crowds = new Map<string, LinkState[]>();
    for (const state of this.#links.values()) {
      if (!isStranger(state) || state.subnet === undefined) continue;
      const crowd = crowds.get(state.subnet) ?? [];
      crowd.push(state);
      crowds.set(state.subnet, crowd);
    }
    const own = crowds.get(newcomer)?.length ?? 0;
    let most: LinkState[] = [];
    for (const crowd of crowds.values()) if (crowd.length > most.length) most = crowd;
    return most.length >= own + 2 ? most[0] : undefined;
  }

  /** What need not be dialled. Nothing is gathered before it is asked for. `known`: the addresses a node is known by. */
  taken(known: (remote: PeerId) => readonly string[]): Taken {
    let addresses: Set<string> | undefined;
    let asked = 0;
    return {
      has: (remote) => this.to(remote).some(isForMore),
      recognises: (id) => this.#recognises(id),
      question: (remote, places) => this.#question(remote, places),
      leads: (plain) => {
        // Thousands of texts for who asks often; mostly nobody or one bootstrap address asks.
        if (addresses === undefined && ++asked > looksMax) {
          addresses = addressesOf([...this.#links.values()].filter(isForMore), known);
        }
        return (
          addresses?.has(plain) ?? this.#some((state) => isForMore(state) && leadsTo(state, plain, known))
        );
      },
    };
  }

  #question(remote: PeerId | undefined, places: readonly Place[]): PeerId | undefined {
    if (remote !== undefined) return this.to(remote).some((state) => !isForMore(state)) ? remote : undefined;
    for (const { plain } of places) {
      for (const state of this.#links.values()) {
        if (!isForMore(state) && (state.plain === plain || state.led?.plain === plain)) return state.remote;
      }
    }
    return undefined;
  }

  #recognises(id: string): boolean {
    for (const { ids } of this.#links.values()) if (ids.size > 0 && ids.has(id)) return true;
    return false;
  }

  #some(holds: (state: LinkState) => boolean): boolean {
    for (const state of this.#links.values()) if (holds(state)) return true;
    return false;
  }
}

function isForMore({ purpose }: LinkState): boolean {
  return purpose !== 'question';
}

function isStranger(state: LinkState): boolean {
  return !state.needed && !state.dialled;
}

function leadsTo(
  { remote, plain, led }: LinkState,
  wanted: string,
  known: (remote: PeerId) => readonly string[],
): boolean {
  if (plain === wanted || led?.plain === wanted) return true;
  return known(remote).some((other) => other.startsWith(wanted) && plainAddress(other) === wanted);
}

function addressesOf(links: readonly LinkState[], known: (remote: PeerId) => readonly string[]): Set<string> {
  const addresses = new Set<string>();
  for (const { remote, plain, led } of links) {
    addresses.add(plain);
    if (led !== undefined) addresses.add(led.plain);
    for (const other of known(remote)) addresses.add(plainAddress(other));
  }
  return addresses;
}
