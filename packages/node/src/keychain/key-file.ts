/**
 * Keys in a file of the profile that its owner alone may read. Protects against other accounts of the machine,
 * and against nobody who holds the disk or a copy of it.
 */
import { chmodSync, closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { KithError } from '@kith/core/base/errors';
import type { Keychain } from '../driver/adapters.ts';
import { syncFolder } from '../storage/files.ts';
import { decodeKeys, encodeKeys } from './keys-record.ts';

/** @param path - in the folder of the profile, which must exist. */
export function createKeyFile(path: string): Keychain {
  return {
    kind: 'file',
    // Small, rare and ordered: synchronous calls cannot overtake each other.
    read: async () => {
      const record = readIfThere(path);
      if (record === undefined) return undefined;
      chmodSync(path, 0o600);
      return decodeKeys(record);
    },
    write: async (keys) => {
      const record = encodeKeys(keys);
      try {
        replaceDurably(path, record);
      } catch (cause) {
        throw writeError(cause);
      } finally {
        record.fill(0);
      }
    },
  };
}

/** Writes a file that nobody else may read. After a power cut there is the old content or the new. */
export function replaceDurably(path: string, content: Uint8Array): void {
  const before = openIfThere(path);
  try {
    const fresh = openSync(`${path}.part`, 'w', 0o600);
    try {
      chmodSync(`${path}.part`, 0o600); // One left behind by an earlier attempt keeps its mode.
      writeSync(fresh, content);
      fsyncSync(fresh);
    } finally {
      closeSync(fresh);
    }
    renameSync(`${path}.part`, path);
    syncFolder(dirname(path));
    if (before !== undefined) wipe(before, content.length);
  } finally {
    if (before !== undefined) closeSync(before);
  }
}

// The old key must go. As far as the disk and its file system overwrite in place: many do not.
function wipe(file: number, length: number): void {
  writeSync(file, new Uint8Array(length), 0, length, 0);
  fsyncSync(file);
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r+');
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw cause;
  }
}

function readIfThere(path: string): Uint8Array | undefined {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw new KithError('disk-failed', `The key file ${path} cannot be read.`, { cause });
  }
}

function writeError(cause: unknown): KithError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return new KithError(code === 'ENOSPC' || code === 'EDQUOT' ? 'disk-full' : 'disk-failed', undefined, {
    cause,
  });
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}
