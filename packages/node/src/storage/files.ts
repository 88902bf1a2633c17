/** The folder of a profile and the files in it: for nobody else on the machine, and durable once created. */
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

/** Makes the folder, and takes every right of others away from it. Calling twice is safe. */
export function privateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
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
