/** Goal: keys survive, are private, and a profile never gets new ones because its keychain was locked. */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { keychainContract, keysOf } from '../../test/keychain-contract.ts';
import { chooseKeychain, keychainFileName, keyFileName } from './choose-keychain.ts';
import { createKeyFile } from './key-file.ts';
import { createOsKeychain } from './os-keychain.ts';
import { openSystemEntry, type OpenEntry } from './system-entry.ts';

const root = mkdtempSync(join(tmpdir(), 'kith-keychain-'));
afterAll(() => rmSync(root, { recursive: true }));
let count = 0;
const newFolder = (): string => mkdtempSync(join(root, `${count++}-`));
const modeOf = (path: string): number => statSync(path).mode & 0o777;
const never = (): Promise<void> => new Promise(() => undefined);

/** A keychain in memory. `fault`: what it answers instead. */
function fakeSystem(): { openEntry: OpenEntry; secrets: Map<string, Uint8Array>; state: { fault?: Error } } {
  const secrets = new Map<string, Uint8Array>();
  const state: { fault?: Error } = {};
  const check = (): void => {
    if (state.fault !== undefined) throw state.fault;
  };
  const openEntry: OpenEntry = async (account) => ({
    async get() {
      check();
      return secrets.get(account)?.slice();
    },
    async set(secret) {
      check();
      const copy = secret.slice();
      await Promise.resolve(); // Takes its time, as the real one does.
      secrets.set(account, copy);
    },
    async remove() {
      check();
      secrets.delete(account);
    },
  });
  return { openEntry, secrets, state };
}

keychainContract('key file', () => {
  const path = join(newFolder(), keyFileName);
  return { keychain: createKeyFile(path), reopen: () => createKeyFile(path) };
});

keychainContract('a double of the system', () => {
  const path = join(newFolder(), keychainFileName);
  const { openEntry } = fakeSystem();
  return { keychain: createOsKeychain(path, openEntry), reopen: () => createOsKeychain(path, openEntry) };
});

const system = await chooseKeychain(newFolder(), { wanted: '' });
if (system.keychain.kind === 'os') {
  const accounts: string[] = [];
  const openEntry: OpenEntry = (account) => {
    accounts.push(account);
    return openSystemEntry(account);
  };
  afterAll(async () => {
    for (const account of accounts) await (await openSystemEntry(account)).remove();
  });
  keychainContract('the system', () => {
    const path = join(newFolder(), keychainFileName);
    return { keychain: createOsKeychain(path, openEntry), reopen: () => createOsKeychain(path, openEntry) };
  });
} else {
  test.skip('keychain contract: the system (SKIPPED: this machine has no keychain that can be opened)', () =>
    undefined);
}

describe('key file', () => {
  test('is for its owner alone, also when it was not', async () => {
    const path = join(newFolder(), keyFileName);
    const keychain = createKeyFile(path);
    await keychain.write(keysOf(1));
    expect(modeOf(path)).toBe(0o600);
    chmodSync(path, 0o644);
    await keychain.read();
    expect(modeOf(path)).toBe(0o600);
  });

  test('what an interrupted write left behind is neither read nor in the way', async () => {
    const folder = newFolder();
    const path = join(folder, keyFileName);
    const keychain = createKeyFile(path);
    await keychain.write(keysOf(1));
    writeFileSync(`${path}.part`, 'half a rec', { mode: 0o644 });
    expect(await keychain.read()).toEqual(keysOf(1));
    await keychain.write(keysOf(2));
    expect(await keychain.read()).toEqual(keysOf(2));
    expect(modeOf(path)).toBe(0o600);
    expect(readdirSync(folder)).toEqual([keyFileName]);
  });

  test('any flipped bit is noticed, and a newer version is named', async () => {
    const path = join(newFolder(), keyFileName);
    const keychain = createKeyFile(path);
    await keychain.write(keysOf(1));
    const record = readFileSync(path);
    for (let index = 0; index < record.length; index++) {
      const damaged = Buffer.from(record);
      damaged[index]! ^= 4;
      writeFileSync(path, damaged);
      const code = index === 8 ? 'newer-format' : 'corrupt';
      await expect(keychain.read(), `byte ${index}`).rejects.toMatchObject({ code });
    }
    writeFileSync(path, record.subarray(0, 40));
    await expect(keychain.read()).rejects.toMatchObject({ code: 'corrupt' });
  });

  test('a folder that cannot be written is a failed disk, and the keys before stand', async () => {
    const keychain = createKeyFile(join(newFolder(), 'missing', keyFileName));
    await expect(keychain.write(keysOf(1))).rejects.toMatchObject({ code: 'disk-failed' });
    expect(await keychain.read()).toBeUndefined();
  });
});

describe('choice', () => {
  test('the system where it works, and the probe leaves nothing behind', async () => {
    const { openEntry, secrets } = fakeSystem();
    const chosen = await chooseKeychain(newFolder(), { wanted: '', openEntry, waited: never });
    expect(chosen.keychain.kind).toBe('os');
    expect(chosen.sentence).not.toMatch(/WARNING/);
    expect([...secrets]).toEqual([]);
  });

  test('profiles that start at once do not read the probes of each other', async () => {
    const { openEntry } = fakeSystem();
    const met = Promise.withResolvers<void>();
    let probes = 0;
    // Each reads when the other has written.
    const entangled: OpenEntry = async (account) => {
      const entry = await openEntry(account);
      return {
        ...entry,
        set: async (secret) => {
          await entry.set(secret);
          if (++probes === 2) met.resolve();
          await met.promise;
        },
      };
    };
    const options = { wanted: '', openEntry: entangled, waited: never };
    const chosen = await Promise.all([newFolder(), newFolder()].map((each) => chooseKeychain(each, options)));
    expect(chosen.map(({ keychain }) => keychain.kind)).toEqual(['os', 'os']);
  });

  test('else a file, with a loud sentence: no keychain, one that lies, one that never answers', async () => {
    const { openEntry, state } = fakeSystem();
    state.fault = new Error('planted: no keychain');
    const liar: OpenEntry = async () => ({
      get: async () => new Uint8Array(32),
      set: async () => undefined,
      remove: async () => undefined,
    });
    const silent: OpenEntry = () => new Promise(() => undefined);
    const inTime = async (): Promise<void> => undefined;
    for (const [entry, waited] of [
      [openEntry, never],
      [liar, never],
      [silent, inTime],
    ] as const) {
      const chosen = await chooseKeychain(newFolder(), { wanted: '', openEntry: entry, waited });
      expect(chosen.keychain.kind).toBe('file');
      expect(chosen.sentence).toMatch(/^WARNING/);
    }
  });

  test('a profile stays where its keys are', async () => {
    const { openEntry, state } = fakeSystem();
    const options = { wanted: '', openEntry, waited: never };
    const inFile = newFolder();
    await (await chooseKeychain(inFile, { ...options, wanted: 'file' })).keychain.write(keysOf(1));
    const again = await chooseKeychain(inFile, options);
    expect([again.keychain.kind, await again.keychain.read()]).toEqual(['file', keysOf(1)]);

    const inSystem = newFolder();
    await (await chooseKeychain(inSystem, options)).keychain.write(keysOf(2));
    expect(await (await chooseKeychain(inSystem, options)).keychain.read()).toEqual(keysOf(2));
    state.fault = new Error('planted: locked');
    await expect(chooseKeychain(inSystem, options)).rejects.toMatchObject({ code: 'wrong-key' });
    await expect(chooseKeychain(inSystem, { ...options, wanted: 'file' })).rejects.toMatchObject({
      code: 'usage',
    });
    await expect(chooseKeychain(inFile, { ...options, wanted: 'os' })).rejects.toMatchObject({
      code: 'usage',
    });
  });

  test('what was asked for is done or refused, never something else', async () => {
    const { openEntry, state } = fakeSystem();
    const options = { openEntry, waited: never };
    expect((await chooseKeychain(newFolder(), { ...options, wanted: 'file' })).keychain.kind).toBe('file');
    expect((await chooseKeychain(newFolder(), { ...options, wanted: 'os' })).keychain.kind).toBe('os');
    state.fault = new Error('planted: none');
    await expect(chooseKeychain(newFolder(), { ...options, wanted: 'os' })).rejects.toMatchObject({
      code: 'wrong-key',
    });
    await expect(chooseKeychain(newFolder(), { ...options, wanted: 'cloud' })).rejects.toMatchObject({
      code: 'usage',
    });
  });

  test('a keychain that was locked for a moment opens later, and moved folders keep their keys', async () => {
    const { openEntry, state } = fakeSystem();
    const folder = newFolder();
    const { keychain } = await chooseKeychain(folder, { wanted: '', openEntry, waited: never });
    await keychain.write(keysOf(1));
    state.fault = new Error('planted: locked');
    await expect(keychain.read()).rejects.toMatchObject({ code: 'wrong-key' });
    await expect(keychain.write(keysOf(2))).rejects.toMatchObject({ code: 'wrong-key' });
    delete state.fault;
    expect(await keychain.read()).toEqual(keysOf(1));
    const entry = readFileSync(join(folder, keychainFileName));
    const moved = newFolder();
    writeFileSync(join(moved, keychainFileName), entry);
    const there = await chooseKeychain(moved, { wanted: '', openEntry, waited: never });
    expect(await there.keychain.read()).toEqual(keysOf(1));
  });
});
