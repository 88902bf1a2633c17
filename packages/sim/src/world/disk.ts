/**
 * The disk and the keychain of a node: they outlive its process. The power can go in the middle of a commit; what was
 * not confirmed may or may not be there then, what was confirmed is.
 */
import { KithError } from '@kith/core/base/errors';
import { createMemoryStore, type MemoryDatabase, type MemorySnapshot } from '@kith/core/base/memory-store';
import type { Store, StoreWrite } from '@kith/core/base/store';
import type { Database, Keychain, ProfileKeys } from '@kith/node/driver/adapters';

/** Where the power goes, in a commit that is under way. */
export type TornCommit = 'before it is durable' | 'before it is confirmed';

export class SimDisk {
  readonly #memory: MemoryDatabase = createMemoryStore();
  #keys: ProfileKeys;
  /** The next commit ends the node. */
  torn: TornCommit | undefined;
  /** A planted fault: so many confirmed commits are lost with the power. */
  liesAbout = 0;
  #lies: MemorySnapshot[] = [];
  /** The next commits fail with this code, and the node goes on. */
  readonly failures: KithError[] = [];
  onTorn: () => void = () => undefined;
  /** Told of each write that became durable. */
  onCommitted: ((writes: readonly StoreWrite[]) => void) | undefined;
  /** Transactions that were confirmed. */
  commits = 0;

  constructor(keys: ProfileKeys) {
    this.#keys = copyOf(keys);
  }

  get store(): Store {
    return this.#memory.store;
  }

  /** What the keychain holds. */
  get keys(): ProfileKeys {
    return copyOf(this.#keys);
  }

  /** The database as a process opens it. */
  open(): Database {
    const memory = this.#memory;
    let writes: StoreWrite[] = [];
    return {
      store: memory.store,
      begin: () => {
        writes = [];
        memory.begin();
      },
      apply: (write) => {
        memory.apply(write);
        if (this.onCommitted !== undefined) writes.push(write);
      },
      commit: () => {
        this.#commit();
        this.onCommitted?.(writes);
      },
      rollback: () => memory.rollback(),
      close: () => memory.close(),
    };
  }

  keychain(): Keychain {
    return {
      kind: 'file',
      read: () => Promise.resolve(copyOf(this.#keys)),
      write: (keys) => {
        this.#keys = copyOf(keys);
        return Promise.resolve();
      },
    };
  }

  /** The process is gone: an open transaction with it. With `power` also what the disk lied about. */
  lose(power: 'stays' | 'goes'): void {
    this.#memory.close();
    this.torn = undefined;
    const [oldest] = this.#lies;
    this.#lies = [];
    if (power === 'goes' && oldest !== undefined) this.#memory.restore(oldest);
  }

  #commit(): void {
    const failure = this.failures.shift();
    if (failure !== undefined || this.torn === 'before it is durable') {
      this.#memory.rollback();
      if (failure === undefined) this.onTorn();
      throw failure ?? new KithError('disk-failed');
    }
    if (this.liesAbout > 0) {
      this.#lies.push(this.#memory.snapshot());
      if (this.#lies.length > this.liesAbout) this.#lies.shift();
    }
    this.#memory.commit();
    this.commits++;
    if (this.torn === undefined) return;
    this.onTorn();
  }
}

function copyOf(keys: ProfileKeys): ProfileKeys {
  const { generation } = keys;
  return { pageKey: keys.pageKey.slice(), storageKey: keys.storageKey.slice(), generation };
}
