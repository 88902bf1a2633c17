/**
 * The neighbours: both ends of a link agreed to be such. `chosen` ones we dialled ourselves; the others came to us
 * and may take only their share, so that nobody can surround us by coming.
 */
import type { LinkId, PeerId } from '../../base/ids.ts';
import type { Random } from '../../base/random.ts';

export interface ActiveConfig {
  /** Below it we look for more, whoever they are. */
  activeMin: number;
  activeMax: number;
  /** So many we chose ourselves. */
  chosenMin: number;
  /** Those who came to us have at most these places. */
  cameMax: number;
  /** Of one subnet far away, of those we chose and again of those who came. */
  perSubnetMax: number;
  /** Besides: those who came and publish no record, because nobody could dial them. They have nobody else to be. */
  leavesMax: number;
  leavesPerSubnetMax: number;
  /** Of our own LAN or site: so many of all, so that it does not become an island. */
  nearMax: number;
  /** And so many from beyond it are looked for, as soon as one is known. */
  wideMin: number;
  /** A neighbour that came is not sent away before this. */
  graceMs: number;
  /** The oldest that we chose stay as long as they live, once they lived this long. */
  pinnedMax: number;
  pinAfterMs: number;
}

export const activeDefaults: ActiveConfig = {
  activeMin: 5, // protocol: 5 to 8.
  activeMax: 8,
  chosenMin: 3, // Who chooses 3 is chosen by 3 on average: 6 neighbours, as in HyParView's 5 with room to spare.
  cameMax: 5, // Leaves a third of the places to newcomers when all have 3: few are refused.
  perSubnetMax: 1, // Two in all: one chosen, one that came.
  leavesMax: 16, // With 8 below the 30 of a broadcast: enough where four of five nodes are behind NAT and choose three each.
  leavesPerSubnetMax: 4, // A guess: a provider's customers share few subnets.
  nearMax: 7, // With 6, some of twelve nodes on a LAN alone are left with four (overlay-world.test.ts).
  wideMin: 2, // One way out may go at any time.
  graceMs: 20_000, // A guess: time to be of use before somebody more urgent comes.
  pinnedMax: 2, // A guess: of three chosen, one goes on being exchanged.
  pinAfterMs: 600_000, // A guess: who is chosen in the first minutes is chosen out of few.
};

/** Fewer places than by default, where many topics share the links there are. */
export interface Share {
  /** From 3 on. */
  activeMax: number;
  leavesMax: number;
}

/** What follows from fewer places: who has three chooses two of them. */
export function shared(config: ActiveConfig, { activeMax, leavesMax }: Share): ActiveConfig {
  const all = Math.min(activeMax, config.activeMax);
  const chosenMin = Math.min(config.chosenMin, all - 1);
  return {
    ...config,
    activeMax: all,
    activeMin: Math.min(config.activeMin, all),
    chosenMin,
    cameMax: Math.min(config.cameMax, all - chosenMin),
    nearMax: Math.min(config.nearMax, all - 1),
    wideMin: Math.min(config.wideMin, all - 1),
    leavesMax: Math.min(config.leavesMax, leavesMax),
  };
}

export interface Neighbour {
  readonly link: LinkId;
  readonly peer: PeerId;
  readonly group: string;
  readonly near: boolean;
  readonly chosen: boolean;
  /** It came and publishes no record. It takes no place of those who can be dialled, and stands for none of them. */
  readonly leaf: boolean;
  readonly sinceMs: number;
}

export class ActiveView {
  #config: ActiveConfig;
  #byLink = new Map<LinkId, Neighbour>();

  constructor(config: ActiveConfig) {
    this.#config = config;
  }

  /** Leaves apart, as in all that is counted here. */
  get size(): number {
    return this.#byLink.size - this.leaves;
  }

  get leaves(): number {
    let count = 0;
    for (const neighbour of this.#byLink.values()) if (neighbour.leaf) count++;
    return count;
  }

  get chosen(): number {
    let count = 0;
    for (const neighbour of this.#byLink.values()) if (neighbour.chosen) count++;
    return count;
  }

  get near(): number {
    let count = 0;
    for (const neighbour of this.#byLink.values()) if (neighbour.near && !neighbour.leaf) count++;
    return count;
  }

  get(link: LinkId): Neighbour | undefined {
    return this.#byLink.get(link);
  }

  ofPeer(peer: PeerId): Neighbour | undefined {
    for (const neighbour of this.#byLink.values()) if (neighbour.peer === peer) return neighbour;
    return undefined;
  }

  /** Oldest first. */
  all(): Neighbour[] {
    return [...this.#byLink.values()].toSorted((a, b) => a.sinceMs - b.sinceMs);
  }

  add(neighbour: Neighbour): void {
    this.#byLink.set(neighbour.link, neighbour);
  }

  remove(link: LinkId): void {
    this.#byLink.delete(link);
  }

  /** Whether its subnet has a place left among those we chose, or those who came; or the LAN, if it is of it. */
  subnetFree(of: { group: string; near: boolean; leaf?: boolean }, chosen: boolean): boolean {
    const { leaf = false } = of;
    const { leavesPerSubnetMax, nearMax, perSubnetMax } = this.#config;
    if (of.near) return leaf || this.near < nearMax;
    let count = 0;
    for (const each of this.#byLink.values()) {
      if (!each.near && each.group === of.group && each.chosen === chosen && each.leaf === leaf) count++;
    }
    return count < (leaf ? leavesPerSubnetMax : perSubnetMax);
  }

  /** Whether one more may come without anybody leaving. */
  hasRoom(chosen: boolean, leaf = false): boolean {
    const { activeMax, cameMax, leavesMax } = this.#config;
    if (leaf) return this.leaves < leavesMax;
    return this.size < activeMax && (chosen || this.size - this.chosen < cameMax);
  }

  /** Who leaves for somebody urgent: the youngest that came and had its time. */
  youngestThatCame(leaf: boolean, nowMs: number): Neighbour | undefined {
    const old = this.all().filter(
      (each) => !each.chosen && each.leaf === leaf && each.sinceMs + this.#config.graceMs <= nowMs,
    );
    return old.at(-1);
  }

  /** Who leaves when we chose more than we need: any but the pinned ones and the one named. */
  spareChosen(random: Random, nowMs: number, but?: LinkId): Neighbour | undefined {
    const { pinAfterMs, pinnedMax } = this.#config;
    const chosen = this.all().filter((each) => each.chosen);
    const spare = chosen.filter(({ link, sinceMs }, index) => {
      const isPinned = index < pinnedMax && sinceMs + pinAfterMs <= nowMs;
      return !isPinned && link !== but;
    });
    return spare[Math.floor(random.next() * spare.length)];
  }

  /** Who leaves when there are more than places: the youngest leaf, or one that came, or else of those we chose. */
  surplus(): Neighbour | undefined {
    const { activeMax, leavesMax } = this.#config;
    const all = this.all();
    if (this.leaves > leavesMax) return all.findLast(({ leaf }) => leaf);
    if (this.size <= activeMax) return undefined;
    return all.findLast(({ chosen, leaf }) => !chosen && !leaf) ?? all.findLast(({ leaf }) => !leaf);
  }

  /** A random neighbour that passes. */
  any(random: Random, passes: (neighbour: Neighbour) => boolean): Neighbour | undefined {
    const list = [...this.#byLink.values()].filter((each) => passes(each));
    return list[Math.floor(random.next() * list.length)];
  }
}
