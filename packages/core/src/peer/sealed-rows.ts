/**
 * Secret rows, sealed below the page encryption. Specification: docs/protocol/storage-key.md.
 *
 * Ratchet states, skipped keys and prekeys are sealed under the storage key, which moves forward and forgets:
 * K(n+1) = H(K(n)). What must outlive a restored copy (identity, intake, cards) is sealed under the fixed
 * profile key instead; only that survives when the database is behind the keychain.
 */
import { invariant } from '../base/invariant.ts';
import type { SecretKind, SecretRow, Store } from '../base/store.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { nextStorageKey, openRow, sealRow } from '../crypto/vault/vault.ts';
import { u64be } from '../base/bytes.ts';
import type { Turn } from './turn.ts';

/** How far the database may be ahead of the keychain: crashes between the commit and the keychain's write. */
const generationsAheadMax = 8;
const generationSetting = 'storage-generation';
const movingKinds: SecretKind[] = ['session', 'skipped', 'prekey'];

export interface StorageKeys {
  /** 32 bytes, never changing: seals what outlives a restored copy. */
  profileKey: Uint8Array;
  /** 32 bytes: K(generation) as the keychain holds it. */
  storageKey: Uint8Array;
  generation: number;
}

/** `ahead`: damaged or foreign keychain. `restored`: an old copy of the database; moving rows are lost. */
export type KeyAgreement = 'fresh' | 'agreed' | 'restored' | 'ahead';

export class SealedRows {
  #crypto: Crypto;
  #store: Store;
  #turn: Turn;
  #profileKey: Uint8Array;
  #storageKey: Uint8Array;
  #generation: number;
  readonly agreement: KeyAgreement;

  constructor(parts: { crypto: Crypto; store: Store; turn: Turn; keys: StorageKeys }) {
    const { crypto, store, turn, keys } = parts;
    this.#crypto = crypto;
    this.#store = store;
    this.#turn = turn;
    this.#profileKey = crypto.backend.secrets.allocate(keys.profileKey.length);
    this.#profileKey.set(keys.profileKey);
    this.#storageKey = crypto.backend.secrets.allocate(keys.storageKey.length);
    this.#storageKey.set(keys.storageKey);
    this.#generation = keys.generation;
    this.agreement = this.#agree(store.setting(generationSetting));
  }

  /**
   * Moves the storage key one generation on and seals every moving row again. What does not open is removed:
   * all of it after a restored copy, because nothing that a session sealed may be used twice. First in its
   * turn: it reads the disk.
   *
   * @returns the rows that were removed
   */
  rotate(): { kind: SecretKind; key: string }[] {
    const lost: { kind: SecretKind; key: string }[] = [];
    const open: { kind: SecretKind; key: string; plaintext: Uint8Array }[] = [];
    for (const row of movingKinds.flatMap((kind) => this.#store.secrets(kind, ''))) {
      const { kind, key } = row;
      const plaintext = this.#open(row);
      if (plaintext === undefined) lost.push({ kind, key });
      else open.push({ kind, key, plaintext });
    }
    for (const { kind, key } of lost) this.remove(kind, key);
    this.#advance();
    for (const { kind, key, plaintext } of open) {
      this.put(kind, key, plaintext);
      this.#crypto.backend.wipe(plaintext);
    }
    this.#turn.store({ op: 'putSetting', key: generationSetting, value: u64be(this.#generation) });
    const key = Uint8Array.from(this.#storageKey);
    this.#turn.push({ type: 'storageKey', generation: this.#generation, key });
    return lost;
  }

  put(kind: SecretKind, key: string, plaintext: Uint8Array): void {
    const moving = movingKinds.includes(kind);
    const generation = moving ? this.#generation : 0;
    const sealingKey = moving ? this.#storageKey : this.#profileKey;
    const sealed = sealRow(this.#crypto, sealingKey, { kind, key, generation }, plaintext);
    this.#turn.store({ op: 'putSecret', row: { kind, key, generation, sealed } });
  }

  remove(kind: SecretKind, key: string): void {
    this.#turn.store({ op: 'removeSecret', kind, key });
  }

  /** The plaintext, or undefined where there is no such row or it does not open. */
  get(kind: SecretKind, key: string): Uint8Array | undefined {
    const row = this.#store.secret(kind, key);
    return row === undefined ? undefined : this.#open(row);
  }

  list(kind: SecretKind, prefix: string): { key: string; plaintext: Uint8Array }[] {
    const found: { key: string; plaintext: Uint8Array }[] = [];
    for (const row of this.#store.secrets(kind, prefix)) {
      const plaintext = this.#open(row);
      if (plaintext !== undefined) found.push({ key: row.key, plaintext });
    }
    return found;
  }

  #open(row: SecretRow): Uint8Array | undefined {
    const moving = movingKinds.includes(row.kind);
    if (moving && row.generation !== this.#generation) return undefined;
    return openRow(this.#crypto.backend, moving ? this.#storageKey : this.#profileKey, row);
  }

  /** Compares the generations of database and keychain, and derives forward where the keychain is behind. */
  #agree(setting: Uint8Array | undefined): KeyAgreement {
    if (setting === undefined) return 'fresh';
    const view = new DataView(setting.buffer, setting.byteOffset, setting.byteLength);
    const stored = Number(view.getBigUint64(0));
    if (stored < this.#generation) return 'restored';
    if (stored - this.#generation > generationsAheadMax) return 'ahead';
    while (this.#generation < stored) this.#advance();
    return this.#opensAny() ? 'agreed' : 'ahead';
  }

  /** Whether any moving row opens, or there is none: the right generation may come with a wrong key. */
  #opensAny(): boolean {
    const rows = this.#store.secretKeys().filter(({ kind }) => movingKinds.includes(kind));
    return rows.length === 0 || rows.some(({ kind, key }) => this.get(kind, key) !== undefined);
  }

  #advance(): void {
    const next = nextStorageKey(this.#crypto.backend, this.#storageKey);
    this.#crypto.backend.secrets.release(this.#storageKey);
    this.#storageKey = next;
    this.#generation += 1;
    invariant(Number.isSafeInteger(this.#generation), 'generation stays a safe integer');
  }
}
