/**
 * The keys of a profile as bytes, the same in a file and in the system's keychain:
 * "kithkeys" (8) · version 1 (1) · generation (8, big-endian) · page key (32) · storage key (32) · the first 8
 * bytes of the SHA-256 of all that, which tells a damaged record from a wrong key.
 */
import { createHash } from 'node:crypto';
import { bytesEqual, concat, u64be, utf8 } from '@kith/core/base/bytes';
import { KithError } from '@kith/core/base/errors';
import type { ProfileKeys } from '../driver/adapters.ts';

const magic = utf8('kithkeys');
const version = 1;
const recordBytes = 8 + 1 + 8 + 32 + 32 + 8;

/** @throws RangeError where a key has not 32 bytes or the generation is no integer from 0 to 2^53 - 1. */
export function encodeKeys({ pageKey, storageKey, generation }: ProfileKeys): Uint8Array {
  if (pageKey.length !== 32 || storageKey.length !== 32) throw new RangeError('each key has 32 bytes');
  if (!Number.isSafeInteger(generation) || generation < 0) throw new RangeError(`generation: ${generation}`);
  const body = concat(magic, Uint8Array.of(version), u64be(generation), pageKey, storageKey);
  return concat(body, checkOf(body));
}

/** @throws KithError `corrupt` where the record is damaged, `newer-format` where its version is unknown. */
export function decodeKeys(record: Uint8Array): ProfileKeys {
  const hasMagic = bytesEqual(record.subarray(0, 8), magic);
  if (hasMagic && record.length > 8 && record[8] !== version) throw new KithError('newer-format');
  const body = record.subarray(0, recordBytes - 8);
  if (!hasMagic || record.length !== recordBytes || !bytesEqual(record.subarray(-8), checkOf(body))) {
    throw new KithError('corrupt', 'The keys of this profile are damaged. Nothing was changed.');
  }
  const generation = new DataView(record.buffer, record.byteOffset + 9, 8).getBigUint64(0);
  return { pageKey: record.slice(17, 49), storageKey: record.slice(49, 81), generation: Number(generation) };
}

function checkOf(body: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(body).digest()).subarray(0, 8);
}
