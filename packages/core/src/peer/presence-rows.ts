/**
 * What is remembered of presence secrets: each contact's, and which of their devices were told ours. Sealed at
 * rest under the profile key, so that it outlives a restored copy.
 */
import { hex, hexDecode } from '../base/bytes.ts';
import { type CborValue, decodeCbor, encodeCbor } from '../base/cbor.ts';
import type { DeviceId, PersonId } from '../base/ids.ts';
import type { SealedRows } from './sealed-rows.ts';

const rowPrefix = 'presence/';
const numbersKey = 'presence-numbers';

/** What a device of theirs was told: which secret of ours, and in which session it was said. */
export interface Told {
  sequence: number;
  sid: string;
}

export interface ContactPresence {
  /** 32 bytes; undefined until they told it. */
  secret: Uint8Array | undefined;
  /** Of their secret, as they number it. */
  sequence: number;
  /** At most as many as a person has live devices. */
  told: Map<DeviceId, Told>;
}

export class PresenceRows {
  #rows: SealedRows;
  #contacts = new Map<PersonId, ContactPresence>(); // At most one for each contact.
  /** The highest number given to anything of ours. */
  #counter = 0;
  /** Of our own secret; 0 before it had one. */
  #secretSequence = 0;

  constructor(rows: SealedRows) {
    this.#rows = rows;
    for (const { key, plaintext } of rows.list('intake', rowPrefix)) {
      const kept = decodeRow(plaintext);
      if (kept !== undefined) this.#contacts.set(key.slice(rowPrefix.length) as PersonId, kept);
    }
    const numbers = decodeCbor(rows.get('intake', numbersKey) ?? new Uint8Array(0));
    if (!Array.isArray(numbers)) return;
    const [counter, secretSequence] = numbers;
    if (typeof counter === 'number') this.#counter = counter;
    if (typeof secretSequence === 'number') this.#secretSequence = secretSequence;
  }

  get secretSequence(): number {
    return this.#secretSequence;
  }

  /** A number above all before it, also where the clock was set back. */
  next(wallMs: number): number {
    this.#counter = Math.max(this.#counter + 1, wallMs);
    this.#keepNumbers();
    return this.#counter;
  }

  /** Our secret is another one from now on. */
  secretReplaced(wallMs: number): void {
    this.#secretSequence = this.next(wallMs);
    this.#keepNumbers();
  }

  get(person: PersonId): ContactPresence | undefined {
    return this.#contacts.get(person);
  }

  entries(): [PersonId, ContactPresence][] {
    return [...this.#contacts];
  }

  /** @returns whether it is newer than what was known. */
  learn(person: PersonId, sequence: number, secret: Uint8Array): boolean {
    const known = this.#contacts.get(person);
    if (known?.secret !== undefined && known.sequence >= sequence) return false;
    this.#put(person, { secret: Uint8Array.from(secret), sequence, told: known?.told ?? new Map() });
    return true;
  }

  tell(person: PersonId, device: DeviceId, told: Told): void {
    const known = this.#contacts.get(person);
    const all = new Map(known?.told).set(device, told);
    this.#put(person, { secret: known?.secret, sequence: known?.sequence ?? 0, told: all });
  }

  /** These devices count as told nothing. */
  forgetTold(person: PersonId, devices: ReadonlySet<DeviceId>): void {
    const known = this.#contacts.get(person);
    if (known === undefined) return;
    const told = new Map([...known.told].filter(([device]) => !devices.has(device)));
    this.#put(person, { ...known, told });
  }

  remove(person: PersonId): void {
    if (this.#contacts.delete(person)) this.#rows.remove('intake', rowPrefix + person);
  }

  #put(person: PersonId, row: ContactPresence): void {
    this.#contacts.set(person, row);
    const told = [...row.told].map(([device, { sequence, sid }]) => [
      hexDecode(device) ?? new Uint8Array(0),
      sequence,
      sid,
    ]);
    this.#rows.put('intake', rowPrefix + person, encodeCbor([row.secret ?? null, row.sequence, told]));
  }

  #keepNumbers(): void {
    this.#rows.put('intake', numbersKey, encodeCbor([this.#counter, this.#secretSequence]));
  }
}

function decodeRow(plaintext: Uint8Array): ContactPresence | undefined {
  const row = decodeCbor(plaintext);
  if (!Array.isArray(row)) return undefined;
  const [secret, sequence, told] = row;
  if (secret !== null && !(secret instanceof Uint8Array)) return undefined;
  if (typeof sequence !== 'number' || !Array.isArray(told)) return undefined;
  return { secret: secret ?? undefined, sequence, told: new Map(told.flatMap(decodeTold)) };
}

function decodeTold(value: CborValue): [DeviceId, Told][] {
  if (!Array.isArray(value)) return [];
  const [device, sequence, sid] = value;
  if (!(device instanceof Uint8Array) || typeof sequence !== 'number' || typeof sid !== 'string') return [];
  return [[hex(device) as DeviceId, { sequence, sid }]];
}
