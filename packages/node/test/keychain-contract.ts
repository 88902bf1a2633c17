/** What every place for keys must do. Run against the key file, the system's keychain and a double of it. */
import { bytesOf } from '../../core/test/store-rows.ts';
import { describe, expect, test } from 'vitest';
import type { Keychain, ProfileKeys } from '../src/driver/adapters.ts';

export const keysOf = (n: number): ProfileKeys => ({
  pageKey: bytesOf(n, 32),
  storageKey: bytesOf(n + 1, 32),
  generation: n,
});

/** @param make - opens a fresh, empty place; `reopen` is what a later start of the program would see. */
export function keychainContract(
  name: string,
  make: () => { keychain: Keychain; reopen: () => Keychain },
): void {
  describe(`keychain contract: ${name}`, () => {
    test('holds nothing at first, and then what was written last', async () => {
      const { keychain, reopen } = make();
      expect(await keychain.read()).toBeUndefined();
      await keychain.write(keysOf(1));
      expect(await keychain.read()).toEqual(keysOf(1));
      await keychain.write({ ...keysOf(2), generation: Number.MAX_SAFE_INTEGER });
      const last = { ...keysOf(2), generation: Number.MAX_SAFE_INTEGER };
      expect(await keychain.read()).toEqual(last);
      expect(await reopen().read()).toEqual(last);
    });

    test('the last of several writes wins', async () => {
      const { keychain } = make();
      await Promise.all([1, 2, 3, 4, 5].map((n) => keychain.write(keysOf(n))));
      expect(await keychain.read()).toEqual(keysOf(5));
    });

    test('keys that were handed over may be wiped', async () => {
      const { keychain } = make();
      const keys = keysOf(1);
      const written = keychain.write(keys);
      keys.pageKey.fill(0);
      keys.storageKey.fill(0);
      await written;
      const read = await keychain.read();
      expect(read).toEqual(keysOf(1));
      read?.storageKey.fill(0);
      expect(await keychain.read()).toEqual(keysOf(1));
    });

    test('keys of a wrong shape are refused', async () => {
      const { keychain } = make();
      const refused = async (keys: ProfileKeys): Promise<void> => keychain.write(keys);
      await expect(refused({ ...keysOf(1), pageKey: new Uint8Array(31) })).rejects.toThrow(RangeError);
      await expect(refused({ ...keysOf(1), generation: -1 })).rejects.toThrow(RangeError);
      expect(await keychain.read()).toBeUndefined();
    });
  });
}
