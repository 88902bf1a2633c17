/**
 * Sealing of secret rows under a storage key that moves forward and forgets.
 * Specification: docs/protocol/storage-key.md.
 *
 * A sealed row is bound to its kind, key and generation: moved to another place it does not open. The nonce is
 * hedged, derived from fresh bytes and the plaintext, so that a cloned profile that draws the same bytes never
 * seals two plaintexts under one nonce. Layout: nonce24 | ciphertext | tag16.
 */
import { concat, u64be, utf8 } from '../../base/bytes.ts';
import { invariant } from '../../base/invariant.ts';
import type { SecretRow } from '../../base/store.ts';
import type { CryptoBackend } from '../backend.ts';
import type { Crypto } from '../crypto.ts';
import { H } from '../hash.ts';
import { labels } from '../labels.ts';

const nonceBytes = 24;
const sealedBytesMax = 65_536;

/** A row's bytes, 40 longer than the plaintext. `key`: 32 bytes. `plaintext` at most 65,496 bytes. */
// oxlint-disable-next-line max-params -- context and key, then what is sealed and where it belongs
export function sealRow(
  crypto: Crypto,
  key: Uint8Array,
  place: Pick<SecretRow, 'kind' | 'key' | 'generation'>,
  plaintext: Uint8Array,
): Uint8Array {
  const { backend, keys } = crypto;
  invariant(plaintext.length + nonceBytes + 16 <= sealedBytesMax, 'a sealed row has at most 64 KiB');
  const { rowKey, nonceKey } = rowKeys(backend, key);
  const ad = placeBytes(place);
  const nonce = backend.blake2b(nonceBytes, nonceKey, keys.bytes(nonceBytes), ad, plaintext);
  const sealed = concat(nonce, backend.xchachaSeal(rowKey, nonce, ad, plaintext));
  backend.wipe(rowKey);
  backend.wipe(nonceKey);
  return sealed;
}

/** The plaintext, or undefined where key, place or bytes are not those of the sealing. */
export function openRow(backend: CryptoBackend, key: Uint8Array, row: SecretRow): Uint8Array | undefined {
  const { sealed } = row;
  if (sealed.length < nonceBytes + 16 || sealed.length > sealedBytesMax) return undefined;
  const { rowKey, nonceKey } = rowKeys(backend, key);
  const nonce = sealed.subarray(0, nonceBytes);
  const plaintext = backend.xchachaOpen(rowKey, nonce, placeBytes(row), sealed.subarray(nonceBytes));
  backend.wipe(rowKey);
  backend.wipe(nonceKey);
  return plaintext;
}

/** K(n+1) of K(n), in locked memory. There is no way back. The old key is the caller's to wipe. */
export function nextStorageKey(backend: CryptoBackend, key: Uint8Array): Uint8Array {
  invariant(key.length === 32, 'a storage key has 32 bytes');
  const hash = H(backend, labels.storageKey, key);
  const next = backend.secrets.allocate(32);
  next.set(hash.subarray(0, 32));
  backend.wipe(hash);
  return next;
}

/** 32 bytes: the fixed key of rows that outlive a restored copy, from the page key of the database. */
export function profileKey(backend: CryptoBackend, pageKey: Uint8Array): Uint8Array {
  invariant(pageKey.length === 32, 'a page key has 32 bytes');
  return H(backend, labels.profileKey, pageKey).subarray(0, 32);
}

/** Two keys of 32 bytes: one that seals, one that makes nonces. */
function rowKeys(backend: CryptoBackend, key: Uint8Array): { rowKey: Uint8Array; nonceKey: Uint8Array } {
  invariant(key.length === 32, 'a storage key has 32 bytes');
  const both = H(backend, labels.sealedRow, key);
  return { rowKey: both.subarray(0, 32), nonceKey: both.subarray(32) };
}

/** u8 length of kind | kind | u64 generation | key. */
function placeBytes({ kind, key, generation }: Pick<SecretRow, 'kind' | 'key' | 'generation'>): Uint8Array {
  const kindBytes = utf8(kind);
  return concat(Uint8Array.of(kindBytes.length), kindBytes, u64be(generation), utf8(key));
}
