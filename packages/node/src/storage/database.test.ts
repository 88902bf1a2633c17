/** Goal: the encrypted database keeps the contract of a store, also after it was closed and opened again. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { storeContract } from '../../../core/test/store-contract.ts';
import { openDatabase } from './database.ts';

const folder = mkdtempSync(join(tmpdir(), 'kith-storage-'));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
storeContract('sqlite', () =>
  openDatabase(join(folder, `${count++}`, 'kith.db'), new Uint8Array(32).fill(7)),
);
