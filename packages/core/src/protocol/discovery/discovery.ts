/**
 * Which other nodes there are, where they can be dialled, and how much of the network we seem to see.
 *
 * Pure state machine; it sends nothing itself. Frames of other rooms carry the records: what came is given to `learn`,
 * what may go is asked of `offer`. Specification: docs/protocol/discovery.md.
 *
 * Invariants (discovery.test.ts, intake.test.ts and discovery-world.test.ts check them):
 *   1. Nothing is known by a record that its node did not sign, or longer than its lifetime here, from receipt.
 *   2. Of one node's records the highest sequence counts; a node proved to sign two under one is not known at all.
 *   3. A record that holds an address of our site or machine neither comes from further away nor goes there.
 *   4. Every collection is bounded; no flood displaces a node that we have a link to.
 *   5. Nothing a neighbour says makes it throw, or check more signatures than its allowance.
 *   6. The score of a node and the outlook are told to nobody.
 */
import type { PeerId } from '../../base/ids.ts';
import { PeerTable } from '../../base/peer-table.ts';
import { reaches, type Scope } from '../../base/place.ts';
import { peerIdOf } from '../../crypto/record/peer-id.ts';
import type { PeerRecord } from '../../crypto/record/peer-record.ts';
import { type RecordReader, recordReader } from '../../crypto/record/record-reader.ts';
import type { RecordEntry } from '../../wire/record-entries.ts';
import { type Anchor, Anchors, decodeStored, encodeStored, whoAnswered } from './anchors.ts';
import { Candidates } from './candidates.ts';
import type {
  Candidate,
  DiscoveryConfig,
  DiscoveryInput,
  DiscoveryOutput,
  DiscoveryParts,
  PeerEntryView,
} from './contract.ts';
import { Convictions } from './convictions.ts';
import { type Bringer, Intake, type IntakeEvent } from './intake.ts';
import { type Outlook, OutlookSense } from './outlook.ts';
import { OwnRecord } from './own-record.ts';
import { rankOf, RecordShelf, type Standing } from './record-shelf.ts';
import { type LinkFound, plainAddress, StandingLinks } from './standing-links.ts';
import { Tombstones } from './tombstones.ts';

const pruneEveryMs = 3_600_000;
/** With links, it is woken at least so often, and so notices when this machine did not run. */
const pulseMs = 30_000;
const sleptMs = 60_000;

export class Discovery {
  #config: DiscoveryConfig;
  #records: RecordReader;
  #self: PeerId;
  #shelf: RecordShelf;
  #tombstones: Tombstones;
  #convictions = new Convictions();
  #table: PeerTable;
  #needed: (peer: PeerId) => boolean;
  #tried: () => readonly PeerId[];
  #links = new StandingLinks();
  #candidates: Candidates;
  #intake: Intake;
  #own: OwnRecord;
  #anchors: Anchors;
  #sense: OutlookSense;
  #outputs: DiscoveryOutput[] = [];
  #pruneAtMs = 0;
  #nowMs = 0;
  /** At the last input. */
  #before: { nowMs: number; wallMs: number } | undefined;
  #wakeMs = Infinity;

  constructor(parts: DiscoveryParts) {
    const { backend, networkKey, config, random, restored, needed, tried } = parts;
    this.#needed = needed ?? (() => false);
    this.#tried = tried ?? (() => []);
    this.#config = config;
    this.#self = peerIdOf(networkKey.publicKey);
    this.#records = parts.records ?? recordReader(backend);
    const stored = restored && decodeStored(restored);
    this.#table = new PeerTable(config.table, (peer) => this.#links.has(peer));
    this.#shelf = new RecordShelf(config.shelf, (peer) => this.#standing(peer));
    this.#candidates = new Candidates({ table: this.#table, shelf: this.#shelf, links: this.#links });
    this.#tombstones = new Tombstones(config.tombstones);
    const rankKey = Uint8Array.from({ length: 32 }, () => Math.floor(random.next() * 256));
    this.#intake = new Intake({
      records: this.#records,
      self: this.#self,
      config: { ...config.intake, ttlMsMax: config.recordTtlMs },
      shelf: this.#shelf,
      tombstones: this.#tombstones,
      convictions: this.#convictions,
      sourceOf: (peer) => this.#links.get(peer)?.source ?? 'none',
      rankOf: (publicKey) => rankOf(backend.blake2b(16, rankKey, publicKey)),
    });
    const own = { ...config.own, ttlMs: config.recordTtlMs };
    this.#own = new OwnRecord(backend, networkKey, own, stored?.sequence ?? 0);
    this.#anchors = new Anchors(config.anchors, stored?.anchors ?? []);
    this.#sense = new OutlookSense(config.outlook);
  }

  /** @param wallMs - Unix milliseconds; numbers our records, and shows when this machine slept. */
  handle(input: DiscoveryInput, nowMs: number, wallMs: number): DiscoveryOutput[] {
    this.#noticeSleep(nowMs, wallMs);
    this.#nowMs = nowMs;
    this.#change(input);
    this.#tick(wallMs);
    return this.#outputs.splice(0);
  }

  /** At once when `learn` led to outputs: they are given by the next `handle`. */
  nextWakeMs(): number | undefined {
    if (this.#outputs.length > 0) return this.#nowMs;
    const wakeMs = Math.min(this.#wakeMs, this.#shelf.nextEndMs);
    return wakeMs === Infinity ? undefined : wakeMs;
  }

  /**
   * Records that a neighbour passed on. A higher number replaces a lower one, what is known already costs nothing.
   * @returns the nodes of these records that are known now by a verified one, in order, each once.
   */
  learn(entries: readonly RecordEntry[], from: Bringer, nowMs: number): PeerId[] {
    this.#nowMs = nowMs;
    this.#expire();
    const learned = this.#intake.learn(entries, from, nowMs);
    let fresh = 0;
    for (const event of this.#intake.takeEvents()) {
      if (event.is === 'taken' && event.fresh) fresh++;
      this.#took(event);
    }
    // That two branches met is told with the next input: soon.
    if (fresh > 0 && this.#sense.heardOf(fresh, this.#shelf.size, nowMs)) this.#wakeMs = nowMs;
    return learned;
  }

  /**
   * The records of these nodes, ours among them where it is asked for, as a link of that scope may be told them; in
   * order. Left out: unknown ones, those that were passed on often enough, and what is none of that link's business.
   */
  offer(peers: readonly PeerId[], scope: Scope, nowMs: number): RecordEntry[] {
    const entries: RecordEntry[] = [];
    for (const peer of peers) {
      const entry = peer === this.#self ? this.own(scope, nowMs) : this.#entry(peer, scope, nowMs);
      if (entry !== undefined) entries.push(entry);
    }
    return entries;
  }

  /** Our own record, for a link of that scope; undefined where we publish none, or none for so far away. */
  own(scope: Scope, nowMs: number): RecordEntry | undefined {
    const own = this.#own.current;
    const remainingSeconds = Math.floor(this.#own.leftMs(nowMs) / 1_000);
    if (own === undefined || remainingSeconds === 0 || !reaches(own.scope, scope)) return undefined;
    return { hops: 0, remainingSeconds, record: own.record.bytes };
  }

  /** Where the node may be dialled, or undefined where nothing is known. */
  candidate(peer: PeerId): Candidate | undefined {
    return this.#convictions.has(peer) ? undefined : this.#candidates.of(peer);
  }

  /** The verified record of the node, or undefined. */
  record(peer: PeerId): PeerRecord | undefined {
    return this.#shelf.get(peer)?.record;
  }

  /** Whom these bytes name as their maker, verified or not; undefined where they are no record. Cheap where it is held. */
  makerOf(bytes: Uint8Array): PeerId | undefined {
    return (this.#shelf.withBytes(bytes)?.record ?? this.#records.read(bytes))?.peer;
  }

  /** All nodes we know of, in no particular order; at most 2,048. */
  peers(nowMs: number): PeerEntryView[] {
    const peers = new Set<PeerId>();
    for (const { peer } of this.#table.values()) peers.add(peer);
    for (const { record } of this.#shelf.values()) peers.add(record.peer);
    return [...peers].map((peer) => this.#view(peer, nowMs));
  }

  /** Nodes without a link that went well before, best first: for who finds no way in. */
  remembered(countMax: number, nowMs: number): PeerId[] {
    const known = [...this.#table.values()].filter(
      ({ peer, addresses }) => addresses.length > 0 && !this.#links.has(peer) && !this.#convictions.has(peer),
    );
    const scored = known.map((entry) => ({ peer: entry.peer, score: this.#table.score(entry, nowMs) }));
    return scored
      .sort((a, b) => b.score - a.score)
      .slice(0, countMax)
      .map(({ peer }) => peer);
  }

  /** Nodes that proved themselves, those of before the restart until there are others; at most eight. */
  anchors(): Anchor[] {
    return this.#anchors.list();
  }

  outlook(): Outlook {
    return this.#sense.outlook;
  }

  /** Proofs against nodes that signed two records under one number; at most 64. */
  proofs(): { peer: PeerId; proof: Uint8Array }[] {
    return this.#convictions.list();
  }

  /** How full the collections are, for diagnostics and checkers of bounds. */
  sizes(): { records: number; peers: number; tombstones: number; proofs: number; ignored: number } {
    const { size: records } = this.#shelf;
    const { size: tombstones } = this.#tombstones;
    const { ignored } = this.#intake;
    return { records, peers: this.#table.size, tombstones, proofs: this.#convictions.size, ignored };
  }

  #change(input: DiscoveryInput): void {
    switch (input.type) {
      case 'listening':
        this.#own.reachableAt(input.addresses, input.listed, this.#nowMs);
        break;
      case 'lanFound':
        if (input.peer === this.#self) break;
        this.#note(input.peer, input.addresses);
        this.#table.onLan(input.peer, true);
        break;
      case 'lanLost':
        this.#table.onLan(input.peer, false);
        this.#forgetIfUnknown(input.peer);
        break;
      case 'linkOpen':
        this.#linkOpen(input);
        break;
      case 'linkClosed':
        this.#linkClosed(input.peer, input.lost);
        break;
      case 'active': {
        const link = this.#links.get(input.peer);
        if (link !== undefined) link.active = input.on;
        break;
      }
      case 'rated':
        this.#rated(input.peer, input.success);
        break;
      case 'wake':
        break;
    }
  }

  #linkOpen(found: LinkFound): void {
    const { peer, address, dialled } = found;
    if (peer === this.#self) return;
    // Where an inbound link comes from is a port that nobody listens on.
    const entry = this.#note(peer, dialled ? [plainAddress(address)] : []);
    const proven = entry?.proven === true || dialled;
    this.#table.rate(peer, true);
    if (entry !== undefined) entry.proven = proven;
    const link = this.#links.open(found, this.#nowMs);
    if (link !== undefined) this.#sense.linkOpened(peer, !link.lan, this.#nowMs);
  }

  #linkClosed(peer: PeerId, lost: boolean): void {
    const link = this.#links.close(peer);
    if (link === undefined) return;
    const entry = this.#table.get(peer);
    if (entry !== undefined) entry.lastSeenMs = this.#nowMs;
    if (!link.lan) this.#sense.linkClosed(peer, lost, this.#nowMs);
    this.#forgetIfUnknown(peer);
  }

  #rated(peer: PeerId, success: boolean): void {
    if (this.#table.get(peer) === undefined) {
      if (this.#shelf.get(peer) === undefined) return;
      this.#note(peer, []);
    }
    this.#table.rate(peer, success);
    if (!this.#isLan(peer)) this.#sense.dialled(peer, success);
  }

  #took(event: IntakeEvent): void {
    switch (event.is) {
      case 'taken':
        break;
      case 'displaced':
        this.#forgetIfUnknown(event.peer);
        break;
      case 'convicted':
        this.#table.delete(event.peer);
        this.#outputs.push({ type: 'proof', peer: event.peer, proof: event.proof });
        this.#outputs.push({ type: 'forgotten', peer: event.peer });
        break;
      case 'forged':
        this.#outputs.push({ type: 'misbehaved', peer: event.by, reason: 'forged-record' });
        break;
    }
  }

  /** Does what is due, then finds out when something will be due next. */
  #tick(wallMs: number): void {
    const nowMs = this.#nowMs;
    this.#expire();
    if (this.#own.review(nowMs, wallMs)) {
      this.#outputs.push({ type: 'recordChanged' });
      this.#anchors.touch();
    }
    if (nowMs >= this.#pruneAtMs) {
      this.#pruneAtMs = nowMs + pruneEveryMs;
      for (const peer of this.#table.prune(nowMs)) this.#forgetIfUnknown(peer);
    }
    const addressesOf = (peer: PeerId): readonly string[] => this.#addressesOf(peer);
    const reached = (): Iterable<Anchor> => whoAnswered(this.#tried(), this.#table, this.#links);
    this.#anchors.review({ links: this.#links.values(), addressesOf, reached }, nowMs);
    if (this.#anchors.storeDue(nowMs)) {
      const anchors = this.anchors();
      const bytes = encodeStored({ anchors, sequence: this.#own.sequence });
      this.#outputs.push({ type: 'store', anchors, bytes });
    }
    const [wide, local] = [this.#links.count(false), this.#links.count(true)];
    const { neighbours } = this.#anchors;
    const anchorsGone = neighbours.length > 0 && !neighbours.some((peer) => this.#links.has(peer));
    const outlook = this.#sense.review({ wide, local, anchorsGone }, nowMs);
    if (outlook !== undefined) this.#outputs.push({ type: 'outlook', outlook });
    const pulse = wide + local > 0 ? nowMs + pulseMs : Infinity;
    const storeMs = this.#anchors.storeAtMs ?? Infinity;
    this.#wakeMs = Math.min(this.#own.nextWakeMs, this.#sense.nextWakeMs, storeMs, pulse);
  }

  #expire(): void {
    for (const { record, latestMs } of this.#shelf.takeEnded(this.#nowMs)) {
      const { peer, sequence } = record;
      this.#tombstones.bury(peer, { sequence, latestMs }, this.#nowMs);
      this.#forgetIfUnknown(peer);
    }
  }

  /** Machine time may stand still while the machine sleeps; the clock on the wall does not. */
  #noticeSleep(nowMs: number, wallMs: number): void {
    const before = this.#before;
    this.#before = { nowMs, wallMs };
    if (before === undefined) return;
    const lateMs = nowMs - Math.max(before.nowMs, this.#wakeMs);
    const stoodStillMs = wallMs - before.wallMs - (nowMs - before.nowMs);
    if (Math.max(lateMs, stoodStillMs) >= sleptMs) this.#sense.slept(nowMs);
  }

  #note(peer: PeerId, addresses: readonly string[]): ReturnType<PeerTable['get']> {
    const noted = this.#table.note(peer, addresses, this.#nowMs);
    if (noted?.gone !== undefined) this.#forgetIfUnknown(noted.gone);
    return noted?.entry;
  }

  #forgetIfUnknown(peer: PeerId): void {
    if (this.#shelf.get(peer) !== undefined || this.#standing(peer) === 'kept') return;
    this.#candidates.forget(peer);
    this.#outputs.push({ type: 'forgotten', peer });
  }

  #entry(peer: PeerId, scope: Scope, nowMs: number): RecordEntry | undefined {
    const held = this.#shelf.get(peer);
    if (held === undefined || held.hops >= this.#config.hopLimit || !reaches(held.scope, scope))
      return undefined;
    const remainingSeconds = Math.floor((held.expiresAtMs - nowMs) / 1_000);
    if (remainingSeconds < 1) return undefined;
    return { hops: held.hops + 1, remainingSeconds, record: held.record.bytes };
  }

  #standing(peer: PeerId): Standing {
    const entry = this.#table.get(peer);
    if (entry?.lan === true || this.#links.has(peer)) return 'kept';
    return entry?.proven === true || this.#needed(peer) ? 'proven' : 'stranger';
  }

  #isLan(peer: PeerId): boolean {
    return this.#table.get(peer)?.lan === true || this.#links.get(peer)?.lan === true;
  }

  #addressesOf(peer: PeerId): readonly string[] {
    return this.#candidates.of(peer)?.addresses ?? [];
  }

  #view(peer: PeerId, nowMs: number): PeerEntryView {
    const entry = this.#table.get(peer);
    const held = this.#shelf.get(peer);
    const link = this.#links.get(peer);
    const known = { lastSeenMs: nowMs, successes: 0, failures: 0 };
    const lastSeenMs = link !== undefined ? nowMs : (entry?.lastSeenMs ?? nowMs);
    const scored = { peer, addresses: [], lan: false, proven: false, ...(entry ?? known), lastSeenMs };
    return {
      peer,
      addresses: [...this.#addressesOf(peer)],
      lastSeenMs,
      score: this.#table.score(scored, nowMs),
      link: link?.path ?? 'none',
      lan: this.#isLan(peer),
      active: link?.active ?? false,
      anchor: this.#anchors.has(peer),
      record: held && {
        sequence: held.record.sequence,
        remainingMs: Math.max(0, held.expiresAtMs - nowMs),
        hops: held.hops,
        offers: held.record.offers,
      },
    };
  }
}
