/**
 * One search for the nodes nearest to a key, and for the newest value kept there: whom to ask next.
 *
 * Three paths search apart, one question at a time each, and no node is asked twice. A path makes *runs*: from an entry
 * of our own table on to the nearest node named in that run, until nothing nearer is named. A liar spoils the run that
 * met it, not the next one, which starts from another entry. What was found is believed to be all there is only once
 * it is as dense as our own neighbourhood: liars who name only each other are fewer than all nodes and stand wider
 * apart. Until then paths make further runs, as long as the questions last.
 *
 * Values are signed: a liar can withhold or give an older one, so an early end takes several equal answers, and of the
 * nearest without a gap: what a run among liars brought first counts only once those nearer have answered too.
 *
 * Invariants (lookup.test.ts checks them):
 *   1. At most `questionsMax` nodes are asked, each once, `subnetAsksMax` of one subnet.
 *   2. At most `namesMax` candidates of one answer, `subnetAsksMax` of one subnet, count.
 *   3. It ends: with agreement, with everything near asked, or with the questions spent.
 */
import type { PeerId } from '../../base/ids.ts';
import { distance } from './distance.ts';

export interface LookupConfig {
  paths: number;
  /** Nodes that keep a value: k. */
  nearest: number;
  questionsMax: number;
  /** Of one answer; with 0 nobody is asked but our own entries. */
  namesMax: number;
  /** Asked of a node that is far from the key yet. */
  namesFew: number;
  subnetAsksMax: number;
  /** Equal newest answers, of the nearest without a gap, that end a search early. */
  agreement: number;
  /** The same, where nodes between them were asked and have not answered yet: who is silent must not hold a search up. */
  agreementOpen: number;
  /** Farther than so many times our own radius is not yet the neighbourhood of the key. */
  densityRatio: number;
  /** Answers in a row without anything nearer, before a run ends. */
  patience: number;
  /** Questions in a row without an answer that end a run. */
  silentMax: number;
}

export const lookupDefaults: LookupConfig = {
  paths: 3, // protocol: three disjoint lookups.
  nearest: 20,
  questionsMax: 60, // Measured: docs/protocol/key-space.md.
  namesMax: 20,
  namesFew: 8, // A guess: a run goes on with the first or second of them.
  subnetAsksMax: 2,
  agreement: 4, // 0.3^4: below one in a hundred that all four are hostile.
  agreementOpen: 8, // Three at most are under way: 0.3^8, also for liars who answer sooner than others.
  densityRatio: 1.5, // A set of 30 % of all nodes stands 3.3 times wider; chance alone goes beyond 1.5 in one of ten.
  patience: 1,
  silentMax: 4, // Where half of those named are gone, four in a row are one in sixteen; a liar's run costs no more.
};

export interface NodeFacts {
  peer: PeerId;
  /** 32 bytes. */
  place: Uint8Array;
  subnet: string | undefined;
}

interface Candidate {
  peer: PeerId;
  far: number;
  subnet: string | undefined;
  /** Questions in a row that led here, this one included: 1 for an entry of our own table. */
  depth: number;
  state: 'waiting' | 'asked' | 'answered' | 'failed';
  names: Candidate[];
  sequence: number | undefined;
}

interface Run {
  /** Named in this run and not looked at yet, nearest first. */
  ahead: Candidate[];
  /** Asked last: its names join once it answered. */
  last: Candidate | undefined;
  /** How far the nearest that answered is. */
  best: number;
  patience: number;
  /** Asked in a row without an answer. */
  silent: number;
}

interface Path {
  roots: Candidate[];
  run: Run | undefined;
}

export interface LookupResult {
  value: Uint8Array | undefined;
  /** Answered, nearest first, at most `nearest`. */
  holders: PeerId[];
  /** Questions in a row that led to the value, or to the nearest node that answered; 0 where none did. */
  hops: number;
  asked: number;
  /** Of these, who did not answer, or lied. */
  failed: number;
  /** Nodes that gave this value, of the nearest up to the first that did not answer yet. */
  agreed: number;
}

export class Lookup {
  readonly key: Uint8Array;
  #config: LookupConfig;
  /** How far the k-th nearest node is from our own place; undefined while we know too few. */
  #radius: number | undefined;
  #candidates = new Map<PeerId, Candidate>();
  /** All that did not fail, nearest first. */
  #near: Candidate[] = [];
  #paths: Path[] = [];
  #asks = 0;
  #failures = 0;
  #subnetAsks = new Map<string, number>();
  #best: { value: Uint8Array; sequence: number; hops: number } | undefined;

  constructor(key: Uint8Array, roots: NodeFacts[], radius: number | undefined, config: LookupConfig) {
    this.key = key;
    this.#config = config;
    this.#radius = radius;
    for (let index = 0; index < config.paths; index++) this.#paths.push({ roots: [], run: undefined });
    for (const [index, facts] of roots.entries()) {
      this.#paths[index % config.paths]!.roots.push(this.#candidate(facts, 1));
    }
  }

  /** Marks and returns whom this path asks next, or undefined where it has nobody now. */
  next(path: number): PeerId | undefined {
    if (this.#asks >= this.#config.questionsMax || this.#agreed()) return undefined;
    const chosen =
      (this.#isDense() ? this.#waitingNear() : this.#further(this.#paths[path]!)) ?? this.#waitingNear();
    if (chosen === undefined) return undefined;
    chosen.state = 'asked';
    this.#asks++;
    if (chosen.subnet !== undefined) {
      this.#subnetAsks.set(chosen.subnet, (this.#subnetAsks.get(chosen.subnet) ?? 0) + 1);
    }
    return chosen.peer;
  }

  /** How many names to ask this node for: few of one on the way, and few once a value is all that is missing. */
  wanted(peer: PeerId): number {
    const far = this.#candidates.get(peer)?.far ?? 0;
    const { agreement, namesMax, namesFew, densityRatio } = this.#config;
    const isNear = this.#radius === undefined || far <= this.#radius * densityRatio * 2;
    if (!isNear) return Math.max(1, Math.min(namesMax, namesFew));
    return agreement < Infinity && this.#isDense() ? 1 : Math.max(1, namesMax);
  }

  /**
   * An answer came, from an address in `subnet`. `names`: in the order of the answer. `value`: verified, of this key;
   * copied.
   */
  answered(
    { peer, subnet }: Pick<NodeFacts, 'peer' | 'subnet'>,
    names: readonly NodeFacts[],
    value: { bytes: Uint8Array; sequence: number } | undefined,
  ): void {
    const candidate = this.#candidates.get(peer);
    if (candidate?.state !== 'asked') return;
    candidate.state = 'answered';
    this.#reachedIn(candidate, subnet);
    candidate.sequence = value?.sequence;
    if (value !== undefined && (this.#best === undefined || value.sequence > this.#best.sequence)) {
      this.#best = { value: value.bytes.slice(), sequence: value.sequence, hops: candidate.depth };
    }
    const subnets = new Map<string, number>();
    for (const facts of names.slice(0, this.#config.namesMax)) {
      if (facts.subnet !== undefined) {
        const count = (subnets.get(facts.subnet) ?? 0) + 1;
        if (count > this.#config.subnetAsksMax) continue;
        subnets.set(facts.subnet, count);
      }
      candidate.names.push(this.#candidate(facts, candidate.depth + 1));
    }
  }

  /** Its record may have claimed any subnet; where it answered from is sure. */
  #reachedIn(candidate: Candidate, subnet: string | undefined): void {
    if (subnet !== undefined && subnet !== candidate.subnet) {
      this.#subnetAsks.set(subnet, (this.#subnetAsks.get(subnet) ?? 0) + 1);
    }
    candidate.subnet = subnet;
  }

  /** It cannot be reached, did not answer in time, or gave a forged value. */
  failed(peer: PeerId): void {
    const candidate = this.#candidates.get(peer);
    if (candidate?.state !== 'asked') return;
    candidate.state = 'failed';
    this.#failures++;
    this.#near.splice(this.#near.indexOf(candidate), 1);
  }

  result(): LookupResult {
    const answered = this.#limited((candidate) => candidate.state === 'answered');
    return {
      value: this.#best?.value,
      holders: answered.map(({ peer }) => peer),
      hops: this.#best?.hops ?? answered[0]?.depth ?? 0,
      asked: this.#asks,
      failed: this.#failures,
      agreed: this.#agreeing(),
    };
  }

  #candidate({ peer, place, subnet }: NodeFacts, depth: number): Candidate {
    const known = this.#candidates.get(peer);
    if (known !== undefined) {
      if (known.state === 'waiting') known.depth = Math.min(known.depth, depth);
      return known;
    }
    const far = distance(place, this.key);
    const names: Candidate[] = [];
    const made: Candidate = { peer, far, subnet, depth, state: 'waiting', names, sequence: undefined };
    this.#candidates.set(peer, made);
    insert(this.#near, made);
    return made;
  }

  /** The next step of the path's run, or the first of its next run. */
  #further(path: Path): Candidate | undefined {
    for (;;) {
      path.run ??= this.#newRun(path);
      if (path.run === undefined) return undefined;
      const chosen = this.#step(path.run);
      if (chosen !== undefined) return chosen;
      path.run = undefined;
    }
  }

  #newRun(path: Path): Run | undefined {
    const root = path.roots.shift();
    const { patience } = this.#config;
    return root && { ahead: [root], last: undefined, best: Infinity, patience, silent: 0 };
  }

  #step(run: Run): Candidate | undefined {
    if (run.last !== undefined) run.silent = run.last.state === 'failed' ? run.silent + 1 : 0;
    this.#join(run, run.last);
    if (run.silent >= this.#config.silentMax) return undefined;
    for (let candidate = run.ahead.shift(); candidate !== undefined; candidate = run.ahead.shift()) {
      if (candidate.far >= run.best && run.patience-- <= 0) return undefined;
      if (this.#mayAsk(candidate)) {
        run.last = candidate;
        return candidate;
      }
      // Another run asked it already: this one goes on from the answer.
      this.#join(run, candidate);
    }
    return undefined;
  }

  #join(run: Run, asked: Candidate | undefined): void {
    run.last = undefined;
    if (asked === undefined) return;
    // Who is gone says nothing of what is nearer: where many are, runs among honest nodes would end first.
    if (asked.state === 'answered') run.best = Math.min(run.best, asked.far);
    for (const name of asked.names) if (!run.ahead.includes(name)) insert(run.ahead, name);
    run.ahead.splice(this.#config.namesMax);
  }

  #mayAsk({ state, subnet }: Candidate): boolean {
    if (state !== 'waiting') return false;
    return subnet === undefined || (this.#subnetAsks.get(subnet) ?? 0) < this.#config.subnetAsksMax;
  }

  /** The nearest, `nearest` of them, that fulfil `wanted`, with no more of one subnet than may be asked. */
  #limited(wanted: (candidate: Candidate) => boolean): Candidate[] {
    const subnets = new Map<string, number>();
    const taken: Candidate[] = [];
    for (const candidate of this.#near) {
      if (taken.length >= this.#config.nearest) break;
      if (!wanted(candidate)) continue;
      if (candidate.subnet !== undefined) {
        const count = (subnets.get(candidate.subnet) ?? 0) + 1;
        if (count > this.#config.subnetAsksMax) continue;
        subnets.set(candidate.subnet, count);
      }
      taken.push(candidate);
    }
    return taken;
  }

  #isDense(): boolean {
    if (this.#radius === undefined) return false;
    const { nearest, densityRatio } = this.#config;
    const last = this.#limited(isThere)[nearest - 1];
    return last !== undefined && last.far <= this.#radius * densityRatio;
  }

  #waitingNear(): Candidate | undefined {
    return this.#limited(isThere).find((candidate) => this.#mayAsk(candidate));
  }

  #agreeing(): number {
    if (this.#best === undefined) return 0;
    return this.#countAgreeing((candidate) => candidate.state === 'asked' || this.#mayAsk(candidate));
  }

  /** Of the nearest that give the best value, those before the first that is a gap. */
  #countAgreeing(isGap: (candidate: Candidate) => boolean): number {
    let count = 0;
    for (const candidate of this.#limited(isThere)) {
      if (isGap(candidate)) break;
      if (candidate.state === 'answered' && candidate.sequence === this.#best?.sequence) count++;
    }
    return count;
  }

  #agreed(): boolean {
    const { agreement, agreementOpen } = this.#config;
    if (this.#best === undefined || agreement === Infinity || !this.#isDense()) return false;
    if (this.#agreeing() >= agreement) return true;
    return this.#countAgreeing((candidate) => this.#mayAsk(candidate)) >= agreementOpen;
  }
}

function isThere({ state }: Candidate): boolean {
  return state !== 'failed';
}

/** Into a list that is sorted by distance. */
function insert(list: Candidate[], candidate: Candidate): void {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]!.far <= candidate.far) low = middle + 1;
    else high = middle;
  }
  list.splice(low, 0, candidate);
}
