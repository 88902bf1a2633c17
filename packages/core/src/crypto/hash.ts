/** The labelled hash and key derivation that everything above the primitives uses. */
import { concat, u32be, utf8 } from '../base/bytes.ts';
import type { CryptoBackend } from './backend.ts';
import type { Label } from './labels.ts';

/** Suite 0x01: X25519, ML-KEM-768, XChaCha20-Poly1305, HKDF-SHA-512. */
export const suite = 1;

const prefixes = new Map<Label, Uint8Array>();
const infos = new Map<Label, Uint8Array>();

/** 64 bytes: SHA-512(u8 length of label | label | for each part: u32be length | part). */
export function H(backend: CryptoBackend, label: Label, ...parts: Uint8Array[]): Uint8Array {
  const fields: Uint8Array[] = [hashPrefix(label)];
  for (const part of parts) fields.push(u32be(part.length), part);
  return backend.sha512(...fields);
}

/**
 * HKDF-SHA-512(salt, ikm, info = label | 0x00 | suite), `length` bytes from 1 to 16,320.
 *
 * The result is ordinary memory. What lives longer than the call belongs into `backend.secrets`.
 */
// oxlint-disable-next-line max-params -- the four inputs of an HKDF, in the order of RFC 5869
export function derive(
  backend: CryptoBackend,
  label: Label,
  salt: Uint8Array,
  ikm: Uint8Array,
  length: number,
): Uint8Array {
  return backend.hkdfSha512(salt, ikm, deriveInfo(label), length);
}

/** The HKDF info of a label, for callers that derive in their hot path. Must not be written to. */
export function deriveInfo(label: Label): Uint8Array {
  let info = infos.get(label);
  if (info === undefined) infos.set(label, (info = concat(utf8(label), Uint8Array.of(0, suite))));
  return info;
}

function hashPrefix(label: Label): Uint8Array {
  let prefix = prefixes.get(label);
  if (prefix === undefined) {
    const bytes = utf8(label);
    prefixes.set(label, (prefix = concat(Uint8Array.of(bytes.length), bytes)));
  }
  return prefix;
}
