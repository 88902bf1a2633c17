/**
 * The key space of this node: it looks values up, keeps them for others, and answers questions about them.
 *
 * Pure state machine. It MUST NOT cause a dial by what a stranger sends: `connect` comes of our own searches alone, and
 * an answer goes back over the link its question came on. Specification: docs/protocol/key-space.md.
 *
 * Invariants (key-space.test.ts checks them):
 *   1. At most `searchesMax` searches at a time, one question a path each, `waitingMax` waiting for their turn.
 *   2. A frame of a stranger leads to at most one frame back, and to none beyond the allowance of its link.
 *   3. Every search ends with exactly one `finished` or `kept`.
 */
import type { LinkId, PeerId } from '../../base/ids.ts';
import { invariant } from '../../base/invariant.ts';
import type { Random } from '../../base/random.ts';
import { type FindFrame, foundRecordsMax, type FoundFrame, keyBytes } from '../../wire/find.ts';
import { encodeFrame } from '../../wire/frame.ts';
import type { KeepFrame, KeepOutcome, KeptFrame } from '../../wire/keep.ts';
import type { KeySpaceConfig, KeySpaceInput, KeySpaceOutput, KeySpacePorts } from './contract.ts';
import { Keeper } from './keeper.ts';
import { Lookup, type LookupConfig, type NodeFacts } from './lookup.ts';
import { type Question, Questions } from './questions.ts';
import { RoutingTable } from './routing-table.ts';
import { Upkeep } from './upkeep.ts';

interface Search {
  /** The caller's number; undefined for upkeep. */
  lookup: number | undefined;
  key: Uint8Array;
  /** To be kept, once the nearest are found. */
  value: Uint8Array | undefined;
  /** Whom each path asks now. */
  paths: (PeerId | undefined)[];
  progress: Lookup;
  /** Who is to keep it and was not asked yet; undefined while we look. */
  keepers: PeerId[] | undefined;
  keeping: number;
  copies: number;
  questions: number;
}

interface Waiting {
  lookup: number | undefined;
  key: Uint8Array;
  value: Uint8Array | undefined;
}

interface Link {
  peer: PeerId;
  subnet: string | undefined;
  allowance: number;
  countedMs: number;
}

export class KeySpace {
  #self: Uint8Array;
  #config: KeySpaceConfig;
  #ports: KeySpacePorts;
  #table: RoutingTable;
  #keeper: Keeper;
  #questions: Questions;
  #upkeep: Upkeep;
  #links = new Map<LinkId, Link>();
  #searches = new Map<number, Search>();
  #waiting: Waiting[] = [];
  #nextSearch = 1;
  #nowMs = 0;
  #outputs: KeySpaceOutput[] = [];

  /** `self`: our own place, 32 bytes. */
  constructor(self: Uint8Array, config: KeySpaceConfig, random: Random, ports: KeySpacePorts) {
    invariant(self.length === keyBytes, 'a place has 32 bytes');
    this.#self = self;
    this.#config = config;
    this.#ports = ports;
    this.#table = new RoutingTable(self, config.table, {
      place: (peer) => ports.place(peer),
      subnet: (peer) => ports.candidate(peer)?.subnet,
    });
    this.#keeper = new Keeper(self, config.keeper);
    this.#questions = new Questions(Math.floor(random.next() * 2 ** 32));
    this.#upkeep = new Upkeep(self, config.upkeep, random);
  }

  /** Applies one input. `nowMs`: machine time, never runs backwards. */
  handle(input: KeySpaceInput, nowMs: number): KeySpaceOutput[] {
    this.#nowMs = nowMs;
    this.#outputs = [];
    this.#change(input);
    return this.#outputs;
  }

  /** When the driver must next send `wake`, or undefined to sleep. May be early, never late. */
  nextWakeMs(): number | undefined {
    const question = this.#questions.nextMs();
    const upkeep = this.#table.depth === 0 ? undefined : this.#upkeep.nextMs;
    return question === undefined ? upkeep : Math.min(question, upkeep ?? question);
  }

  /** Whether the frame will be looked at: an answer to a question of ours, or a question within the link's allowance. */
  expects(link: LinkId, frame: FindFrame | FoundFrame, nowMs: number): boolean {
    if (frame.type === 'found') return this.#questions.get(frame.question, link)?.about.kind === 'find';
    const from = this.#links.get(link);
    return from !== undefined && this.#allowanceOf(from, nowMs) >= 1;
  }

  /** Whether the routing table holds the node. */
  knows(peer: PeerId): boolean {
    return this.#table.has(peer);
  }

  /** For people's diagnostics and measurements. */
  figures(): { entries: number; values: number; searches: number; questions: number } {
    const searches = this.#searches.size + this.#waiting.length;
    return {
      entries: this.#table.size,
      values: this.#keeper.size,
      searches,
      questions: this.#questions.size,
    };
  }

  #change(input: KeySpaceInput): void {
    switch (input.type) {
      case 'known':
        this.#table.note(input.peer, false);
        this.#upkeep.begin(this.#nowMs);
        break;
      case 'forgotten':
        this.#table.remove(input.peer);
        break;
      case 'linkOpen':
        this.#linkOpen(input);
        break;
      case 'linkClosed':
        this.#links.delete(input.link);
        for (const question of this.#questions.on(input.link)) this.#unanswered(question);
        break;
      case 'frame':
        this.#frame(input);
        break;
      case 'lookup':
        this.#ask({ lookup: input.lookup, key: input.key, value: undefined });
        break;
      case 'keep':
        this.#ask(input);
        break;
      case 'unreachable':
        for (const question of this.#questions.waitingFor(input.peer)) this.#unanswered(question);
        break;
      case 'wake':
        this.#wake();
        break;
    }
  }

  #linkOpen({ link, peer, subnet }: KeySpaceInput & { type: 'linkOpen' }): void {
    const allowance = this.#config.allowanceMax;
    this.#links.set(link, { peer, subnet, allowance, countedMs: this.#nowMs });
    for (const question of this.#questions.waitingFor(peer)) this.#send(question, link);
  }

  #wake(): void {
    for (const question of this.#questions.due(this.#nowMs)) this.#unanswered(question);
    this.#keeper.expire(this.#nowMs);
    if (this.#table.depth === 0 || this.#searches.size >= this.#config.searchesMax) {
      this.#upkeep.postpone(this.#nowMs);
      return;
    }
    const key = this.#upkeep.take(this.#table.depth, this.#nowMs);
    if (key !== undefined) this.#start({ lookup: undefined, key, value: undefined });
  }

  #frame({ link, frame, learned }: KeySpaceInput & { type: 'frame' }): void {
    const from = this.#links.get(link);
    if (from === undefined) return;
    switch (frame.type) {
      case 'find':
        if (!this.#mayAsk(from)) break;
        this.#answer(link, from, frame);
        // Who stands behind this link and publishes a record: the asker itself, and nobody it names.
        if (learned.includes(from.peer)) this.#table.note(from.peer, false);
        break;
      case 'keep':
        if (this.#mayAsk(from)) this.#answerKeep(link, from, frame);
        break;
      case 'found':
        this.#found(link, frame, learned);
        break;
      case 'kept':
        this.#kept(link, frame);
        break;
    }
  }

  #mayAsk(from: Link): boolean {
    if (this.#allowanceOf(from, this.#nowMs) < 1) return false;
    from.allowance--;
    return true;
  }

  #allowanceOf(from: Link, nowMs: number): number {
    const { allowanceMax, allowanceMs } = this.#config;
    const grown = Math.floor((nowMs - from.countedMs) / allowanceMs);
    from.allowance = Math.min(allowanceMax, from.allowance + grown);
    from.countedMs += grown * allowanceMs;
    return from.allowance;
  }

  #answer(link: LinkId, from: Link, { question, wanted, key }: FindFrame): void {
    const nearest = this.#table.named(key, wanted + 1).filter((peer) => peer !== from.peer);
    const records = this.#ports.offer(nearest.slice(0, wanted), link).slice(0, foundRecordsMax);
    const value = this.#keeper.get(key, this.#nowMs);
    const frame = encodeFrame({ type: 'found', question, value, records });
    this.#outputs.push({ type: 'send', link, frame });
  }

  #answerKeep(link: LinkId, from: Link, { question, value }: KeepFrame): void {
    const facts = this.#ports.verify(value);
    let outcome: KeepOutcome = 'refused';
    if (facts !== undefined) {
      const { nearest } = this.#config.lookup;
      outcome = this.#table.isFar(facts.place, nearest)
        ? 'far'
        : this.#keeper.keep(value, facts, from.subnet, this.#nowMs);
    }
    this.#outputs.push({ type: 'send', link, frame: encodeFrame({ type: 'kept', question, outcome }) });
  }

  #found(link: LinkId, frame: FoundFrame, learned: PeerId[]): void {
    const question = this.#questions.get(frame.question, link);
    const about = question?.about;
    if (question === undefined || about?.kind !== 'find') return;
    const search = this.#searches.get(question.search)!;
    const value = frame.value && this.#checked(frame.value, search.key);
    // Who gives a value that is none is not believed in the rest either.
    if (frame.value !== undefined && value === undefined) {
      this.#table.remove(question.peer);
      search.progress.failed(question.peer);
    } else {
      this.#table.note(question.peer, true);
      const names: NodeFacts[] = [];
      for (const peer of learned.slice(0, about.wanted)) {
        const facts = this.#factsOf(peer);
        if (facts !== undefined) names.push(facts);
      }
      search.progress.answered(this.#links.get(link)!, names, value);
    }
    this.#end(question, search);
  }

  #checked(bytes: Uint8Array, key: Uint8Array): { bytes: Uint8Array; sequence: number } | undefined {
    const facts = this.#ports.verify(bytes);
    if (facts === undefined || !samePlace(facts.place, key)) return undefined;
    return { bytes, sequence: facts.sequence };
  }

  #kept(link: LinkId, { question: number, outcome }: KeptFrame): void {
    const question = this.#questions.get(number, link);
    if (question === undefined || question.about.kind !== 'keep') return;
    const search = this.#searches.get(question.search)!;
    if (outcome === 'kept') search.copies++;
    this.#end(question, search);
  }

  /** No link, no answer in time, or the link closed. */
  #unanswered(question: Question): void {
    const search = this.#searches.get(question.search)!;
    this.#table.fail(question.peer);
    if (question.about.kind === 'find') search.progress.failed(question.peer);
    this.#end(question, search);
  }

  #end(question: Question, search: Search): void {
    this.#questions.remove(question);
    const { link, about } = question;
    if (about.kind === 'find') search.paths[about.path] = undefined;
    else search.keeping--;
    this.#advance(question.search, search);
    // Only now: the search may have one more question to the same node.
    if (link !== undefined && this.#links.has(link) && this.#questions.on(link).length === 0) {
      this.#outputs.push({ type: 'release', link });
    }
  }

  #ask(waiting: Waiting): void {
    invariant(waiting.key.length === keyBytes, 'a key has 32 bytes');
    if (this.#searches.size < this.#config.searchesMax) this.#start(waiting);
    else if (this.#waiting.length < this.#config.waitingMax) this.#waiting.push(waiting);
    else
      this.#tell(waiting, { value: undefined, holders: [], hops: 0, questions: 0, copies: 0, refused: true });
  }

  #start({ lookup, key, value }: Waiting): void {
    const { rootsMax, lookup: lookupConfig } = this.#config;
    const roots: NodeFacts[] = [];
    const live = this.#table.nearest(key, rootsMax);
    for (const peer of live.length < rootsMax ? this.#table.nearest(key, rootsMax, true) : live) {
      const facts = this.#factsOf(peer);
      if (facts !== undefined) roots.push(facts);
    }
    const radius = this.#table.radius(lookupConfig.nearest);
    const limits = this.#limitsOf({ lookup, key, value });
    const progress = new Lookup(key.slice(), roots, radius, limits);
    const paths = Array.from({ length: limits.paths }, () => undefined);
    const number = this.#nextSearch++;
    const counts = { keepers: undefined, keeping: 0, copies: 0, questions: 0 };
    const search: Search = { lookup, key: progress.key, value, paths, progress, ...counts };
    this.#searches.set(number, search);
    this.#advance(number, search);
  }

  /** Only who wants to know a value stops where several agree: a keep needs all the nearest. */
  #limitsOf({ lookup, key, value }: Waiting): LookupConfig {
    const limits = this.#config.lookup;
    if (lookup === undefined) return this.#upkeep.limits(limits, this.#table.isFull(key));
    return value === undefined ? limits : { ...limits, agreement: Infinity };
  }

  /** Asks whatever may be asked now, and ends the search where nothing is left. */
  #advance(number: number, search: Search): void {
    if (search.keepers === undefined) {
      for (let path = 0; path < search.paths.length; path++) {
        if (search.paths[path] !== undefined) continue;
        const peer = search.progress.next(path);
        if (peer === undefined) continue;
        search.paths[path] = peer;
        const about = { kind: 'find', path, wanted: search.progress.wanted(peer) } as const;
        this.#open({ peer, search: number, about }, search);
      }
      if (search.paths.some((peer) => peer !== undefined)) return;
      search.keepers = search.value === undefined ? [] : search.progress.result().holders;
    }
    while (search.keeping < this.#config.keepsMax) {
      const peer = search.keepers.shift();
      if (peer === undefined) break;
      search.keeping++;
      this.#open({ peer, search: number, about: { kind: 'keep' } }, search);
    }
    if (search.keeping > 0) return;
    this.#searches.delete(number);
    const { value, holders, hops, asked, failed } = search.progress.result();
    if (search.lookup === undefined) this.#upkeep.learn(failed, asked);
    const { copies, questions } = search;
    this.#tell(search, { value, holders, hops, questions, copies, refused: false });
    const next = this.#waiting.shift();
    if (next !== undefined) this.#start(next);
  }

  #tell(
    { lookup, value: ours }: Waiting,
    result: {
      value: Uint8Array | undefined;
      holders: PeerId[];
      hops: number;
      questions: number;
      copies: number;
      refused: boolean;
    },
  ): void {
    if (lookup === undefined) return;
    const { value, holders, hops, questions, copies, refused } = result;
    if (ours !== undefined) this.#outputs.push({ type: 'kept', lookup, copies, questions, refused });
    else this.#outputs.push({ type: 'finished', lookup, value, holders, hops, questions, refused });
  }

  #open(question: Omit<Question, 'number' | 'link' | 'deadlineMs'>, search: Search): void {
    search.questions++;
    const link = this.#ports.linkTo(question.peer);
    const already = this.#questions.waitingFor(question.peer).length > 0;
    const deadlineMs = this.#nowMs + this.#config.connectMsMax;
    const made = this.#questions.add({ ...question, link: undefined, deadlineMs });
    if (link !== undefined && this.#links.has(link)) this.#send(made, link);
    else if (!already) this.#outputs.push({ type: 'connect', peer: question.peer, why: 'key space' });
  }

  #send(question: Question, link: LinkId): void {
    const search = this.#searches.get(question.search)!;
    question.link = link;
    question.deadlineMs = this.#nowMs + this.#config.answerMsMax;
    const { number, about } = question;
    let frame: Uint8Array;
    if (about.kind === 'find') {
      const own = samePlace(search.key, this.#self) ? this.#ports.own(link) : undefined;
      const records = own === undefined ? [] : [own];
      frame = encodeFrame({ type: 'find', question: number, wanted: about.wanted, key: search.key, records });
    } else frame = encodeFrame({ type: 'keep', question: number, value: search.value! });
    this.#outputs.push({ type: 'send', link, frame });
  }

  #factsOf(peer: PeerId): NodeFacts | undefined {
    const place = this.#ports.place(peer);
    const candidate = this.#ports.candidate(peer);
    if (place === undefined || candidate === undefined || samePlace(place, this.#self)) return undefined;
    return { peer, place, subnet: candidate.subnet };
  }
}

function samePlace(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
