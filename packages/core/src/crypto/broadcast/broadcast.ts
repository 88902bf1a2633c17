/**
 * Signatures of broadcasts. Whoever forwards one checks it first, so it covers everything that is forwarded and not
 * the way it came. Specification: docs/protocol/frames.md, section broadcast. Vectors: vectors/broadcast.json.
 */
import { concat, u64be } from '../../base/bytes.ts';
import { invariant } from '../../base/invariant.ts';
import type { CryptoBackend, KeyPair } from '../backend.ts';
import { labels } from '../labels.ts';
import { sign, verify } from '../sign.ts';

const version = 1;
const topicBytes = 16;

/** What is signed: the fields of the frame that all copies share. */
export interface BroadcastFields {
  /** 16 bytes. */
  topic: Uint8Array;
  /** Ed25519 key of its author, 32 bytes. */
  author: Uint8Array;
  /** An integer in [1, 2^53). */
  sequence: number;
  body: Uint8Array;
}

/** 64 bytes, by the author's key. */
export function signBroadcast(
  backend: CryptoBackend,
  keys: KeyPair,
  fields: Omit<BroadcastFields, 'author'>,
): Uint8Array {
  const signed = signedBytes({ ...fields, author: keys.publicKey });
  invariant(signed !== undefined, 'topic and sequence are within their bounds');
  return sign(backend, labels.broadcast, signed, keys.secretKey);
}

/** Whether the author signed this very topic, sequence and body. Any lengths are safe. */
export function verifyBroadcast(
  backend: CryptoBackend,
  fields: BroadcastFields & { signature: Uint8Array },
): boolean {
  const signed = signedBytes(fields);
  return signed !== undefined && verify(backend, labels.broadcast, signed, fields.signature, fields.author);
}

/** Version, then the fields one after the other: all but the last have a fixed length. */
function signedBytes({ topic, author, sequence, body }: BroadcastFields): Uint8Array | undefined {
  if (topic.length !== topicBytes || author.length !== 32) return undefined;
  if (!Number.isSafeInteger(sequence) || sequence < 1) return undefined;
  return concat(Uint8Array.of(version), topic, author, u64be(sequence), body);
}
