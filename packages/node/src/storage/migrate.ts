/**
 * Brings a database to the schema of this program, one numbered step after another, in one transaction.
 *
 * Invariants: a file with content is copied before its schema changes; a schema this program does not know
 * is refused and left as it is.
 */
import {
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { KithError } from '@kith/core/base/errors';
import { syncFolder } from './files.ts';
import { foundation } from './migrations/0001-foundation.ts';
import { changes } from './migrations/0002-changes.ts';
import { conversations } from './migrations/0003-conversations.ts';
import { wordsDue } from './migrations/0004-words-due.ts';
import { sessionResets } from './migrations/0005-session-resets.ts';
import { connect, storageError, type Connection } from './sqlite.ts';

/** "Kith" in ASCII: says whose file this is, to those who can open it. */
const applicationId = 0x4b697468;

/** How long the way back to an earlier program stays open. A copy holds what was deleted since, so it must not stay for ever. */
export const copyMsMax: number = 14 * 86_400_000;

/** SQL from schema n to schema n + 1 stands at place n. Append only. */
export const migrations: readonly string[] = [foundation, changes, conversations, wordsDue, sessionResets];

/**
 * Opens and migrates. The caller holds the lock of the profile.
 * @returns a connection whose schema is the newest of `steps`.
 * @throws KithError `newer-schema` and everything `connect` throws; the file is then as it was.
 */
export function connectMigrated(
  path: string,
  key: Uint8Array,
  steps: readonly string[] = migrations,
): Connection {
  let connection = connect(path, key);
  try {
    const version = schemaOf(connection);
    if (version > steps.length) throw new KithError('newer-schema');
    if (version === steps.length) return connection;
    if (version > 0) {
      connection.pragma('wal_checkpoint(TRUNCATE)');
      connection.close(); // Only a closed file is whole on the disk.
      keepCopy(path, `${path}.schema-${version}`);
      connection = connect(path, key);
    }
    connection.exec('BEGIN IMMEDIATE');
    for (const step of steps.slice(version)) connection.exec(step);
    connection.pragma(`application_id = ${applicationId}`);
    connection.pragma(`user_version = ${steps.length}`);
    connection.exec('COMMIT');
    return connection;
  } catch (cause) {
    if (connection.inTransaction) connection.exec('ROLLBACK');
    connection.close();
    throw storageError(cause);
  }
}

function schemaOf(connection: Connection): number {
  const owner = connection.pragma('application_id', { simple: true });
  const version = connection.pragma('user_version', { simple: true });
  const tables = connection
    .prepare<[], { count: number }>('SELECT count(*) AS count FROM sqlite_schema')
    .get();
  if (owner === 0 && version === 0 && tables?.count === 0) return 0;
  if (owner !== applicationId || typeof version !== 'number') {
    throw new KithError('corrupt', 'This file is not a database of Kith. Nothing was changed.');
  }
  return version;
}

/**
 * Removes copies made before migrations that are older than {@link copyMsMax}. One that cannot be removed now is tried again with
 * the next start.
 */
export function removeOldCopies(path: string, wallMs: number): void {
  const folder = dirname(path);
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(`${basename(path)}.schema-`)) continue;
    const copy = join(folder, name);
    try {
      if (wallMs - statSync(copy).mtimeMs > copyMsMax) rmSync(copy);
    } catch {
      // The node works without it, and with it.
    }
  }
}

/** A durable copy under a name it gets only when it is whole. One from an earlier attempt is replaced. */
function keepCopy(from: string, to: string): void {
  copyFileSync(from, `${to}.part`, constants.COPYFILE_FICLONE);
  const copy = openSync(`${to}.part`, 'r+');
  try {
    fsyncSync(copy);
  } finally {
    closeSync(copy);
  }
  renameSync(`${to}.part`, to);
  syncFolder(dirname(to));
}
