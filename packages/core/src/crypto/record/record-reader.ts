/**
 * How records are read and verified. A port, because a process that runs thousands of Peers may do for all of them what
 * each of its own would do for itself: one reading and one verdict for the same bytes.
 */
import type { CryptoBackend } from '../backend.ts';
import { type PeerRecord, type PeerRecordClaim, readPeerRecord, verifyPeerRecord } from './peer-record.ts';

export interface RecordReader {
  /** Form and bounds alone. What it gives keeps no part of a frame in memory, and is changed by nobody. */
  read(bytes: Uint8Array): PeerRecordClaim | undefined;
  /** The same record, its signature verified, or undefined. */
  verify(claim: PeerRecordClaim): PeerRecord | undefined;
}

export function recordReader(backend: CryptoBackend): RecordReader {
  return {
    // A copy: a view would keep the whole frame in memory.
    read: (bytes) => readPeerRecord(new Uint8Array(bytes)),
    verify: (claim) => verifyPeerRecord(backend, claim),
  };
}
