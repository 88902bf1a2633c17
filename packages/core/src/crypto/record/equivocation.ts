/**
 * Proof that a node signed two records with one sequence. Anybody can check it, and whoever holds it need not trust
 * who passed it on. Specification: docs/protocol/peer-record.md, section proof.
 */
import { decodeCbor, encodeCbor } from '../../base/cbor.ts';
import { invariant } from '../../base/invariant.ts';
import type { CryptoBackend } from '../backend.ts';
import { decodePeerRecord, isEquivocation, type PeerRecord, peerRecordBytesMax } from './peer-record.ts';

/** Two records and the heads around them. */
export const proofBytesMax: number = 2 * (peerRecordBytesMax + 3) + 1;

/** The wire form of a proof, the same in whichever order the two came. They must be an equivocation. */
export function encodeProof(a: PeerRecord, b: PeerRecord): Uint8Array {
  invariant(isEquivocation(a, b), 'a proof shows two records of one node and number');
  return encodeCbor(inOrder(a.bytes, b.bytes) ? [a.bytes, b.bytes] : [b.bytes, a.bytes]);
}

/** The two records of a proof, lower bytes first, both verified; or undefined where they prove nothing. */
export function decodeProof(backend: CryptoBackend, bytes: Uint8Array): [PeerRecord, PeerRecord] | undefined {
  const wire = decodeCbor(bytes, { bytesMax: proofBytesMax });
  if (!Array.isArray(wire) || wire.length !== 2) return undefined;
  const [first, second] = wire;
  if (!(first instanceof Uint8Array) || !(second instanceof Uint8Array)) return undefined;
  if (!inOrder(first, second)) return undefined;
  const one = decodePeerRecord(backend, first);
  const other = one && decodePeerRecord(backend, second);
  return one && other && isEquivocation(one, other) ? [one, other] : undefined;
}

/** Whether the first comes before the second, bytewise. */
function inOrder(first: Uint8Array, second: Uint8Array): boolean {
  const length = Math.min(first.length, second.length);
  for (let index = 0; index < length; index++) {
    if (first[index] !== second[index]) return first[index]! < second[index]!;
  }
  return first.length < second.length;
}
