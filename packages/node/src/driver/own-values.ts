/** Values of the node's own, which the Peer never sees, beside what the Peer stores: who is signed in, which port. */
import { KithError } from '@kith/core/base/errors';
import type { Database } from './adapters.ts';
import { Transaction } from './transaction.ts';

/** Begins every name, so that none is a name of the Peer's. */
const prefix = 'node/';

export interface OwnValues {
  kept(name: string): Uint8Array | undefined;
  /**
   * Durable when it returns: a transaction of its own, so never to be called within one of the driver's.
   * @param value - At most 64 KiB.
   * @throws KithError `disk-full`, `disk-failed`, `corrupt` - the value before stands.
   */
  keep(name: string, value: Uint8Array): void;
}

export function ownValues(database: Database): OwnValues {
  return {
    kept: (name) => database.store.setting(`${prefix}${name}`),
    keep(name, value) {
      const transaction = new Transaction(database);
      try {
        transaction.apply({ op: 'putSetting', key: `${prefix}${name}`, value });
        transaction.commit();
      } catch (cause) {
        transaction.rollback();
        throw cause instanceof KithError ? cause : new KithError('internal', undefined, { cause });
      }
    },
  };
}
