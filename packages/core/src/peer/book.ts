/**
 * The contacts, in memory and on disk, and how a person names them. Identities are decoded when first needed:
 * checking thousands of signatures at start would be slow.
 */
import { KithError } from '../base/errors.ts';
import type { ConversationId, DeviceId, PersonId } from '../base/ids.ts';
import { idText } from '../base/ids.ts';
import type { ContactRow, ContactState, DeviceRow, Store } from '../base/store.ts';
import { utf8 } from '../base/bytes.ts';
import type { CryptoBackend } from '../crypto/backend.ts';
import { H } from '../crypto/hash.ts';
import { labels } from '../crypto/labels.ts';
import { decodeIdentity, type Identity, type LiveDevice } from '../crypto/identity/identity.ts';
import { foldName, isIdForm } from './contact-names.ts';
import type { Turn } from './turn.ts';

/** A guess: ten times the largest contact list we would call personal. */
export const contactsMax = 5_000;
/** Requests that wait in the box; the next stranger's is dropped in silence. */
export const requestsMax = 100;
const addressesMax = 4;

export class Book {
  #backend: CryptoBackend;
  #store: Store;
  #turn: Turn;
  #contacts = new Map<PersonId, ContactRow>();
  #devices = new Map<DeviceId, DeviceRow>();
  #devicesOf = new Map<PersonId, DeviceId[]>();
  #identities = new Map<PersonId, Identity>();
  #self: PersonId;
  /** Since `takeChanged`: at most all contacts, and those removed meanwhile. */
  #changed = new Set<PersonId>();

  constructor(parts: { backend: CryptoBackend; store: Store; turn: Turn; self: PersonId }) {
    this.#backend = parts.backend;
    this.#store = parts.store;
    this.#turn = parts.turn;
    this.#self = parts.self;
    for (const row of parts.store.contacts()) this.#contacts.set(row.person, row);
    for (const row of parts.store.devices()) this.#keepDevice(row);
  }

  get size(): number {
    return this.#contacts.size;
  }

  /** By name, then id. */
  list(): ContactRow[] {
    return [...this.#contacts.values()].sort(
      (a, b) => compare(a.name, b.name) || compare(a.person, b.person),
    );
  }

  /** In no order: sorting thousands costs milliseconds. */
  all(): Iterable<ContactRow> {
    return this.#contacts.values();
  }

  count(state: ContactState): number {
    let count = 0;
    for (const contact of this.#contacts.values()) if (contact.state === state) count += 1;
    return count;
  }

  get(person: PersonId): ContactRow | undefined {
    return this.#contacts.get(person);
  }

  /** Name (any case), person id or conversation id. @throws KithError `unknown-contact`, `ambiguous` */
  find(selector: string): ContactRow {
    const byId = this.#contacts.get(selector as PersonId);
    if (byId !== undefined) return byId;
    const isId = isIdForm(selector);
    const wanted = foldName(selector);
    // What has the form of an id is never a name: anybody may call themselves by the id of somebody else.
    const found = this.list().filter((each) =>
      isId ? each.conversation === selector : foldName(each.name) === wanted,
    );
    if (found.length > 1) {
      const candidates = found
        .slice(0, 5)
        .map((each) => `${each.name} (${each.person})`)
        .join(', ');
      throw new KithError('ambiguous', `Several contacts have that name. Use the id: ${candidates}.`);
    }
    const [only] = found;
    if (only === undefined) throw new KithError('unknown-contact');
    return only;
  }

  /** Whether anybody but this person has a name that reads the same. */
  isTaken(name: string, person: PersonId): boolean {
    const wanted = foldName(name);
    for (const each of this.#contacts.values()) {
      if (each.person !== person && foldName(each.name) === wanted) return true;
    }
    return false;
  }

  put(row: ContactRow): void {
    const known = this.#contacts.get(row.person);
    if (known !== undefined && known.identity !== row.identity) this.#identities.delete(row.person);
    this.#contacts.set(row.person, row);
    this.#changed.add(row.person);
    this.#turn.store({ op: 'putContact', row });
  }

  /** They are here, or were until now. No news to anybody: it shows where they are not reachable any more, which is told. */
  seen(person: PersonId): void {
    const known = this.#contacts.get(person);
    if (known === undefined) return;
    const row = { ...known, lastSeenWallMs: this.#turn.wallMs };
    this.#contacts.set(person, row);
    this.#turn.store({ op: 'putContact', row });
  }

  /** What was written stays, under the name they had here. */
  remove(person: PersonId): void {
    this.#leaveConversation(person);
    for (const device of this.#devicesOf.get(person) ?? []) this.#devices.delete(device);
    this.#devicesOf.delete(person);
    this.#identities.delete(person);
    this.#contacts.delete(person);
    this.#changed.add(person);
    this.#turn.store({ op: 'removeContact', person });
  }

  /** Something that people see of the contact changed which is not in its row. */
  touch(person: PersonId): void {
    this.#changed.add(person);
  }

  /** Whose rows were put or removed, or who was touched, since the last call. */
  takeChanged(): PersonId[] {
    if (this.#changed.size === 0) return [];
    const changed = [...this.#changed];
    this.#changed.clear();
    return changed;
  }

  identity(person: PersonId): Identity | undefined {
    const cached = this.#identities.get(person);
    if (cached !== undefined) return cached;
    const row = this.#contacts.get(person);
    if (row === undefined || row.identity.length === 0) return undefined;
    const identity = decodeIdentity(this.#backend, row.identity);
    if (identity !== undefined) this.#identities.set(person, identity);
    return identity;
  }

  liveDevices(person: PersonId): LiveDevice[] {
    return this.identity(person)?.devices ?? [];
  }

  liveDevice(person: PersonId, device: DeviceId): LiveDevice | undefined {
    return this.liveDevices(person).find((each) => each.device === device);
  }

  device(device: DeviceId): DeviceRow | undefined {
    return this.#devices.get(device);
  }

  devicesOf(person: PersonId): DeviceRow[] {
    return (this.#devicesOf.get(person) ?? []).map((device) => this.#devices.get(device)!);
  }

  putDevice(row: DeviceRow): void {
    this.#keepDevice(row);
    this.#turn.store({ op: 'putDevice', row });
  }

  /** Remembers where a device was reached, newest first. */
  keepAddress(device: DeviceId, address: string): void {
    const row = this.#devices.get(device);
    if (row === undefined || row.addresses[0] === address) return;
    const addresses = [address, ...row.addresses.filter((each) => each !== address)].slice(0, addressesMax);
    this.putDevice({ ...row, addresses });
  }

  /** Same on both sides, whoever computes it. */
  conversationWith(person: PersonId): ConversationId {
    const [first, second] = [this.#self, person].sort();
    const hash = H(this.#backend, labels.conversation, utf8(first!), utf8(second!));
    return idText(hash.subarray(0, 16)) as ConversationId;
  }

  #leaveConversation(person: PersonId): void {
    const contact = this.#contacts.get(person);
    const known = contact === undefined ? undefined : this.#store.conversation(contact.conversation);
    if (contact === undefined || known === undefined) return;
    const { conversation, name } = contact;
    if (known.last === undefined) {
      this.#turn.store({ op: 'removeConversation', conversation });
      return;
    }
    // Nothing can be sent there any more.
    const change = { formerName: name, draft: undefined, sessionResetWallMs: undefined };
    this.#turn.store({ op: 'changeConversation', conversation, person, change });
  }

  #keepDevice(row: DeviceRow): void {
    this.#devices.set(row.device, row);
    const known = this.#devicesOf.get(row.person) ?? [];
    if (!known.includes(row.device)) this.#devicesOf.set(row.person, [...known, row.device]);
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
