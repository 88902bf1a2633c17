/**
 * The database of a profile: one encrypted SQLite file behind the Store port.
 *
 * Invariants:
 *   1. When `commit` returned, a power cut takes nothing back (docs/storage.md states the limits).
 *   2. When anything throws, nothing of the open transaction remains after `rollback` (or a failed `commit`).
 *   3. Nothing is written to the disk outside the encrypted file and its encrypted log.
 */
import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { KithError } from '@kith/core/base/errors';
import { invariant } from '@kith/core/base/invariant';
import type { Store, StoreWrite } from '@kith/core/base/store';
import type { Database } from '../driver/adapters.ts';
import { privateFile, privateFolder } from './files.ts';
import { keepKeyCheck, keyCheckMatches } from './key-check.ts';
import { connectMigrated, removeOldCopies } from './migrate.ts';
import { lockProfile, type ProfileLock } from './profile-lock.ts';
import { prepare, storageError, type Connection } from './sqlite.ts';
import type { Writers } from './table.ts';
import { acksTable } from './tables/acks.ts';
import { contactsTable } from './tables/contacts.ts';
import { conversationsTable } from './tables/conversations.ts';
import { devicesTable } from './tables/devices.ts';
import { earlyChangesTable } from './tables/early-changes.ts';
import { eventsTable } from './tables/events.ts';
import { ledgerTable } from './tables/ledger.ts';
import { messagePlaces } from './tables/message-places.ts';
import { messagesTable, type MessagesTable } from './tables/messages.ts';
import { namesTable } from './tables/names.ts';
import { outboxTable } from './tables/outbox.ts';
import { receivedTable } from './tables/received.ts';
import { replaysTable } from './tables/replays.ts';
import { secretsTable } from './tables/secrets.ts';
import { settingsTable } from './tables/settings.ts';
import { searchTable } from './tables/search.ts';
import { timelineTable } from './tables/timeline.ts';
import { wordsTable, type WordsIndex } from './tables/words.ts';

/**
 * Opens the database at `path`, makes it if there is none, and brings it to the newest schema. The folder
 * becomes readable by us alone. Held until `close`: a second opener is refused at once.
 *
 * @param path - the file; beside it stand its log (`-wal`), its lock (`.lock`), a check of the key
 *   (`.check`) and copies made before migrations (`.schema-N`), removed here after two weeks.
 * @param pageKey - 32 random bytes. The caller may wipe them afterwards.
 * @throws KithError `profile-in-use`, `wrong-key`, `corrupt`, `newer-schema`, `disk-full` or `disk-failed`;
 *   nothing was changed then.
 * @example
 * const database = openDatabase('/home/ann/.local/share/kith/kith.db', keys.pageKey);
 */
export function openDatabase(path: string, pageKey: Uint8Array): Database {
  if (pageKey.length !== 32) throw new RangeError(`pageKey must have 32 bytes, not ${pageKey.length}`);
  let lock: ProfileLock | undefined;
  let connection: Connection | undefined;
  try {
    privateFolder(dirname(path));
    lock = lockProfile(`${path}.lock`);
    refuseEmptied(path);
    privateFile(path);
    connection = connectMigrated(path, pageKey);
    checkSoundness(connection, path);
    removeOldCopies(path, Date.now());
    keepKeyCheck(`${path}.check`, pageKey);
    return databaseOf(connection, lock);
  } catch (cause) {
    connection?.close();
    lock?.release();
    const error = storageError(cause);
    const isDamaged = error instanceof KithError && error.code === 'wrong-key';
    throw isDamaged && keyCheckMatches(`${path}.check`, pageKey) ? new KithError('corrupt') : error;
  }
}

/** The check is kept when the database has its schema: without that file, or with an empty one, it was lost since. */
function refuseEmptied(path: string): void {
  const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (bytes > 0 || !existsSync(`${path}.check`)) return;
  throw new KithError(
    'corrupt',
    `The database of this profile (${path}) is missing or empty. Nothing was changed. Put it back from a copy, or ` +
      'move the whole folder away to begin anew.',
  );
}

// Every page is authenticated when it is read, so this looks for damage in what was written, not on the disk.
// A guess: 16 MiB are read in about 60 ms; above that only tables whose size does not grow with history.
const checkedWholeBytesMax = 16 * 2 ** 20;
const checkedTables = ['settings', 'counters', 'secrets', 'contacts', 'devices', 'outbox'];

function checkSoundness(connection: Connection, path: string): void {
  const whole = statSync(path).size <= checkedWholeBytesMax;
  const checks = whole ? ['quick_check(1)'] : checkedTables.map((table) => `quick_check(${table})`);
  for (const check of checks) {
    if (connection.pragma(check, { simple: true }) !== 'ok') throw new KithError('corrupt');
  }
}

function databaseOf(connection: Connection, lock: ProfileLock): Database {
  const { store, write, forgetCached, words } = tablesOf(connection);
  const begin = prepare(connection, 'BEGIN IMMEDIATE');
  const commit = prepare(connection, 'COMMIT');
  const rollback = prepare(connection, 'ROLLBACK');
  let open = false;
  const takeBack = (): void => {
    open = false;
    forgetCached();
    // After some failures SQLite has rolled back by itself.
    if (connection.inTransaction) rollback.run();
  };
  return {
    store: guardedStore(store),
    begin() {
      invariant(!open, 'no transaction is open');
      guarded(() => begin.run());
      words.began();
      open = true;
    },
    apply(change) {
      invariant(open, 'a transaction is open');
      guarded(() => write(change));
    },
    commit() {
      invariant(open, 'a transaction is open');
      try {
        commit.run();
        open = false;
      } catch (cause) {
        guarded(takeBack);
        throw storageError(cause);
      }
    },
    rollback() {
      invariant(open, 'a transaction is open');
      guarded(takeBack);
    },
    maintain() {
      invariant(!open, 'no transaction is open');
      if (!words.waits()) {
        // Moves the log into the file now rather than in the middle of a message.
        guarded(() => connection.pragma('wal_checkpoint(PASSIVE)'));
        return false;
      }
      guarded(() => {
        begin.run();
        try {
          words.addSome();
          commit.run();
        } catch (cause) {
          takeBack();
          throw cause;
        }
      });
      return true;
    },
    close() {
      try {
        if (open) guarded(takeBack);
      } finally {
        connection.close();
        lock.release();
      }
    },
  };
}

interface Tables {
  store: Store;
  readonly write: (write: StoreWrite) => void;
  /** After a rollback: what was remembered of the transaction did not happen. */
  readonly forgetCached: () => void;
  readonly words: Pick<WordsIndex, 'waits' | 'addSome' | 'began'>;
}

function tablesOf(connection: Connection): Tables {
  const names = namesTable(connection);
  const places = messagePlaces(connection, names);
  const messages: MessagesTable = messagesTable(connection, names, {
    places,
    onText: (position, before) => words.textChanged(position, before),
  });
  const words: WordsIndex = wordsTable(connection);
  const early = earlyChangesTable(connection, names);
  const received = receivedTable(connection, names);
  const acks = acksTable(connection);
  const events = eventsTable(connection);
  const conversations = conversationsTable(connection, names, messages.row);
  const ledger = ledgerTable(connection, names, places);
  const tables = [
    settingsTable(connection),
    secretsTable(connection),
    contactsTable(connection),
    devicesTable(connection),
    messages,
    early,
    timelineTable(connection, names, messages.row),
    searchTable(connection, names, { row: messages.row, words }),
    ledger,
    conversations,
    outboxTable(connection, names),
    received,
    acks,
    replaysTable(connection),
    events,
  ] as const;
  const writers: Omit<Writers, 'removeMessage'> = merged(tables.map((table) => table.writes));
  const caching = [names, places, messages, words, received, events, conversations];
  return {
    words,
    store: merged(tables.map((table) => table.reads)),
    write(write) {
      if (write.op === 'forget') {
        for (const table of [received, acks, early, events]) table.forget(write);
        return;
      }
      if (write.op === 'removeMessage') {
        const removed = messages.remove(write.conversation, write.id);
        if (removed === undefined) return;
        words.textChanged(removed.position, removed.text);
        ledger.messageRemoved(removed.position);
        return;
      }
      // The table pairs every op with its own write; the compiler cannot follow the pair through a lookup.
      (writers[write.op] as (write: StoreWrite) => void)(write);
      if (write.op !== 'putMessage') return;
      words.messagePut();
      conversations.messagePut(write.row.conversation, write.row.person);
    },
    forgetCached() {
      for (const table of caching) table.forgetCached();
    },
  };
}

type Intersection<Union> = (Union extends unknown ? (value: Union) => void : never) extends (
  value: infer All,
) => void
  ? All
  : never;

/** One object with the methods of all. Missing one is an error where the result is used. */
function merged<Part extends object>(parts: readonly Part[]): Intersection<Part> {
  return Object.assign({}, ...parts) as Intersection<Part>;
}

function guarded<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    throw storageError(cause);
  }
}

/** The same reads, whose failures are those of the error table. */
function guardedStore(store: Store): Store {
  const guardedMethods = Object.entries(store).map(
    ([name, read]: [string, (...asked: never[]) => unknown]) => [
      name,
      (...asked: never[]) => guarded(() => read(...asked)),
    ],
  );
  return Object.fromEntries(guardedMethods) as Store;
}
