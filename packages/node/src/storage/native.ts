/**
 * The native module and its types: the interface of better-sqlite3, and one method for the key of the file.
 * It ships no declaration its package lets us see, which is why it is required here and given a type.
 */
import { createRequire } from 'node:module';
import type Plain from 'better-sqlite3';

export interface NativeDatabase extends Plain.Database {
  /** To be called before the first read. */
  key(key: Buffer): number;
}

interface Native {
  new (path: string, options?: Plain.Options): NativeDatabase;
  SqliteError: typeof Plain.SqliteError;
}

export const Sqlite: Native = createRequire(import.meta.url)('better-sqlite3-multiple-ciphers');
