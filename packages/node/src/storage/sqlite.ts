/**
 * A connection to the encrypted file, and what its errors mean.
 *
 * Opens with page encryption (ChaCha20-Poly1305, a random key used as it is), a write-ahead log and
 * `synchronous=FULL`: when a commit returned, a power cut does not take it back.
 */
import { KithError, type ErrorCode } from '@kith/core/base/errors';
import { Sqlite, type NativeDatabase } from './native.ts';

export type Connection = NativeDatabase;
export type Value = string | number | bigint | Uint8Array | null;

/** A prepared statement whose rows are `Row`: the columns its SQL names. Not checked at run time. */
export interface Statement<Row> {
  run(...values: Value[]): { changes: number; lastInsertRowid: number | bigint };
  get(...values: Value[]): Row | undefined;
  all(...values: Value[]): Row[];
  /** Row by row; nothing may be written before its end. */
  iterate(...values: Value[]): Iterable<Row>;
}

/** Prepares once; the caller keeps the statement. */
export function prepare<Row = Record<never, never>>(connection: Connection, sql: string): Statement<Row> {
  return connection.prepare<Value[], Row>(sql);
}

const pragmas = [
  'journal_mode = WAL',
  // This build's default in WAL mode is NORMAL, which loses acknowledged commits in a power cut.
  'synchronous = FULL',
  'secure_delete = ON',
  // Sorting spills would leave plaintext in temporary files.
  'temp_store = MEMORY',
  // 16 MiB of log before it is moved into the file. Larger: fewer pages encrypted twice, slower recovery.
  'wal_autocheckpoint = 4096',
  // After a checkpoint the log shrinks to this at most.
  'journal_size_limit = 33554432',
  'cache_size = -16000',
  'trusted_schema = OFF',
  'cell_size_check = ON',
];

/**
 * Opens the file with the key. The file must exist; an empty one becomes a database.
 * @param key - 32 bytes.
 * @throws KithError `wrong-key`, `profile-in-use`, `corrupt`, `disk-full` or `disk-failed`.
 */
export function connect(path: string, key: Uint8Array): Connection {
  let connection: Connection | undefined;
  try {
    connection = new Sqlite(path, { timeout: 0, fileMustExist: true });
    connection.pragma(`cipher = 'chacha20'`);
    // "raw:" and hex: the key itself. Without it, the bytes would be stretched as if they were a passphrase.
    const rawKey = Buffer.from(`raw:${Buffer.from(key).toString('hex')}`);
    connection.key(rawKey);
    rawKey.fill(0);
    // Before the first read: a second process meets SQLITE_BUSY at once, and the index of the log stays in
    // memory, where no full disk can hinder it and no other process can spoil it.
    connection.pragma('locking_mode = EXCLUSIVE');
    // The first read shows whether the key fits. Only then may anything be changed.
    connection.pragma('user_version');
    for (const pragma of pragmas) connection.pragma(pragma);
    connection.exec('BEGIN IMMEDIATE; COMMIT;'); // Takes the exclusive lock now, not at the first write.
    return connection;
  } catch (cause) {
    connection?.close();
    if (codeOf(cause) === 'SQLITE_NOTADB') throw new KithError('wrong-key', undefined, { cause });
    throw storageError(cause);
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Sqlite.SqliteError ? cause.code : '';
}

const meanings: readonly (readonly [prefix: string, code: ErrorCode])[] = [
  ['SQLITE_FULL', 'disk-full'],
  ['SQLITE_CORRUPT', 'corrupt'],
  ['SQLITE_NOTADB', 'corrupt'],
  // A page whose authentication tag does not fit: the cipher reports it as a failed read.
  ['SQLITE_IOERR_AUTH', 'corrupt'],
  ['SQLITE_IOERR_DATA', 'corrupt'],
  ['SQLITE_IOERR', 'disk-failed'],
  ['SQLITE_READONLY', 'disk-failed'],
  ['SQLITE_CANTOPEN', 'disk-failed'],
  ['SQLITE_PERM', 'disk-failed'],
  ['SQLITE_BUSY', 'profile-in-use'],
  ['SQLITE_LOCKED', 'profile-in-use'],
];

/**
 * What a failure of SQLite or the file system means to a person. Anything that only our own mistake can
 * cause (a broken constraint, a wrong statement) comes back unchanged.
 */
export function storageError(cause: unknown): unknown {
  if (cause instanceof KithError) return cause;
  const sqliteCode = codeOf(cause);
  const meaning = meanings.find(([prefix]) => sqliteCode.startsWith(prefix));
  if (meaning !== undefined) return new KithError(meaning[1], undefined, { cause });
  const systemCode = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (systemCode === 'ENOSPC' || systemCode === 'EDQUOT') {
    return new KithError('disk-full', undefined, { cause });
  }
  if (typeof systemCode === 'string' && /^E(IO|ROFS|ACCES|PERM|NOENT|NOTDIR|MFILE|NFILE)$/.test(systemCode)) {
    return new KithError('disk-failed', undefined, { cause });
  }
  return cause;
}
