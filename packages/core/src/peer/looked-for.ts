/**
 * Whom we look for: under which keys a neighbour would be recognised, and where contacts, the owners of cards and the
 * nodes named at the start may be dialled. Tells the links machine, when something of it changed.
 */
import type { DialReason } from '../base/dial-reason.ts';
import type { DeviceId } from '../base/ids.ts';
import type { ContactRow } from '../base/store.ts';
import { intakeRecognitionKey, pairRecognitionKey } from '../crypto/card/intake.ts';
import type { Crypto } from '../crypto/crypto.ts';
import type { Recognisable } from '../protocol/links/acquaintances.ts';
import type { LinksInput } from '../protocol/links/links-contract.ts';
import type { Book } from './book.ts';
import type { Meeting } from './meeting.ts';
import type { Own } from './own.ts';

/** Names of what may be recognised: our own card, a contact's device, the owner of a card we hold. */
export const intakeEntry = 'intake';
export const devicePrefix = 'device/';
export const ownerPrefix = 'owner/';

export interface LookedForParts {
  crypto: Crypto;
  own: Own;
  book: Book;
  /** Multiaddrs our person gave to start with. */
  bootstrap: string[];
  meeting(): Meeting;
  drive: (input: LinksInput) => void;
}

interface Wanted {
  addresses: string[];
  why: DialReason;
}

export class LookedFor {
  #parts: LookedForParts;
  /** By device, at most those in the book: a Diffie-Hellman each is dear when a thousand contacts are looked for. */
  #pairKeys = new Map<DeviceId, Uint8Array>();
  #wanted = new Map<string, Wanted>();
  #stale = true;

  constructor(parts: LookedForParts) {
    this.#parts = parts;
  }

  get stale(): boolean {
    return this.#stale;
  }

  /** Something about whom we look for changed; looked at again at the end of the batch. */
  changed(): void {
    this.#stale = true;
  }

  forget(device: DeviceId): void {
    this.#pairKeys.delete(device);
  }

  /** Once a batch. */
  settle(): void {
    if (!this.#stale) return;
    this.#stale = false;
    const { book, bootstrap, crypto, drive, own } = this.#parts;
    const key = intakeRecognitionKey(crypto.backend, own.intakeSecret);
    const entries: Recognisable[] = [{ id: intakeEntry, key, lists: false, checks: true }];
    const wanted = new Map<string, Wanted>();
    for (const [index, address] of bootstrap.entries()) {
      wanted.set(`bootstrap/${index}`, { addresses: [address], why: 'bootstrap' });
    }
    for (const row of recentFirst(book.list())) {
      if (row.state === 'blocked' || row.state === 'incoming') continue;
      this.#addEntries(row, entries, wanted);
    }
    drive({ type: 'recognisable', entries });
    this.#want(wanted);
  }

  #want(wanted: Map<string, Wanted>): void {
    const { drive } = this.#parts;
    for (const id of this.#wanted.keys()) if (!wanted.has(id)) drive({ type: 'unwant', id });
    for (const [id, each] of wanted) {
      if (this.#wanted.get(id)?.addresses.join() === each.addresses.join()) continue;
      drive({ type: 'want', id, ...each });
    }
    this.#wanted = wanted;
  }

  #addEntries(row: ContactRow, entries: Recognisable[], wanted: Map<string, Wanted>): void {
    const { book, crypto, own } = this.#parts;
    const { person, state } = row;
    const card = this.#parts.meeting().cardOf(person);
    const hints = card?.hints ?? [];
    const found: string[] = [];
    for (const live of book.liveDevices(person)) {
      const { device } = live;
      const key = this.#pairKeys.get(device) ?? pairRecognitionKey(crypto.backend, own.device, live);
      if (key === undefined) continue;
      this.#pairKeys.set(device, key);
      const known = book.device(device);
      if (known === undefined) book.putDevice({ device, person, bundle: undefined, addresses: [] });
      found.push(...(known?.addresses ?? []));
      const id = devicePrefix + device;
      entries.push({ id, key, lists: true, checks: true });
      if (state !== 'connected') continue;
      const addresses = [...new Set([...(known?.addresses ?? []), ...hints])];
      if (addresses.length > 0) wanted.set(id, { addresses, why: 'contact' });
    }
    if (card === undefined || state !== 'requested') return;
    const id = ownerPrefix + person;
    entries.push({ id, key: card.recognitionKey, lists: true, checks: false });
    const addresses = [...new Set([...found, ...hints])];
    if (addresses.length > 0) wanted.set(id, { addresses, why: 'card' });
  }
}

/** Whom we saw last first: a list of MACs has room for 1,024 only. */
function recentFirst(rows: ContactRow[]): ContactRow[] {
  return rows.sort((a, b) => (b.lastSeenWallMs ?? 0) - (a.lastSeenWallMs ?? 0));
}
