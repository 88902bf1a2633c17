/** The folder of a profile and the files in it: for nobody else on the machine, and durable once created. */
import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { KithError } from '@kith/core/base/errors';

/** Makes the folder, and takes every right of others away from it. Calling twice is safe. */
export function privateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
}

/** What shows that a folder is a profile: the file that a start makes first, and those that must not be lost. */
const profileFiles = ['node.lock', 'kith.db', 'keys', 'keychain'];

/**
 * Makes the folder of a profile private. A folder that others may enter and that holds other things is left as it is:
 * closing it, such as `/tmp` or a shared one, would break what it is for.
 *
 * @throws KithError `usage` - it is such a folder. `disk-full` or `disk-failed` - it cannot be made or used.
 */
export function profileFolder(folder: string): void {
  try {
    const found = statSync(folder, { throwIfNoEntry: false });
    if (found?.isDirectory() === true && (found.mode & 0o077) !== 0 && process.platform !== 'win32') {
      const entries = readdirSync(folder).filter((entry) => entry !== 'lost+found');
      if (entries.length > 0 && !entries.some((entry) => profileFiles.includes(entry))) {
        throw new KithError(
          'usage',
          `The folder ${folder} is open to others and holds other things. Choose an empty or a new one with --data.`,
        );
      }
    }
    privateFolder(folder);
  } catch (cause) {
    if (cause instanceof KithError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
    throw new KithError(
      code === 'ENOSPC' || code === 'EDQUOT' ? 'disk-full' : 'disk-failed',
      code === 'ENOSPC' || code === 'EDQUOT'
        ? undefined
        : `The folder ${folder} cannot be used for a profile (${code}).`,
      { cause },
    );
  }
}

/** Makes sure that a file exists, is readable by us alone, and is entered in its folder durably. */
export function privateFile(path: string): void {
  const file = openSync(path, 'a', 0o600);
  closeSync(file);
  chmodSync(path, 0o600);
  syncFolder(dirname(path));
}

/** Writes the entries of a folder to the disk: without it a power cut may take back a new or renamed file. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return; // Folders cannot be opened there; NTFS journals their entries.
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** What a file and its log take on the disk, and what is free there. */
export function diskUse(path: string): { databaseBytes: number; freeBytes: number | undefined } {
  const sizes = [path, `${path}-wal`].map((each) => statSync(each, { throwIfNoEntry: false })?.size ?? 0);
  return { databaseBytes: sizes.reduce((sum, size) => sum + size, 0), freeBytes: freeBytesAt(dirname(path)) };
}

function freeBytesAt(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return undefined; // Some network disks do not say.
  }
}
