import type { StoreWrite } from '@kith/core/base/store';
import type { Database } from './adapters.ts';

/** The transaction of one batch: begun by its first write, so that a batch without writes waits for no disk. */
export class Transaction {
  readonly #database: Database;
  #open = false;

  constructor(database: Database) {
    this.#database = database;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  apply(write: StoreWrite): void {
    if (!this.#open) this.#database.begin();
    this.#open = true;
    this.#database.apply(write);
  }

  commit(): void {
    this.#open = false; // Also when it throws: a failed commit was rolled back.
    this.#database.commit();
  }

  /** Safe to call when nothing is open. */
  rollback(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#database.rollback();
  }
}
