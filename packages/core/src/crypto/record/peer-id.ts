/**
 * Names of nodes: the text of a libp2p peer id and the Ed25519 key inside it. Specification: docs/protocol/peer-record.md.
 *
 * An id is base58 (Bitcoin's alphabet) of an identity multihash over the key in its protobuf: 00 24 08 01 12 20, then
 * 32 bytes. All such ids have 52 characters and begin with `12D3KooW`.
 */
import { base58 } from '@scure/base';
import { bytesEqual, concat } from '../../base/bytes.ts';
import type { PeerId } from '../../base/ids.ts';
import { invariant } from '../../base/invariant.ts';
import type { CryptoBackend } from '../backend.ts';
import { H } from '../hash.ts';
import { labels } from '../labels.ts';

const head = Uint8Array.of(0x00, 0x24, 0x08, 0x01, 0x12, 0x20);
const form = /^12D3KooW[1-9A-HJ-NP-Za-km-z]{44}$/;

/** The id of a node. `publicKey`: its Ed25519 network key, 32 bytes. */
export function peerIdOf(publicKey: Uint8Array): PeerId {
  invariant(publicKey.length === 32, 'a network key has 32 bytes');
  return base58.encode(concat(head, publicKey)) as PeerId;
}

/** The 32-byte key inside an id, or undefined where the text is no id of an Ed25519 key. */
export function publicKeyOf(peer: string): Uint8Array | undefined {
  if (!form.test(peer)) return undefined;
  const bytes = base58.decode(peer);
  if (bytes.length !== head.length + 32 || !bytesEqual(bytes.subarray(0, head.length), head))
    return undefined;
  return bytes.slice(head.length);
}

/** Where a node stands in the key space, 32 bytes. */
export function placeOf(backend: CryptoBackend, publicKey: Uint8Array): Uint8Array {
  return H(backend, labels.nodePlace, publicKey).slice(0, 32);
}
