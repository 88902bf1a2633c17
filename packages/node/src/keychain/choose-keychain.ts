/**
 * Where the keys of a profile are kept: in the keychain of the operating system where it works, else in a file,
 * with a sentence that says what this means. A profile that has its keys in one place keeps them there.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bytesEqual, hex } from '@kith/core/base/bytes';
import { KithError } from '@kith/core/base/errors';
import type { Keychain } from '../driver/adapters.ts';
import { createKeyFile } from './key-file.ts';
import { createOsKeychain, unreachableKeychain } from './os-keychain.ts';
import { openSystemEntry, type OpenEntry } from './system-entry.ts';

export const keyFileName = 'keys';
export const keychainFileName = 'keychain';

// A guess: a keychain that answers at all answers in milliseconds; a person asked to unlock it may be away.
const probeMsMax = 3_000;

export interface KeychainOptions {
  /** `KITH_KEYCHAIN`: `os`, `file`, or empty to choose. */
  wanted?: string | undefined;
  /** For tests: the keychain of the system. */
  openEntry?: OpenEntry;
  /** For tests: resolves when the keychain has been waited for long enough. */
  waited?: () => Promise<void>;
}

export interface ChosenKeychain {
  keychain: Keychain;
  /** For people: where the keys are, and what that means. To be shown at the start. */
  sentence: string;
}

/**
 * @param profileFolder - must exist, and be readable by its owner alone.
 * @throws KithError `wrong-key` where the keys are in, or were asked to be in, a keychain that cannot be opened;
 *   `usage` where `KITH_KEYCHAIN` is neither `os` nor `file`, or contradicts where the keys are.
 */
export async function chooseKeychain(
  profileFolder: string,
  options: KeychainOptions = {},
): Promise<ChosenKeychain> {
  const {
    wanted = process.env['KITH_KEYCHAIN'] ?? '',
    openEntry = openSystemEntry,
    waited = waitForProbe,
  } = options;
  if (!['', 'os', 'file'].includes(wanted)) {
    throw new KithError('usage', `KITH_KEYCHAIN is "os" or "file", not "${wanted}".`);
  }
  const filePath = join(profileFolder, keyFileName);
  const entryPath = join(profileFolder, keychainFileName);
  const held = existsSync(filePath) ? 'file' : existsSync(entryPath) ? 'os' : undefined;
  if (held !== undefined && wanted !== '' && wanted !== held) {
    throw new KithError(
      'usage',
      `The keys of this profile are kept by "${held}". KITH_KEYCHAIN says otherwise.`,
    );
  }
  const choice = held ?? (wanted === '' ? undefined : wanted);
  if (choice === 'file') return inFile(filePath);
  if (await works(openEntry, waited)) {
    const sentence = 'The keys of this profile are in the keychain of the system.';
    return { keychain: createOsKeychain(entryPath, openEntry), sentence };
  }
  if (choice === 'os') throw unreachableKeychain();
  return inFile(filePath);
}

function inFile(path: string): ChosenKeychain {
  const sentence =
    `WARNING: the keys of this profile are in a file (${path}), not in a keychain. Whoever can read your files, ` +
    'or a copy of them, can read everything in this profile; and an old copy put back is not noticed.';
  return { keychain: createKeyFile(path), sentence };
}

/** Whether a secret can be written, read and removed, in time. */
async function works(openEntry: OpenEntry, waited: () => Promise<void>): Promise<boolean> {
  const secret = new Uint8Array(randomBytes(32));
  const probe = async (): Promise<boolean> => {
    // An entry of its own: another profile that starts now would overwrite ours, and each take the other's for a fault.
    const entry = await openEntry(`probe ${hex(secret.subarray(0, 8))}`);
    await entry.set(secret);
    const read = await entry.get();
    await entry.remove();
    return read !== undefined && bytesEqual(read, secret);
  };
  const tooLate = waited().then(() => false);
  // Any failure means the same: there is no keychain to rely on.
  return await Promise.race([probe().catch(() => false), tooLate]);
}

function waitForProbe(): Promise<void> {
  // Unreferenced: a probe that answered must not keep the process from ending.
  return new Promise((resolve) => void setTimeout(resolve, probeMsMax).unref());
}
