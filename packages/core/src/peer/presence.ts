/**
 * Contacts find each other again after the first meeting: each tells the others a presence secret, and, while a link
 * stands, where it can be dialled; who is not reachable is looked for in the key space under their secret.
 * Specification: docs/protocol/rendezvous.md, docs/protocol/content.md.
 *
 * Rules kept here:
 *   1. Who is blocked or removed, and a device that is revoked, knows no secret of ours that is still in use.
 *   2. Of each device only a newer word than the last counts, whichever way it came.
 *   3. Loopback addresses are neither told nor believed.
 */
import type { DeviceId, PeerId, PersonId } from '../base/ids.ts';
import { canonicalAddress, scopeOf } from '../base/place.ts';
import type { Random } from '../base/random.ts';
import { TokenBucket } from '../base/token-bucket.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { publicKeyOf } from '../crypto/record/peer-id.ts';
import { intakeSlot, presenceSlot } from '../crypto/rendezvous/presence.ts';
import { type Content, toldAddressesMax } from '../wire/content.ts';
import type { Book } from './book.ts';
import type { Delivery } from './delivery.ts';
import type { CardShelf } from './card-shelf.ts';
import type { Own } from './own.ts';
import {
  PresencePost,
  type PresencePostConfig,
  presencePostDefaults,
  type PostTarget,
} from './presence-post.ts';
import { PresenceRows } from './presence-rows.ts';
import {
  PresenceSearch,
  type PresenceSearchConfig,
  presenceSearchDefaults,
  type Sought,
} from './presence-search.ts';
import type { SealedRows } from './sealed-rows.ts';
import type { Turn } from './turn.ts';

export interface PresenceConfig extends PresencePostConfig, PresenceSearchConfig {
  /** New addresses are told when they stood this long. */
  settleMs: number;
  /** And not more often than this. */
  tellEveryMs: number;
  /** Devices told our secret in one batch: each costs a seal. */
  tellPerBatchMax: number;
  /** Between two such batches. */
  tellPauseMs: number;
}

export const presenceDefaults: PresenceConfig = {
  ...presencePostDefaults,
  ...presenceSearchDefaults,
  settleMs: 5_000,
  tellEveryMs: 60_000,
  tellPerBatchMax: 64,
  tellPauseMs: 100,
};

/** Of a device's addresses, those that we reached it at ourselves keep one place at least. */
const learnedAddressesMax = 3;
/** How often a device may be elsewhere: each time we dial where it says. Honest ones tell once a minute at most. */
const moves = { burst: 4, refillMs: 30_000 };
/** Addresses of scope site have one place of the four at least. */
const globalAddressesMax = 3;

export interface PresenceParts {
  crypto: Crypto;
  random: Random;
  turn: Turn;
  rows: SealedRows;
  own: Own;
  book: Book;
  cards: Pick<CardShelf, 'get'>;
  sessions: { sending(device: DeviceId): { sid: string } | undefined };
  delivery: Pick<Delivery, 'replaceControl'>;
  config: PresenceConfig;
  /** Devices of contacts that a link stands with now. */
  reachableDevices(): Iterable<{ person: PersonId; device: DeviceId }>;
  isReachable(device: DeviceId): boolean;
  /** The addresses in the book of a device of that person changed. */
  onAddresses(person: PersonId): void;
  /** Keep this in the key space; the end is told to {@link Presence.kept}. */
  wantKept(what: { place: Uint8Array; value: Uint8Array }): void;
  /** Look this up in the key space; the end is told to {@link Presence.found}. */
  wantFound(what: { place: Uint8Array }): void;
}

export class Presence {
  #parts: PresenceParts;
  #rows: PresenceRows;
  #post: PresencePost;
  #search: PresenceSearch;
  /** The storage key moves with the first wake: nothing is sealed before. */
  #started = false;
  #stale = true;
  #tellAtMs = -Infinity;
  /** Our secret must be replaced. */
  #replace: boolean;
  #self: PeerId | undefined;
  /** Where we can be dialled, as the network says and as it was told; best first. */
  #addresses: string[] = [];
  /** `sequence` is given when somebody is told: a node without contacts has nothing to write down. */
  #told: { sequence: number | undefined; addresses: string[] } | undefined;
  /** When new addresses are told; Infinity while there are none. */
  #addressesDueMs = Infinity;
  #addressesToldMs = -Infinity;
  /** Which telling of ours a device has; at most those in the book. */
  #heard = new Map<DeviceId, number>();
  /** The newest word of each device; at most those in the book. */
  #newest = new Map<DeviceId, number>();
  /** How often each may be elsewhere still; at most those in the book. */
  #moves = new Map<DeviceId, TokenBucket>();

  constructor(parts: PresenceParts) {
    this.#parts = parts;
    const { crypto, random, turn, own, config } = parts;
    this.#rows = new PresenceRows(parts.rows);
    // Others may have been told, and have been shut out, after this copy was made.
    this.#replace = parts.rows.agreement === 'restored' || parts.rows.agreement === 'ahead';
    this.#post = new PresencePost(
      {
        crypto,
        random,
        turn,
        own,
        targets: () => this.#targets(),
        self: () => this.#self,
        next: () => this.#rows.next(turn.wallMs),
        wantKept: (what) => parts.wantKept(what),
      },
      config,
    );
    this.#search = new PresenceSearch(
      {
        backend: crypto.backend,
        random,
        turn,
        isReachable: (device) => parts.isReachable(device),
        onFound: ({ device, sequence, addresses }) => this.#learn(device, sequence, addresses),
        wantFound: (what) => parts.wantFound(what),
      },
      config,
    );
  }

  /** Contacts, their devices, or what links reach them changed; looked at at the end of the batch. */
  changed(): void {
    this.#stale = true;
  }

  /** Where the network listens now. */
  listening(self: PeerId, addresses: readonly string[]): void {
    const told = tellable(addresses);
    // An id that names no key of ours cannot be signed for; the addresses are good without it.
    const named = publicKeyOf(self) === undefined ? undefined : self;
    const same = named === this.#self && told.join() === this.#addresses.join();
    this.#self = named;
    this.#addresses = told;
    // What is waiting to be told is told as it is then.
    if (same || this.#addressesDueMs < Infinity) return;
    const { nowMs } = this.#parts.turn;
    const { settleMs, tellEveryMs } = this.#parts.config;
    this.#addressesDueMs = Math.max(nowMs + settleMs, this.#addressesToldMs + tellEveryMs);
  }

  nextWakeMs(): number {
    const { nowMs } = this.#parts.turn;
    if (!this.#started) return nowMs;
    const tellMs = this.#stale ? Math.max(nowMs, this.#tellAtMs) : Infinity;
    return Math.min(tellMs, this.#addressesDueMs, this.#post.nextWakeMs(), this.#search.nextWakeMs());
  }

  wake(): void {
    this.#started = true;
    if (this.#parts.turn.nowMs >= this.#addressesDueMs) this.#addressesSettled();
    this.#post.wake();
    this.#search.wake();
  }

  /** Once a batch, before the sessions are flushed: what is due is said. */
  settle(): void {
    const { nowMs } = this.#parts.turn;
    if (!this.#started || !this.#stale || nowMs < this.#tellAtMs) return;
    this.#stale = false;
    this.#shutOut();
    this.#tellSecret();
    this.#tellAddresses();
    this.#search.seek(this.#sought());
    for (const { device } of this.#parts.reachableDevices()) this.#search.reached(device);
    this.#post.plan();
  }

  /** Something waits for that person, who is not reachable. */
  urge(person: PersonId): void {
    this.#search.urge(person);
  }

  /** What a lookup came to; undefined where nothing was kept there. */
  found(place: Uint8Array, value: Uint8Array | undefined): void {
    this.#search.found(place, value);
  }

  /** How many nodes keep a value of ours. */
  kept(place: Uint8Array, copies: number): void {
    this.#post.kept(place, copies);
  }

  /** A contact told their secret. */
  onPresence(person: PersonId, content: Extract<Content, { type: 'presence' }>): void {
    this.#learnSecret(person, content.sequence, content.secret);
  }

  /** The secret in the acceptance that made them a contact: the first, so older than any told since. */
  onAccept(person: PersonId, secret: Uint8Array): void {
    this.#learnSecret(person, 0, secret);
  }

  /** A device of a contact told where it is. */
  onAddresses(device: DeviceId, content: Extract<Content, { type: 'addresses' }>): void {
    this.#learn(device, content.sequence, content.addresses);
  }

  #learnSecret(person: PersonId, sequence: number, secret: Uint8Array): void {
    if (this.#parts.book.get(person) === undefined) return;
    if (this.#rows.learn(person, sequence, secret)) this.changed();
  }

  #learn(device: DeviceId, sequence: number, addresses: readonly string[]): void {
    const { book } = this.#parts;
    const row = book.device(device);
    if (row === undefined || sequence <= (this.#newest.get(device) ?? -1)) return;
    const { nowMs } = this.#parts.turn;
    const allowed = this.#moves.get(device) ?? new TokenBucket(moves, nowMs);
    this.#moves.set(device, allowed);
    if (!allowed.take(nowMs)) return;
    this.#newest.set(device, sequence);
    const theirs = addresses.filter((each) => scopeOf(each) !== 'loopback').slice(0, learnedAddressesMax);
    const all = [...new Set([...theirs, ...row.addresses])].slice(0, toldAddressesMax);
    if (theirs.length === 0 || all.join() === row.addresses.join()) return;
    book.putDevice({ ...row, addresses: all });
    this.#parts.onAddresses(row.person);
  }

  /** Another secret, when somebody holds ours who must not: blocked, removed, a device that was revoked. */
  #shutOut(): void {
    const { book, own, turn } = this.#parts;
    for (const [person, { told }] of this.#rows.entries()) {
      const connected = book.get(person)?.state === 'connected';
      const out = [...told].filter(([device]) => !connected || book.liveDevice(person, device) === undefined);
      if (out.some(([, { sequence }]) => sequence === this.#rows.secretSequence)) this.#replace = true;
      if (out.length > 0) this.#rows.forgetTold(person, new Set(out.map(([device]) => device)));
      if (book.get(person) === undefined) this.#rows.remove(person);
    }
    for (const map of [this.#newest, this.#heard, this.#moves]) {
      for (const device of map.keys()) if (book.device(device) === undefined) map.delete(device);
    }
    if (!this.#replace) return;
    this.#replace = false;
    own.replacePresence();
    this.#rows.secretReplaced(turn.wallMs);
    this.#post.changed();
  }

  /** Our secret to all devices of contacts that do not have it, or had it in a session that is gone. */
  #tellSecret(): void {
    const { crypto, delivery, own, sessions, turn, config } = this.#parts;
    let left = config.tellPerBatchMax;
    for (const { person, device } of this.#writable()) {
      const sid = sessions.sending(device)?.sid;
      if (this.#rows.secretSequence === 0) this.#rows.secretReplaced(turn.wallMs);
      const sequence = this.#rows.secretSequence;
      const told = this.#rows.get(person)?.told.get(device);
      if (sid === undefined || (told?.sequence === sequence && told.sid === sid)) continue;
      if (left === 0) {
        this.#stale = true;
        this.#tellAtMs = turn.nowMs + config.tellPauseMs;
        return;
      }
      left -= 1;
      const id = crypto.keys.bytes(16);
      delivery.replaceControl(person, device, { type: 'presence', id, sequence, secret: own.presence });
      this.#rows.tell(person, device, { sequence, sid });
    }
  }

  /** Our addresses to the devices that a link reaches; the others will ask the key space. */
  #tellAddresses(): void {
    const { book, crypto, delivery, sessions, turn } = this.#parts;
    const told = this.#told;
    if (told === undefined) return;
    for (const { person, device } of this.#parts.reachableDevices()) {
      const contact = book.get(person);
      if (contact?.state !== 'connected' || contact.keyChanged) continue;
      if (book.liveDevice(person, device) === undefined || sessions.sending(device) === undefined) continue;
      const { addresses } = told;
      const sequence = (told.sequence ??= this.#rows.next(turn.wallMs));
      if (this.#heard.get(device) === sequence) continue;
      this.#heard.set(device, sequence);
      const id = crypto.keys.bytes(16);
      delivery.replaceControl(person, device, { type: 'addresses', id, sequence, addresses });
    }
  }

  #addressesSettled(): void {
    const { turn } = this.#parts;
    this.#addressesDueMs = Infinity;
    this.#addressesToldMs = turn.nowMs;
    const addresses = this.#addresses;
    this.#told = addresses.length === 0 ? undefined : { sequence: undefined, addresses };
    this.#post.changed();
    this.#search.renew();
    this.changed();
  }

  /** Live devices of the contacts we write to. */
  #writable(): { person: PersonId; device: DeviceId }[] {
    const { book } = this.#parts;
    const writable: { person: PersonId; device: DeviceId }[] = [];
    for (const { person, state, keyChanged } of book.all()) {
      if (state !== 'connected' || keyChanged) continue;
      for (const { device } of book.liveDevices(person)) writable.push({ person, device });
    }
    return writable;
  }

  /** Contacts under the secret they told us, and people we asked to meet under that of their card. */
  #sought(): Sought[] {
    const { book, cards } = this.#parts;
    const sought: Sought[] = [];
    for (const { person, state, keyChanged } of book.all()) {
      const devices = book.liveDevices(person);
      const secret = this.#rows.get(person)?.secret;
      const card = cards.get(person);
      if (state === 'connected' && !keyChanged && secret !== undefined) {
        for (const live of devices) sought.push({ person, live, secret, slot: presenceSlot(live.device) });
      } else if (state === 'requested' && card !== undefined) {
        // A card of one who is known by nothing else names no device whose word could be judged.
        const [live] = devices;
        if (live !== undefined) sought.push({ person, live, secret: card.intakeSecret, slot: intakeSlot });
      }
    }
    return sought;
  }

  #targets(): PostTarget[] {
    const { own, book } = this.#parts;
    const addresses = this.#told?.addresses ?? [];
    const targets: PostTarget[] = [];
    if (addresses.length > 0 && book.count('connected') > 0) {
      targets.push({ slot: presenceSlot(own.device.device), secret: own.presence, addresses });
    }
    // Everybody may hold a card: they are told nothing of the networks we are in.
    const global = addresses.filter((each) => scopeOf(each) === 'global');
    if (global.length > 0 && own.cardOutstanding) {
      targets.push({ slot: intakeSlot, secret: own.intakeSecret, addresses: global });
    }
    return targets;
  }
}

/** What others may be told of where we listen: no loopback, plain TCP before WebSocket, the farthest first. */
function tellable(addresses: readonly string[]): string[] {
  const canonical = new Set(addresses.flatMap((each) => canonicalAddress(each) ?? []));
  const sorted = [...canonical].sort((a, b) => Number(a.endsWith('/ws')) - Number(b.endsWith('/ws')));
  const global = sorted.filter((each) => scopeOf(each) === 'global');
  const site = sorted.filter((each) => scopeOf(each) === 'site');
  const first = global.slice(0, site.length > 0 ? globalAddressesMax : toldAddressesMax);
  return [...first, ...site].slice(0, toldAddressesMax);
}
