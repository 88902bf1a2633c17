/** How the contract of a store writes: the database it speaks to, and writes in one transaction. */
import type { MessageId } from '../src/base/ids.ts';
import type { MemoryDatabase } from '../src/base/memory-store.ts';
import type { MessageRow, StoredMessage, StoreWrite } from '../src/base/store.ts';
import { messageRow } from './store-rows.ts';

/** The part of a `Database` that the contract speaks of. */
export type ContractDatabase = Pick<
  MemoryDatabase,
  'store' | 'begin' | 'apply' | 'commit' | 'rollback' | 'close'
>;

export type Open = () => ContractDatabase;

/** One transaction holding these writes. */
export function commitAll(database: ContractDatabase, writes: readonly StoreWrite[]): void {
  database.begin();
  for (const write of writes) database.apply(write);
  database.commit();
}

export const putMessage = (n: number, changes: Partial<MessageRow> = {}): StoreWrite => ({
  op: 'putMessage',
  row: messageRow(n, changes),
});
export const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);
export const idsOf = (messages: readonly StoredMessage[]): MessageId[] =>
  messages.map((message) => message.id);
