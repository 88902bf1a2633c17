/**
 * A process that writes until it is killed: `node storage-child.ts PATH [unsafe]`. Each transaction puts three
 * settings named after its number; the number is printed when the commit returned.
 *
 * `unsafe` switches the sync of the disk off: the planted fault that a test of power cuts must find.
 */
import { writeSync } from 'node:fs';
import { openDatabase } from '../src/storage/database.ts';
import { connectMigrated } from '../src/storage/migrate.ts';
import { childKey, partsOf } from './storage-child-rows.ts';

const [path = '', mode] = process.argv.slice(2);

function safeWriter(): (number: number) => void {
  const database = openDatabase(path, childKey);
  return (number) => {
    database.begin();
    for (const { key, value } of partsOf(number)) database.apply({ op: 'putSetting', key, value });
    database.commit();
  };
}

function unsafeWriter(): (number: number) => void {
  openDatabase(path, childKey).close();
  const connection = connectMigrated(path, childKey);
  connection.pragma('synchronous = OFF');
  const insert = connection.prepare('INSERT INTO settings (key, value) VALUES (?, ?)');
  return (number) => {
    connection.exec('BEGIN IMMEDIATE');
    for (const { key, value } of partsOf(number)) insert.run(key, value);
    connection.exec('COMMIT');
  };
}

const write = mode === 'unsafe' ? unsafeWriter() : safeWriter();
const first = Number(process.argv[4] ?? 0);
for (let number = first; ; number++) {
  write(number);
  writeSync(1, `${number}\n`);
}
