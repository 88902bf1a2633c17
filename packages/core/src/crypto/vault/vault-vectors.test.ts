/** vectors/storage-key.json, with both backends. */
import { describe, expect, test } from 'vitest';
import { listedKeys } from '../../../test/listed-keys.ts';
import { fromHex, readVectors } from '../../../test/vector-file.ts';
import { hex } from '../../base/bytes.ts';
import type { SecretRow } from '../../base/store.ts';
import { createNativeBackend } from '../native/native-backend.ts';
import { createPortableBackend } from '../portable/portable-backend.ts';
import { nextStorageKey, openRow, profileKey, sealRow } from './vault.ts';

interface RowVector extends Pick<SecretRow, 'kind' | 'key' | 'generation'> {
  storageKey: string;
  sealed: string;
}

const vectors = readVectors<{
  keys: string[];
  profileKey: { pageKey: string; key: string };
  rows: (RowVector & { fresh: string; plaintext: string })[];
  refused: (RowVector & { name: string })[];
}>('storage-key.json');

const backends = [createNativeBackend(), await createPortableBackend()];

describe.each(backends)('$name backend', (backend) => {
  test('the storage key moves forward', () => {
    for (const [index, key] of vectors.keys.slice(1).entries()) {
      expect(hex(nextStorageKey(backend, fromHex(vectors.keys[index])))).toBe(key);
    }
  });

  test('the profile key stands still', () => {
    expect(hex(profileKey(backend, fromHex(vectors.profileKey.pageKey)))).toBe(vectors.profileKey.key);
  });

  test.each(vectors.rows)('row: $kind', ({ storageKey, fresh, plaintext, sealed, ...place }) => {
    const key = fromHex(storageKey);
    const crypto = { backend, keys: listedKeys([fresh]) };
    expect(hex(sealRow(crypto, key, place, fromHex(plaintext)))).toBe(sealed);
    expect(hex(openRow(backend, key, { ...place, sealed: fromHex(sealed) })!)).toBe(plaintext);
  });

  test.each(vectors.refused)('refused: $name', ({ storageKey, sealed, ...place }) => {
    expect(openRow(backend, fromHex(storageKey), { ...place, sealed: fromHex(sealed) })).toBeUndefined();
  });
});
