/**
 * What one screen shows and the other's camera reads, so that two people compare whole hashes rather than 60 digits.
 * Specification: docs/protocol/identity.md. Vectors: vectors/identity.json.
 *
 * The code names whose screen it is on, so that a picture of our own screen is never taken for theirs.
 */
import { bech32m } from '@scure/base';
import { concat } from '../../base/bytes.ts';
import type { CryptoBackend } from '../backend.ts';
import { H } from '../hash.ts';
import { labels } from '../labels.ts';
import { type Compared, comparedPart } from './fingerprint.ts';

const prefix = 'kithcode';
const version = 1;
const hashBytes = 32;
/** Longer than any code; a later version may say more. */
const lengthMax = 256;

/** What a camera read. `own-screen`: it is a code of ours. `no-code`: no intact code at all. `newer`: of a later version. */
export type Scan = 'equal' | 'different' | 'own-screen' | 'no-code' | 'newer';

/** 119 characters, upper case, as QR codes prefer it. */
export function compareCode(backend: CryptoBackend, persons: { own: Compared; their: Compared }): string {
  const payload = concat(
    Uint8Array.of(version),
    hashOf(backend, persons.own),
    hashOf(backend, persons.their),
  );
  return bech32m.encode(prefix, bech32m.toWords(payload), false).toUpperCase();
}

/**
 * Whether the text is what their screen shows when there is nobody between us: their keys as theirs, ours as those of
 * the other. In constant time for every intact code.
 */
export function judgeCode(
  backend: CryptoBackend,
  text: string,
  persons: { own: Compared; their: Compared },
): Scan {
  const payload = payloadOf(text);
  if (payload === undefined) return 'no-code';
  if (payload[0] !== version) return payload[0]! > version ? 'newer' : 'no-code';
  if (payload.length !== 1 + 2 * hashBytes) return 'no-code';
  const [screen, other] = [payload.subarray(1, 1 + hashBytes), payload.subarray(1 + hashBytes)];
  const own = hashOf(backend, persons.own);
  const isTheirs = backend.equal(screen, hashOf(backend, persons.their));
  const isOurs = backend.equal(other, own);
  if (backend.equal(screen, own)) return 'own-screen';
  return isTheirs && isOurs ? 'equal' : 'different';
}

function payloadOf(text: string): Uint8Array | undefined {
  if (text.length > lengthMax) return undefined;
  const trimmed = text.trim();
  // ASCII first: some letters outside it have an ASCII letter as their lower case.
  if (!/^[a-z0-9]+$/i.test(trimmed)) return undefined;
  const decoded = bech32m.decodeUnsafe(trimmed, lengthMax);
  if (!decoded || decoded.prefix !== prefix) return undefined;
  const payload = bech32m.fromWordsUnsafe(decoded.words);
  return payload && payload.length > 0 ? payload : undefined;
}

function hashOf(backend: CryptoBackend, person: Compared): Uint8Array {
  return H(backend, labels.compareCode, comparedPart(person)).subarray(0, hashBytes);
}
