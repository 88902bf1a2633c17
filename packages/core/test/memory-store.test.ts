/** Goal: the in-memory double keeps the contract of a store, and its crash points are true to a power cut. */
import { expect, test } from 'vitest';
import { createMemoryStore } from '../src/base/memory-store.ts';
import { storeContract } from './store-contract.ts';
import { bytesOf, eventRow } from './store-rows.ts';

storeContract('memory', createMemoryStore);

test('a snapshot holds what was committed, and a restore goes back to it', () => {
  const database = createMemoryStore();
  database.begin();
  database.apply({ op: 'putSetting', key: 'a', value: bytesOf(1, 4) });
  database.apply({ op: 'addEvent', row: eventRow(1) });
  database.commit();
  database.begin();
  database.apply({ op: 'putSetting', key: 'a', value: bytesOf(2, 4) });
  database.apply({ op: 'addEvent', row: eventRow(2) });
  const snapshot = database.snapshot();
  database.commit();
  expect(database.store.lastEventSeq()).toBe(2);
  database.restore(snapshot);
  expect(database.store.setting('a')).toEqual(bytesOf(1, 4));
  expect(database.store.events(0, 10)).toEqual([eventRow(1)]);
  database.begin();
  database.apply({ op: 'removeSetting', key: 'a' });
  database.commit();
  database.restore(snapshot);
  expect(database.store.setting('a')).toEqual(bytesOf(1, 4));
});
