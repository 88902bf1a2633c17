/**
 * One reading and one verdict for the records that all nodes of a world pass on: a thousand nodes that hold the same
 * thousand records hold them once. What it costs a node in virtual time stays what it cost the first.
 *
 * Never: a verdict on other bytes than those it was found for.
 */
import { bytesEqual } from '@kith/core/base/bytes';
import type { CryptoBackend } from '@kith/core/crypto/backend';
import type { PeerRecord, PeerRecordClaim } from '@kith/core/crypto/record/peer-record';
import { recordReader, type RecordReader } from '@kith/core/crypto/record/record-reader';
import type { Meter } from './meter.ts';
import { keyNumber } from './mix.ts';

/** Beyond it, all are read anew: a flood of false ones must not fill the memory. */
const recordsMax = 2 ** 18;
/** In the middle of the signature, which ends a record. */
const keyBytes = 32;

interface Known {
  claim: PeerRecordClaim;
  /** Undefined until somebody asked. */
  verdict: PeerRecord | 'forged' | undefined;
  /** Virtual milliseconds that the verdict took. */
  verdictMs: number;
}

export class SharedRecords implements RecordReader {
  readonly #reader: RecordReader;
  readonly #meter: Meter;
  readonly #known = new Map<number, Known>();

  constructor(backend: CryptoBackend, meter: Meter) {
    this.#reader = recordReader(backend);
    this.#meter = meter;
  }

  /** Different records that were read and are remembered. */
  get size(): number {
    return this.#known.size;
  }

  read(bytes: Uint8Array): PeerRecordClaim | undefined {
    const key = numberOf(bytes);
    const known = this.#known.get(key);
    if (known !== undefined && bytesEqual(known.claim.bytes, bytes)) return known.claim;
    const claim = this.#reader.read(bytes);
    if (claim === undefined) return undefined;
    if (this.#known.size >= recordsMax) this.#known.clear();
    this.#known.set(key, { claim: shared(claim), verdict: undefined, verdictMs: 0 });
    return claim;
  }

  verify(claim: PeerRecordClaim): PeerRecord | undefined {
    const known = this.#known.get(numberOf(claim.bytes));
    if (known?.claim !== claim) return this.#reader.verify(claim);
    if (known.verdict === undefined) {
      const before = this.#meter.chargedMs;
      const record = this.#reader.verify(claim);
      known.verdict = record === undefined ? 'forged' : shared(record);
      // Differences of sums are not exact, and a trace hears every bit.
      known.verdictMs = Math.round((this.#meter.chargedMs - before) * 1e6) / 1e6;
      // The same object for who reads and for who verified.
      if (record !== undefined) known.claim = record;
    } else this.#meter.charge(known.verdictMs);
    return known.verdict === 'forged' ? undefined : known.verdict;
  }
}

/** Nobody may change what others hold too. */
function shared<Record extends PeerRecordClaim>(record: Record): Record {
  Object.freeze(record.addresses);
  Object.freeze(record.offers);
  if (record.onion !== undefined) Object.freeze(record.onion);
  return Object.freeze(record);
}

function numberOf(bytes: Uint8Array): number {
  return bytes.length < keyBytes ? 0 : keyNumber(bytes.subarray(bytes.length - keyBytes));
}
