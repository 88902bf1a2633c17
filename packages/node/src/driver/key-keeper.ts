/**
 * Keeps the keychain at the storage key that the database is sealed under. The database moves first; while the
 * keychain could not be written it stays behind, which a start can bridge for a few generations.
 */
import type { DriverLog, Keychain, ProfileKeys, Trouble } from './adapters.ts';
import type { Clock } from './clock.ts';

/** How long the end of a node waits for its keychain. A guess. */
const writingMsMax = 5_000;

export class KeyKeeper {
  readonly #keychain: Keychain;
  readonly #log: DriverLog;
  #keys: ProfileKeys;
  #writing: Promise<void> | undefined;
  #writtenGeneration: number;
  #failure: string | undefined;

  constructor(keychain: Keychain, keys: ProfileKeys, log: DriverLog) {
    this.#keychain = keychain;
    this.#log = log;
    this.#keys = copyOf(keys);
    this.#writtenGeneration = keys.generation;
  }

  /** A copy: the receiver may wipe it. */
  current(): ProfileKeys {
    return copyOf(this.#keys);
  }

  /** The commit that sealed everything under this key is done: the old key must go. */
  moved(generation: number, storageKey: Uint8Array): void {
    this.#keys.storageKey.fill(0);
    this.#keys = { ...this.#keys, generation, storageKey: Uint8Array.from(storageKey) };
    this.#writing ??= this.#write();
  }

  /**
   * Resolves when no write is under way, or has been for too long: a keychain that waits for a person must not
   * keep the node from ending, and the next start makes up for it. Never rejects.
   */
  async settled(clock: Clock): Promise<void> {
    const waited = Promise.withResolvers<void>();
    const cancel = clock.after(writingMsMax, waited.resolve);
    await Promise.race([this.#writing, waited.promise]);
    cancel();
  }

  troubles(): Trouble[] {
    if (this.#failure === undefined) return [];
    return [
      {
        code: 'keychain-behind',
        values: { reason: this.#failure },
        detail: `The new storage key could not be kept (${this.#failure}). Old keys stay readable until it is.`,
        fix: 'Unlock or repair the keychain, or free disk space; it is tried again with the next daily key.',
      },
    ];
  }

  /** Writes until what is kept is what is current; several moves meanwhile become one write. */
  async #write(): Promise<void> {
    try {
      while (this.#writtenGeneration !== this.#keys.generation) {
        const keys = copyOf(this.#keys);
        await this.#keychain.write(keys);
        this.#writtenGeneration = keys.generation;
        this.#failure = undefined;
        keys.pageKey.fill(0);
        keys.storageKey.fill(0);
      }
    } catch (cause) {
      this.#failure = cause instanceof Error ? cause.message : 'unknown reason';
      this.#log('error', 'keychain-behind', { generation: this.#keys.generation });
    } finally {
      this.#writing = undefined;
    }
  }
}

function copyOf(keys: ProfileKeys): ProfileKeys {
  return {
    pageKey: Uint8Array.from(keys.pageKey),
    storageKey: Uint8Array.from(keys.storageKey),
    generation: keys.generation,
  };
}
