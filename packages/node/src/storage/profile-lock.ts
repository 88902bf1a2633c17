/**
 * One node per profile. The lock is the operating system's on an empty file, held through SQLite because
 * Node has no call for it: it dies with the process, so that there is no stale lock to clean up.
 *
 * The lock file must not be opened by anything else in this process: closing a file gives up every lock that
 * the process has on it (POSIX).
 */
import { privateFile } from './files.ts';
import { Sqlite, type NativeDatabase } from './native.ts';
import { storageError } from './sqlite.ts';

export interface ProfileLock {
  release(): void;
}

/** @throws KithError `profile-in-use` at once when another process, or this one, holds it. */
export function lockProfile(path: string): ProfileLock {
  let connection: NativeDatabase | undefined;
  try {
    privateFile(path);
    connection = new Sqlite(path, { timeout: 0, fileMustExist: true });
    connection.pragma('journal_mode = MEMORY'); // Else there would be an empty journal beside it.
    connection.exec('BEGIN EXCLUSIVE'); // Nothing is ever written in it; the file stays empty.
    const held = connection;
    return { release: () => void held.close() };
  } catch (cause) {
    connection?.close();
    throw storageError(cause);
  }
}
