/**
 * What neighbours say about other nodes: records, judged one by one, cheap checks before the dear one.
 *
 * Never: a change by a record whose signature was not verified; a signature looked at that is known already; more
 * signatures checked for a neighbour than its allowance; a record taken from further away than it reaches, or with a
 * name in it, which would let strangers point us at machines inside our own network.
 */
import type { PeerId } from '../../base/ids.ts';
import { narrowest, reaches, type Scope } from '../../base/place.ts';
import { type BucketConfig, TokenBucket } from '../../base/token-bucket.ts';
import { encodeProof } from '../../crypto/record/equivocation.ts';
import { isEquivocation, type PeerRecordClaim } from '../../crypto/record/peer-record.ts';
import type { RecordReader } from '../../crypto/record/record-reader.ts';
import { subnetOf } from '../../base/place.ts';
import type { RecordEntry } from '../../wire/record-entries.ts';
import type { Convictions } from './convictions.ts';
import type { HeldRecord, RecordShelf } from './record-shelf.ts';
import type { Tombstones } from './tombstones.ts';

export interface IntakeConfig {
  /** No record is kept longer, whatever it asks for. */
  ttlMsMax: number;
  /** What ends sooner is not taken: a neighbour that lies about the end could bury a record that way. */
  leftMsMin: number;
  /** Signatures checked for one source of records. */
  checks: BucketConfig;
}

export const intakeDefaults: Omit<IntakeConfig, 'ttlMsMax'> = {
  leftMsMin: 10_000, // A guess: less is of no use to anybody.
  checks: { burst: 64, refillMs: 100 }, // 0.1 ms each at worst: 1 % of a core for a source that never stops.
};

/** Sources whose allowance is remembered. Above the number of links; the one not heard for longest goes. */
const sourcesMax = 256;

/** Who brought the records, and how far away it stands. */
export interface Bringer {
  peer: PeerId;
  scope: Scope;
}

export type IntakeEvent =
  /** `fresh`: nothing was known of that node before. */
  | { is: 'taken'; peer: PeerId; fresh: boolean }
  | { is: 'displaced'; peer: PeerId }
  | { is: 'convicted'; peer: PeerId; proof: Uint8Array }
  | { is: 'forged'; by: PeerId };

export interface IntakeParts {
  records: RecordReader;
  self: PeerId;
  config: IntakeConfig;
  shelf: RecordShelf;
  tombstones: Tombstones;
  convictions: Convictions;
  sourceOf(peer: PeerId): string;
  /** Where a key stands among all keys, by a secret order; lower stays longer. */
  rankOf(publicKey: Uint8Array): number;
}

export class Intake {
  #parts: IntakeParts;
  #allowances = new Map<string, TokenBucket>();
  #events: IntakeEvent[] = [];
  /** Records that were not looked at, because their bringer had no allowance left. */
  ignored = 0;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  /** What happened since the last call. */
  takeEvents(): IntakeEvent[] {
    return this.#events.splice(0);
  }

  /** The nodes named by these records that are known by a valid record now, in order, each once. */
  learn(entries: readonly RecordEntry[], from: Bringer, nowMs: number): PeerId[] {
    const learned = new Set<PeerId>();
    for (const entry of entries) {
      const peer = this.#learnOne(entry, from, nowMs);
      if (peer !== undefined) learned.add(peer);
    }
    return [...learned];
  }

  #learnOne(entry: RecordEntry, from: Bringer, nowMs: number): PeerId | undefined {
    const { shelf } = this.#parts;
    const same = shelf.withBytes(entry.record);
    if (same !== undefined) {
      if (!reaches(same.scope, from.scope)) return undefined;
      same.hops = Math.min(same.hops, hopsOf(entry, same.record.peer, from));
      // Whoever brought it first may have said too little, to have it end early here.
      same.expiresAtMs = Math.max(
        same.expiresAtMs,
        Math.min(nowMs + entry.remainingSeconds * 1_000, same.latestMs),
      );
      return same.record.peer;
    }
    const claim = this.#parts.records.read(entry.record);
    const scope = claim && narrowest(claim.addresses);
    if (claim === undefined || scope === undefined || !reaches(scope, from.scope)) return undefined;
    // Who owns a name has it lead wherever they like, and honest nodes publish the addresses of their interfaces.
    if (claim.addresses.some((each) => each.startsWith('/dns'))) return undefined;
    if (claim.peer === this.#parts.self || this.#parts.convictions.has(claim.peer)) return undefined;
    const held = shelf.get(claim.peer);
    const outdated = held !== undefined && held.record.sequence > claim.sequence;
    if (!outdated) this.#weigh({ entry, claim, scope, held }, from, nowMs);
    return shelf.get(claim.peer)?.record.peer;
  }

  /** A record that would be new to us. */
  #weigh(found: Found, from: Bringer, nowMs: number): void {
    const { entry, claim, scope, held } = found;
    const { config, shelf, tombstones } = this.#parts;
    if (held !== undefined && held.record.sequence === claim.sequence) {
      this.#compare(held, claim, from, nowMs);
      return;
    }
    const lifeMs = Math.min(claim.ttlMs, config.ttlMsMax);
    const latestMs = Math.min(nowMs + lifeMs, tombstones.latestOf(claim.peer, claim.sequence, nowMs));
    const leftMs = Math.min(entry.remainingSeconds * 1_000, latestMs - nowMs);
    if (leftMs < Math.min(config.leftMsMin, Math.floor(claim.ttlMs / 2))) return;
    if (!this.#mayVerify(from, nowMs)) return;
    const rank = held?.rank ?? this.#parts.rankOf(claim.publicKey);
    const source = held?.source ?? this.#parts.sourceOf(from.peer);
    const subnet = scope === 'global' ? subnetOf(claim.addresses[0]!) : undefined;
    const leaving = shelf.roomFor({ peer: claim.peer, subnet, source, rank });
    if (leaving === undefined) return;
    const record = this.#verify(claim, from, nowMs);
    if (record === undefined) return;
    for (const peer of leaving) {
      shelf.take(peer);
      this.#events.push({ is: 'displaced', peer });
    }
    const hops = hopsOf(entry, claim.peer, from);
    shelf.put({ record, scope, hops, expiresAtMs: nowMs + leftMs, latestMs, subnet, source, rank });
    this.#events.push({ is: 'taken', peer: claim.peer, fresh: held === undefined });
  }

  /** Other bytes under the same number: proof against the node, where both are signed. */
  // oxlint-disable-next-line max-params -- both records, then who and when as everywhere in this file
  #compare(held: HeldRecord, claim: PeerRecordClaim, from: Bringer, nowMs: number): void {
    if (!isEquivocation(held.record, claim)) return;
    if (!this.#mayVerify(from, nowMs)) return;
    const record = this.#verify(claim, from, nowMs);
    if (record === undefined) return;
    const { shelf, convictions } = this.#parts;
    const proof = encodeProof(held.record, record);
    shelf.take(claim.peer);
    convictions.add(claim.peer, proof);
    this.#events.push({ is: 'convicted', peer: claim.peer, proof });
  }

  /** Asked before anything else that costs: to look for room on a full shelf is dearer than a signature. */
  #mayVerify(from: Bringer, nowMs: number): boolean {
    const allowance = this.#allowance(this.#parts.sourceOf(from.peer), nowMs);
    const may = allowance.readyMs(nowMs) <= nowMs;
    if (!may) this.ignored++;
    return may;
  }

  /** The bringer has allowance left. */
  #verify(claim: PeerRecordClaim, from: Bringer, nowMs: number): HeldRecord['record'] | undefined {
    this.#allowance(this.#parts.sourceOf(from.peer), nowMs).take(nowMs);
    const record = this.#parts.records.verify(claim);
    if (record === undefined) this.#events.push({ is: 'forged', by: from.peer });
    return record;
  }

  #allowance(source: string, nowMs: number): TokenBucket {
    const allowance = this.#allowances.get(source) ?? new TokenBucket(this.#parts.config.checks, nowMs);
    this.#allowances.delete(source);
    this.#allowances.set(source, allowance);
    const [oldest] = this.#allowances.keys();
    if (this.#allowances.size > sourcesMax && oldest !== undefined) this.#allowances.delete(oldest);
    return allowance;
  }
}

interface Found {
  entry: RecordEntry;
  claim: PeerRecordClaim;
  scope: Scope;
  held: HeldRecord | undefined;
}

/** Only its maker can bring it over no other node, whatever the entry says. */
function hopsOf(entry: RecordEntry, maker: PeerId, from: Bringer): number {
  return from.peer === maker ? 0 : Math.max(1, entry.hops);
}
