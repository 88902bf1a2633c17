/**
 * Numbers that people compare to know that nobody stands between them. Specification: docs/protocol/identity.md.
 *
 * Both persons' ids and current root keys go in, sorted, so both read the same number and it changes when
 * either root key does. 5,200 rounds make it dear to search for keys whose digits look alike.
 */
import { concat, hex } from '../../base/bytes.ts';
import type { CryptoBackend } from '../backend.ts';
import { H } from '../hash.ts';
import { compareBytes } from '../identity/device-statements.ts';
import type { Identity } from '../identity/identity.ts';
import { personIdBytes } from '../identity/person-id.ts';
import { labels } from '../labels.ts';

const rounds = 5_200;
const groups = 12;
const bytesPerGroup = 5;

/** Of an identity, or of a card. */
export type Compared = Pick<Identity, 'person' | 'rootKey'>;

/** 12 groups of 5 digits with single spaces, the same whoever is `a`. Takes some 10 ms. */
export function safetyNumber(backend: CryptoBackend, a: Compared, b: Compared): string {
  const [first, second] = [comparedPart(a), comparedPart(b)].sort(compareBytes);
  const persons = concat(first!, second!);
  let hash = H(backend, labels.safetyNumber, persons);
  for (let round = 1; round < rounds; round++) hash = backend.sha512(hash, persons);
  const numbers: string[] = [];
  for (let group = 0; group < groups; group++) {
    // 40 bits to 5 digits: the remainder's bias is below one in ten million.
    let number = 0;
    for (const byte of hash.subarray(group * bytesPerGroup, (group + 1) * bytesPerGroup)) {
      number = number * 256 + byte;
    }
    numbers.push(String(number % 100_000).padStart(5, '0'));
  }
  return numbers.join(' ');
}

/** 8 groups of 4 hex digits over the person id and the current root key; for one's own overview. */
export function fingerprint(backend: CryptoBackend, identity: Compared): string {
  const digits = hex(H(backend, labels.fingerprint, comparedPart(identity)).subarray(0, 16));
  return digits.match(/.{4}/g)!.join(' ');
}

/** Person id and current root key: what is compared of a person, 64 bytes. */
export function comparedPart(identity: Compared): Uint8Array {
  return concat(personIdBytes(identity.person), identity.rootKey);
}
