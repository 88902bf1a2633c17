/**
 * How two people become contacts: cards, requests, the request box, acceptance. Specification:
 * docs/protocol/meeting.md.
 *
 * Rules kept here:
 *   1. Refusal and block are silence: nothing tells them apart from never having received the request.
 *   2. A valid token of ours, a crossed request, or an existing contact is accepted at once; all else waits
 *      in the request box, of which there are at most `requestsMax`.
 */
import { hex } from '../base/bytes.ts';
import { KithError } from '../base/errors.ts';
import type { DeviceId, LinkId, PersonId } from '../base/ids.ts';
import type { ContactRow } from '../base/store.ts';
import { cleanName } from '../base/text.ts';
import { type Card, decodeCard, encodeLink } from '../crypto/card/card.ts';
import { intakeRecognitionKey } from '../crypto/card/intake.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { decodeBundle } from '../crypto/handshake/bundle.ts';
import { decodeIdentity, type Identity } from '../crypto/identity/identity.ts';
import { chainContinues } from '../crypto/identity/root-chain.ts';
import type { SessionTable } from '../protocol/sessions/session-table.ts';
import type { Content } from '../wire/content.ts';
import type { HandshakeFrame } from '../wire/handshake.ts';
import type { RequestFrame } from '../wire/request.ts';
import type { Acknowledgements } from './acknowledgements.ts';
import { type Book, contactsMax, requestsMax } from './book.ts';
import { readCard } from './card-reading.ts';
import type { CardShelf } from './card-shelf.ts';
import { fallbackName, withClaim } from './contact-names.ts';
import type { Commands, ContactView } from './contract.ts';
import type { Delivery } from './delivery.ts';
import { type Arrived, Door } from './door.ts';
import type { Identities } from './identities.ts';
import type { Opened, Openings } from './openings.ts';
import { type Own, ownCardLifeMs } from './own.ts';
import type { OwnProfile } from './own-profile.ts';
import type { Requests } from './requests.ts';
import { noteReset } from './session-resets.ts';
import type { Turn } from './turn.ts';

const dayMs = 24 * 3_600_000;
const cardLifeMsDefault = 365 * dayMs;
const onceLifeMsDefault = 7 * dayMs;

export interface MeetingParts {
  crypto: Crypto;
  turn: Turn;
  own: Own;
  book: Book;
  cards: CardShelf;
  openings: Openings;
  requests: Requests;
  sessions: SessionTable;
  delivery: Delivery;
  acknowledgements: Acknowledgements;
  identities: Identities;
  profile: Pick<OwnProfile, 'met'>;
  /** Multiaddrs where we can be reached now, best first. */
  hints(): string[];
  /** A person became, or stopped being, somebody whose devices we look for. */
  onAcquaintance(person: PersonId): void;
  view(row: ContactRow): ContactView;
}

export class Meeting {
  #parts: MeetingParts;
  #door: Door;

  constructor(parts: MeetingParts) {
    this.#parts = parts;
    this.#door = new Door(parts);
  }

  /** The key by which the holder of that person's card is recognised by them, and their hints. */
  cardOf(person: PersonId): { recognitionKey: Uint8Array; hints: string[] } | undefined {
    const card = this.#parts.cards.get(person);
    if (card === undefined) return undefined;
    const recognitionKey = intakeRecognitionKey(this.#parts.crypto.backend, card.intakeSecret);
    return { recognitionKey, hints: card.hints };
  }

  makeCard(once: boolean, expiresInMs: number | undefined): Commands['makeCard']['out'] {
    const { own, crypto } = this.#parts;
    if (expiresInMs !== undefined && !(Number.isSafeInteger(expiresInMs) && expiresInMs >= 1)) {
      throw new KithError('usage', 'A card is good for at least a millisecond.');
    }
    const life = Math.min(expiresInMs ?? (once ? onceLifeMsDefault : cardLifeMsDefault), ownCardLifeMs);
    const card = own.card({ once, expiresInMs: life, hints: this.#parts.hints(), handedOut: true });
    const link = encodeLink(crypto.backend, { card, identity: own.identity, bundle: own.bundle().bytes });
    const short = encodeLink(crypto.backend, { card, identity: undefined, bundle: undefined });
    return { card: link, short, expiresAtWallMs: card.expiresWallMs };
  }

  /** @throws KithError `bad-card`, `card-expired`, `newer-format`, `own-card`, `blocked`, `bad-name`, `full` */
  add(text: string, name: string | undefined): Commands['add']['out'] {
    const { book, turn } = this.#parts;
    const link = readCard(this.#parts, text);
    const { card } = link;
    const given = name === undefined ? undefined : cleanName(name);
    if (name !== undefined && given === undefined) throw new KithError('bad-name');

    // What is known is never replaced by an older link: the two are merged.
    if (link.identity !== undefined) this.#parts.identities.mergeVerified(card.person, link.identity);
    const known = book.get(card.person);
    this.#keepCard(card);
    if (known?.state === 'connected') return { ...this.#named(known, given), expected: false };
    if (known?.state === 'incoming') {
      return { ...this.accept(this.#rename(known, given).person), expected: false };
    }
    const row: ContactRow = {
      ...(known ?? this.#newContact(card.person)),
      state: 'requested',
      createdMs: turn.nowMs, // Adding the card again asks anew: the 30 days begin again.
      identity: book.identity(card.person)?.bytes ?? link.identity?.bytes ?? new Uint8Array(0),
    };
    if (given !== undefined) row.name = given;
    book.put(row);
    const identity = book.identity(card.person);
    const [device] = link.identity?.devices ?? [];
    if (identity !== undefined && device !== undefined && link.bundle !== undefined) {
      this.takeBundle(identity, device.device, link.bundle);
    }
    this.#parts.onAcquaintance(card.person);
    this.#parts.requests.send(card.person);
    return { ...this.#parts.view(row), expected: card.token !== undefined };
  }

  /** Lets a waiting person in. @throws KithError `not-requested` */
  accept(person: PersonId): ContactView {
    const { book } = this.#parts;
    const row = book.get(person);
    if (row === undefined) throw new KithError('unknown-contact');
    if (row.state === 'connected') return this.#parts.view(row);
    if (row.state !== 'incoming') throw new KithError('not-requested');
    this.#connect(row);
    return this.#parts.view(book.get(person)!);
  }

  /** Forgets what we shared with a person. */
  forget(person: PersonId): void {
    this.#parts.cards.remove(person);
    this.#parts.requests.withdraw(person);
  }

  /** A bundle that came with a card or over a link recognised as theirs. Kept when valid and newer. */
  takeBundle(identity: Identity, device: DeviceId, bytes: Uint8Array): void {
    const { book, crypto } = this.#parts;
    const live = identity.devices.find((each) => each.device === device);
    const bundle = live && decodeBundle(crypto.backend, bytes, live.signingKey);
    if (live === undefined || bundle === undefined || bundle.device !== device) return;
    const known = book.device(device);
    const before = this.#parts.openings.bundleOf(identity, device);
    if (before !== undefined && before.seq >= bundle.seq) return;
    const { person } = identity;
    book.putDevice({ addresses: [], ...known, device, person, bundle: Uint8Array.from(bytes) });
    if (before === undefined || book.get(person)?.state !== 'requested') return;
    // They published a new bundle while our request waits: the prekey it was sealed to may be gone.
    this.#parts.requests.renew(person);
  }

  /** The owner of a card we hold told us who they are: a printed card names only the person. */
  takeIdentity(person: PersonId, bytes: Uint8Array): void {
    const { book, crypto } = this.#parts;
    const row = book.get(person);
    if (row === undefined || row.identity.length > 0) return;
    const identity = decodeIdentity(crypto.backend, bytes);
    if (identity?.person !== person || !this.#continuesCard(identity)) return;
    book.put({ ...row, identity: identity.bytes });
    this.#parts.onAcquaintance(person);
  }

  /** A stranger's, or a lost contact's, first message. */
  onRequest(frame: RequestFrame, hash: Uint8Array): void {
    const arrived = this.#door.request(frame);
    if (arrived === undefined || this.#onAuthenticRequest({ ...arrived, hash })) return;
    arrived.opened.session.release();
  }

  /** A fresh session of somebody we know, over a link that was recognised as that device. */
  onHandshake(link: LinkId, frame: HandshakeFrame, more: { hash: Uint8Array; device: DeviceId }): void {
    const { device, hash } = more;
    const { book, turn, openings, acknowledgements } = this.#parts;
    const person = book.device(device)?.person;
    const state = person === undefined ? undefined : book.get(person)?.state;
    if (person === undefined || (state !== 'connected' && state !== 'requested')) return;
    const arrived = this.#door.handshake(frame, device, turn.nowMs);
    if (arrived === undefined) return;
    const { opened, content } = arrived;
    openings.remember(opened);
    if (!this.#speaks(opened)) {
      opened.session.release();
      return;
    }
    this.#adopt(opened, hex(hash));
    // They count us among their contacts: we were removed here, or lost with a copy, and asked again.
    this.onImpliedAccept(person);
    acknowledgements.owe(device, { person, id: content.id, message: undefined, hash, link });
  }

  /** The answer to our request. */
  onAccept(person: PersonId, content: Extract<Content, { type: 'accept' }>): void {
    const { book } = this.#parts;
    const row = book.get(person);
    if (row === undefined) return;
    // Whatever token we held is spent now; their own card replaces the one we were handed.
    this.#learn(row, content, true);
    if (row.state === 'requested') this.#becomeConnected(book.get(person)!);
  }

  /** They wrote to us, so they let us in; the acceptance itself is still on its way. */
  onImpliedAccept(person: PersonId): void {
    const row = this.#parts.book.get(person);
    if (row?.state === 'requested') this.#becomeConnected(row);
  }

  /** Ends our request, unless the session it opens still sends and has not reached them. */
  onConfirmed(person: PersonId): void {
    const { book, sessions, delivery } = this.#parts;
    const opening = book.liveDevices(person).some(({ device }) => {
      const sending = sessions.sending(device);
      return sending !== undefined && sending.startedBySelf && !sending.confirmed;
    });
    if (!opening && book.get(person)?.state === 'connected') delivery.withdrawRequests(person);
  }

  /** A contact calls itself something else now, or has another colour. */
  onProfile(person: PersonId, { name, hue }: { name: string; hue: number | undefined }): void {
    const row = this.#parts.book.get(person);
    if (row === undefined) return;
    if (row.hue !== hue) this.#parts.book.put({ ...row, hue });
    this.#learnName({ ...row, hue }, name);
  }

  /** @returns whether its session was taken over. */
  #onAuthenticRequest(
    request: Arrived<'request'> & { hash: Uint8Array; tokenId: string | undefined },
  ): boolean {
    const { own, book, turn, acknowledgements } = this.#parts;
    const { opened, content, hash } = request;
    const { person } = opened.from;
    if (person === own.identity.person) return false;
    acknowledgements.remember(hash, person);
    this.#parts.openings.remember(opened);
    if (book.get(person)?.state === 'blocked' || !this.#speaks(opened)) return false;
    const known = book.get(person);
    const welcome = request.tokenId !== undefined || (known !== undefined && known.state !== 'incoming');
    if (
      known === undefined &&
      (book.size >= contactsMax || (!welcome && book.count('incoming') >= requestsMax))
    ) {
      turn.log('warn', 'request-box-full', { held: book.count('incoming') });
      return false;
    }
    if (request.tokenId !== undefined) own.spendToken(request.tokenId);
    const row: ContactRow = {
      ...(known ?? this.#newContact(person)),
      greeting: content.greeting,
    };
    if (row.identity.length === 0) row.identity = opened.from.bytes;
    book.put(row);
    this.#learn(row, content);
    this.#adopt(opened, hex(hash));
    const now = book.get(person)!;
    if (welcome) {
      this.#connect(now);
      return true;
    }
    if (known === undefined) turn.event('request', { id: person, name: now.name, greeting: now.greeting });
    return true;
  }

  /**
   * Whether the device that opened a session speaks for its person by all that is known, what it showed included:
   * an identity from before its device was revoked, or the root changed, verifies too.
   */
  #speaks({ from, fromDevice }: Opened): boolean {
    const { book, identities } = this.#parts;
    if (book.identity(from.person) === undefined) return this.#continuesCard(from);
    identities.mergeVerified(from.person, from);
    return book.liveDevice(from.person, fromDevice) !== undefined;
  }

  /** Whether an identity begins with the root chain of the card we hold: an older chain may be a thief's. */
  #continuesCard({ person, chain }: Identity): boolean {
    const card = this.#parts.cards.get(person);
    return card === undefined || chainContinues(chain, card.chain);
  }

  /** Makes a contact connected on our side and tells them, in the session their request opened. */
  #connect(row: ContactRow): void {
    const { own, book, delivery, crypto, sessions } = this.#parts;
    const { person } = row;
    const card = own.card({ once: false, expiresInMs: ownCardLifeMs, hints: this.#parts.hints() });
    for (const { device } of book.liveDevices(person)) {
      if (!sessions.has(device)) continue;
      delivery.control(person, device, {
        type: 'accept',
        id: crypto.keys.bytes(16),
        name: own.name,
        card: card.bytes,
        presence: own.presence,
        mailboxes: [],
        head: own.identity.head,
      });
    }
    this.#becomeConnected(row);
  }

  #becomeConnected(row: ContactRow): void {
    const { book, delivery } = this.#parts;
    const connected: ContactRow = { ...row, state: 'connected' };
    book.put(connected);
    this.onConfirmed(row.person);
    this.#parts.onAcquaintance(row.person);
    this.#parts.profile.met(row.person);
    delivery.release(row.person);
  }

  /** Takes the session of an authenticated message 1 over. */
  #adopt(opened: Opened, frameHash: string): void {
    const { sessions, book, turn, delivery } = this.#parts;
    const { from, fromDevice, session } = opened;
    const { person } = from;
    const row = book.get(person);
    if (row === undefined) return;
    if (book.device(fromDevice) === undefined) {
      book.putDevice({ device: fromDevice, person, bundle: undefined, addresses: [] });
    }
    const before = sessions.sending(fromDevice)?.sid;
    const replaced = sessions.add(session, { person, device: fromDevice, startedBySelf: false }, turn.nowMs);
    if (replaced) noteReset(turn, row, frameHash);
    if (before !== undefined && sessions.sending(fromDevice)?.sid !== before) delivery.sealAnew(fromDevice);
    // Written while there was no session with them, as after a restored copy.
    if (row.state === 'connected') delivery.release(person);
    this.onConfirmed(person);
  }

  /** Name and card a contact sent about itself, inside the session. */
  #learn(row: ContactRow, said: { name: string; card: Uint8Array }, spent = false): void {
    const card = decodeCard(this.#parts.crypto.backend, said.card);
    if (card !== undefined && card.person === row.person) this.#keepCard(card, spent);
    this.#learnName(row, said.name);
  }

  #learnName(row: ContactRow, name: string): void {
    const { book } = this.#parts;
    const named = withClaim(row, name, (each) => book.isTaken(each, row.person));
    if (named !== undefined) book.put(named);
  }

  #keepCard(card: Card, spent = false): void {
    const { cards, book } = this.#parts;
    cards.keep(card, { chain: book.identity(card.person)?.chain, spent });
  }

  #newContact(person: PersonId): ContactRow {
    return {
      person,
      name: fallbackName(person),
      claimedName: '',
      hue: undefined,
      state: 'incoming',
      stateBeforeBlock: undefined,
      verified: false,
      keyChanged: false,
      identity: new Uint8Array(0),
      greeting: '',
      conversation: this.#parts.book.conversationWith(person),
      createdMs: this.#parts.turn.nowMs,
      lastSeenWallMs: undefined,
    };
  }

  #rename(row: ContactRow, name: string | undefined): ContactRow {
    if (name === undefined || name === row.name) return row;
    const renamed = { ...row, name };
    this.#parts.book.put(renamed);
    return renamed;
  }

  #named(row: ContactRow, name: string | undefined): ContactView {
    return this.#parts.view(this.#rename(row, name));
  }
}
