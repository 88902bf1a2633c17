/**
 * Tells a wrong key from a damaged first page, which to the cipher look the same: a value derived from the key,
 * kept beside the database. Only a hint for the sentence shown; whether a key opens the file, the file decides.
 */
import { createHmac } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Kept at `path` for `pageKey`. Calling again changes nothing. */
export function keepKeyCheck(path: string, pageKey: Uint8Array): void {
  if (!existsSync(path)) writeFileSync(path, checkOf(pageKey), { mode: 0o600 });
}

/** Whether this very key was used when the check was kept. False where there is none. */
export function keyCheckMatches(path: string, pageKey: Uint8Array): boolean {
  return existsSync(path) && readFileSync(path).equals(checkOf(pageKey));
}

// The key is random, and so says nothing that can be tried out against this.
function checkOf(pageKey: Uint8Array): Buffer {
  return createHmac('sha256', pageKey).update('kith/page-key-check/1').digest();
}
