/**
 * The floor under a durable, acknowledged message: raw TCP between two processes, and on each side the same encrypted
 * SQLite settings as the product's with as many commits as no messenger can do without. The sender stores before it
 * sends, the receiver stores before it acknowledges, the sender stores that it was acknowledged. No encryption of
 * messages, no protocol, one table, one row a message; whatever waits shares one commit.
 *
 *   node bench/floors/durable-tcp.ts FOLDER WINDOW MESSAGES BYTES      prints {"seconds":1.23}
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { Sqlite } from '@kith/node/storage/native';

const headerBytes = 8;
/** Messages before the clock starts. */
const warmUp = 500;

interface Load {
  /** How many may be under way. */
  window: number;
  messages: number;
  bytes: number;
  /** The rows' ids rise from here. */
  firstId: number;
}

interface Table {
  /** Stores the rows, or marks those that exist, in one durable transaction. */
  commit: (insert: readonly Uint8Array[], done: readonly number[]) => void;
  close: () => void;
}

function openTable(path: string): Table {
  const database = new Sqlite(path);
  database.pragma(`cipher = 'chacha20'`);
  database.key(Buffer.from(`raw:${randomBytes(32).toString('hex')}`));
  for (const pragma of [
    'locking_mode = EXCLUSIVE',
    'journal_mode = WAL',
    'synchronous = FULL',
    'secure_delete = ON',
    'wal_autocheckpoint = 4096',
    'cache_size = -16000',
  ]) {
    database.pragma(pragma);
  }
  database.exec('CREATE TABLE rows (id INTEGER PRIMARY KEY, body BLOB, done INTEGER NOT NULL DEFAULT 0)');
  const put = database.prepare('INSERT INTO rows (body) VALUES (?)');
  const mark = database.prepare('UPDATE rows SET done = 1 WHERE id = ?');
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  return {
    commit(insert, done) {
      begin.run();
      for (const body of insert) put.run(body);
      for (const id of done) mark.run(id);
      commit.run();
    },
    close: () => database.close(),
  };
}

/** Cuts what arrives into pieces of `bytes` and hands over all whole ones at once. */
function onPieces(socket: Socket, bytes: number, take: (pieces: Buffer[]) => void): void {
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    const all = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const pieces: Buffer[] = [];
    let at = 0;
    for (; at + bytes <= all.length; at += bytes) pieces.push(all.subarray(at, at + bytes));
    rest = all.subarray(at);
    if (pieces.length > 0) take(pieces);
  });
}

async function receive(folder: string, bytes: number): Promise<void> {
  const table = openTable(join(folder, 'receiver.db'));
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    onPieces(socket, headerBytes + bytes, (pieces) => {
      table.commit(
        pieces.map((piece) => piece.subarray(headerBytes)),
        [],
      );
      socket.write(Buffer.concat(pieces.map((piece) => piece.subarray(0, headerBytes))));
    });
    socket.on('close', () => {
      table.close();
      server.close();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  console.log(JSON.stringify({ port: typeof address === 'object' ? address?.port : undefined }));
}

/** @returns seconds from the first message to the last acknowledgement, safe on the sender's disk */
async function send(socket: Socket, table: Table, settings: Load): Promise<number> {
  const { window, messages, bytes, firstId } = settings;
  const body = randomBytes(bytes);
  let sent = 0;
  let acknowledged = 0;
  const finished = Promise.withResolvers<void>();
  const step = (done: readonly number[]): void => {
    acknowledged += done.length;
    const ids: number[] = [];
    while (sent < messages && sent - acknowledged < window) ids.push(firstId + sent++);
    table.commit(
      ids.map(() => body),
      done,
    );
    const frames = ids.map((id) => {
      const frame = Buffer.alloc(headerBytes + bytes);
      frame.writeBigUInt64BE(BigInt(id));
      body.copy(frame, headerBytes);
      return frame;
    });
    if (frames.length > 0) socket.write(Buffer.concat(frames));
    if (acknowledged === messages) finished.resolve();
  };
  onPieces(socket, headerBytes, (pieces) => step(pieces.map((piece) => Number(piece.readBigUInt64BE()))));
  const startMs = performance.now();
  step([]);
  await finished.promise;
  return (performance.now() - startMs) / 1000;
}

async function run(folder: string, numbers: readonly number[]): Promise<void> {
  const [window = 1, messages = 1, bytes = 300] = numbers;
  const other = spawn(process.execPath, [import.meta.filename, folder, '--receive', String(bytes)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line]: Buffer[] = await once(other.stdout, 'data');
  const { port }: { port: number } = JSON.parse(String(line));
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  await once(socket, 'connect');
  const table = openTable(join(folder, 'sender.db'));
  // Warm: compiled code and a log file that has its size.
  await send(socket, table, { window, messages: warmUp, bytes, firstId: 1 });
  socket.removeAllListeners('data');
  const seconds = await send(socket, table, { window, messages, bytes, firstId: 1 + warmUp });
  socket.end();
  table.close();
  await once(other, 'exit');
  console.log(JSON.stringify({ seconds }));
}

const [folder = '.', ...rest] = process.argv.slice(2);
if (rest[0] === '--receive') await receive(folder, Number(rest[1]));
else await run(folder, rest.map(Number));
