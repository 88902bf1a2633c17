/**
 * Keys in the keychain of the operating system. Which entry is this profile's stands in a small file of the
 * profile, so that a moved folder keeps its keys and a restored copy meets the newer ones.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hex, utf8 } from '@kith/core/base/bytes';
import { KithError } from '@kith/core/base/errors';
import type { Keychain } from '../driver/adapters.ts';
import { replaceDurably } from './key-file.ts';
import { decodeKeys, encodeKeys } from './keys-record.ts';
import type { OpenEntry, SystemEntry } from './system-entry.ts';

/** @param path - of the small file; need not exist yet. */
export function createOsKeychain(path: string, openEntry: OpenEntry): Keychain {
  let opened: Promise<SystemEntry> | undefined;
  let last: Promise<void> = Promise.resolve();
  const guarded = async <Result>(work: (entry: SystemEntry) => Promise<Result>): Promise<Result> => {
    try {
      opened ??= openEntry(accountOf(path));
      return await work(await opened);
    } catch (cause) {
      opened = undefined;
      if (cause instanceof KithError) throw cause;
      throw unreachableKeychain(cause);
    }
  };
  return {
    kind: 'os',
    read: () =>
      guarded(async (entry) => {
        const record = await entry.get();
        return record === undefined ? undefined : decodeKeys(record);
      }),
    write(keys) {
      const record = encodeKeys(keys);
      // One after the other, whatever became of the one before: the last call must win.
      const written = last.then(() => guarded((entry) => entry.set(record)));
      last = written.catch(() => undefined).finally(() => record.fill(0));
      return written;
    },
  };
}

/** The keys exist, or were asked for there, and cannot be had now. */
export function unreachableKeychain(cause?: unknown): KithError {
  return new KithError(
    'wrong-key',
    'The keychain of the system cannot be opened. Unlock it, then try again. Nothing was changed.',
    { cause },
  );
}

function accountOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    // None yet: this is a new profile.
    const account = `profile ${hex(randomBytes(16))}`;
    replaceDurably(path, utf8(`${account}\n`));
    return account;
  }
}
