/**
 * What this node says about itself: made anew before it ends and when its addresses change, and not at all where the
 * node is unlisted or nobody could dial it.
 *
 * Never: an address of a narrower scope beside a wider one. A site address would tell strangers how the network at
 * home is laid out, and be of no use to them.
 */
import { canonicalAddress, type Scope, scopeOf } from '../../base/place.ts';
import { type BucketConfig, TokenBucket } from '../../base/token-bucket.ts';
import type { CryptoBackend, KeyPair } from '../../crypto/backend.ts';
import {
  makePeerRecord,
  type PeerRecord,
  type PeerRecordFacts,
  recordAddressesMax,
} from '../../crypto/record/peer-record.ts';
import { plainAddress } from './standing-links.ts';

export interface OwnRecordConfig {
  /** Milliseconds, 1 to two hours. */
  ttlMs: number;
  /** How often addresses may change it. */
  changes: BucketConfig;
  offers: PeerRecordFacts['offers'];
}

export const ownRecordDefaults: Pick<OwnRecordConfig, 'changes' | 'offers'> = {
  changes: { burst: 4, refillMs: 60_000 }, // A guess: a laptop changes its Wi-Fi; flapping interfaces wait.
  offers: { relay: false, carrier: false },
};

export class OwnRecord {
  #backend: CryptoBackend;
  #keys: KeyPair;
  #config: OwnRecordConfig;
  #changes: TokenBucket;
  #sequence: number;
  #addresses: string[] = [];
  #issued: { record: PeerRecord; scope: Scope; atMs: number } | undefined;
  #dueMs = Infinity;

  /** @param sequence - of the record before this start, 0 where there was none. */
  // oxlint-disable-next-line max-params -- backend and keys stand before what is told about the record
  constructor(backend: CryptoBackend, keys: KeyPair, config: OwnRecordConfig, sequence: number) {
    this.#backend = backend;
    this.#keys = keys;
    this.#config = config;
    this.#sequence = sequence;
    this.#changes = new TokenBucket(config.changes, 0);
  }

  get sequence(): number {
    return this.#sequence;
  }

  get current(): { record: PeerRecord; scope: Scope } | undefined {
    return this.#issued;
  }

  get nextWakeMs(): number {
    return this.#dueMs;
  }

  /** Milliseconds of its lifetime that are left, 0 where there is no record. */
  leftMs(nowMs: number): number {
    const issued = this.#issued;
    return issued === undefined ? 0 : Math.max(0, issued.atMs + issued.record.ttlMs - nowMs);
  }

  /** @param listed - false: we want to be found by nobody. */
  reachableAt(addresses: readonly string[], listed: boolean, nowMs: number): void {
    this.#addresses = listed ? widest(addresses) : [];
    const same = this.#addresses.join() === (this.#issued?.record.addresses ?? []).join();
    if (!same) this.#dueMs = nowMs;
    else if (this.#issued !== undefined) this.#dueMs = this.#renewAtMs(this.#issued);
  }

  /** Makes it anew where that is due. @returns whether it is another now. */
  review(nowMs: number, wallMs: number): boolean {
    if (nowMs < this.#dueMs) return false;
    if (this.#addresses.length === 0) {
      this.#dueMs = Infinity;
      const had = this.#issued !== undefined;
      this.#issued = undefined;
      return had;
    }
    if (!this.#changes.take(nowMs)) {
      this.#dueMs = this.#changes.readyMs(nowMs);
      return false;
    }
    this.#sequence = Math.max(this.#sequence + 1, Math.floor(wallMs));
    const record = makePeerRecord(this.#backend, this.#keys, {
      sequence: this.#sequence,
      issuedWallMs: Math.max(0, Math.floor(wallMs)),
      ttlMs: this.#config.ttlMs,
      addresses: this.#addresses,
      offers: this.#config.offers,
      onion: undefined,
    });
    const scope = scopeOf(this.#addresses[0]!) ?? 'loopback';
    this.#issued = { record, scope, atMs: nowMs };
    this.#dueMs = this.#renewAtMs(this.#issued);
    return true;
  }

  #renewAtMs({ atMs }: { atMs: number }): number {
    return atMs + Math.ceil((this.#config.ttlMs * 2) / 3);
  }
}

/** Those of the widest scope there is, at most 4, in the order given; WebSockets last, since all nodes speak TCP. */
function widest(addresses: readonly string[]): string[] {
  const plain = new Set(addresses.map((each) => canonicalAddress(plainAddress(each))));
  const usable = [...plain].filter((each): each is string => each !== undefined);
  for (const scope of ['global', 'site', 'loopback'] as const) {
    const found = usable.filter((each) => scopeOf(each) === scope);
    if (found.length === 0) continue;
    const last = (each: string): number => (each.endsWith('/ws') ? 1 : 0);
    return found.sort((a, b) => last(a) - last(b)).slice(0, recordAddressesMax);
  }
  return [];
}
