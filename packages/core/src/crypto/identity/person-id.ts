/** Person ids as text: `kith1…`, bech32m (BIP 350) over 32 bytes. Specification: docs/protocol/identity.md. */
import { bech32m } from '@scure/base';
import type { PersonId } from '../../base/ids.ts';
import { invariant } from '../../base/invariant.ts';

const prefix = 'kith';
/** `kith1`, 52 characters for 32 bytes, 6 of checksum. */
const textLength = 63;

/** The id of a 32-byte hash. */
export function personIdText(hash32: Uint8Array): PersonId {
  invariant(hash32.length === 32, 'a person id is over 32 bytes');
  return bech32m.encode(prefix, bech32m.toWords(hash32)) as PersonId;
}

/**
 * The id in a text somebody typed or scanned, in its one spelling, or undefined. Surrounding white space and
 * upper case are accepted; the checksum catches every single wrong character.
 */
export function parsePersonId(text: string): PersonId | undefined {
  if (text.length > 256) return undefined; // Whatever it is, it is no id with white space around it.
  const trimmed = text.trim();
  // ASCII first: some letters outside it have an ASCII letter as their lower case.
  if (trimmed.length !== textLength || !/^[a-z0-9]+$/i.test(trimmed)) return undefined;
  const decoded = bech32m.decodeUnsafe(trimmed);
  if (!decoded || decoded.prefix !== prefix) return undefined;
  const hash = bech32m.fromWordsUnsafe(decoded.words);
  return hash && hash.length === 32 ? personIdText(hash) : undefined;
}

/** The 32 bytes an id stands for. */
export function personIdBytes(person: PersonId): Uint8Array {
  return bech32m.fromWords(bech32m.decode(person).words);
}
