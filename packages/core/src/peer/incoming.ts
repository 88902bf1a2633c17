/**
 * From the bytes of a frame to what they change: find the session, open, validate, take in once, owe the
 * acknowledgement. Nothing before `open` succeeds changes any state; what does not open is dropped.
 */
import { hex } from '../base/bytes.ts';
import { idText } from '../base/ids.ts';
import type { DeviceId, LinkId, MessageId, PersonId } from '../base/ids.ts';
import { unreachable } from '../base/invariant.ts';
import type { ContactRow, Store } from '../base/store.ts';
import type { CryptoBackend } from '../crypto/backend.ts';
import type { SessionRecord, SessionTable } from '../protocol/sessions/session-table.ts';
import { type Content, decodeContent } from '../wire/content.ts';
import type { Acknowledgements } from './acknowledgements.ts';
import type { Book } from './book.ts';
import type { Changes } from './changes.ts';
import type { Delivery } from './delivery.ts';
import type { Identities } from './identities.ts';
import type { Meeting } from './meeting.ts';
import type { Presence } from './presence.ts';
import type { Reading } from './reading.ts';
import type { Renewal } from './renewal.ts';
import type { Turn } from './turn.ts';
import type { Typing } from './typing.ts';

/** Where the tag stands in an envelope: after its version byte (docs/protocol/envelope.md). */
const tagStart = 1;
const tagEnd = 17;

export interface IncomingParts {
  backend: CryptoBackend;
  turn: Turn;
  store: Store;
  book: Book;
  changes: Changes;
  typing: Typing;
  reading: Reading;
  sessions: SessionTable;
  delivery: Delivery;
  meeting: Meeting;
  renewal: Renewal;
  identities: Identities;
  acknowledgements: Acknowledgements;
  presence: Pick<Presence, 'onPresence' | 'onAccept' | 'onAddresses'>;
  /** The device of a contact that this link was recognised as. */
  deviceOn(link: LinkId): { person: PersonId; device: DeviceId } | undefined;
}

export class Incoming {
  #parts: IncomingParts;

  constructor(parts: IncomingParts) {
    this.#parts = parts;
  }

  /** 32 bytes by which a frame that comes again is known. */
  hash(frame: Uint8Array): Uint8Array {
    return this.#parts.backend.sha512(frame).slice(0, 32);
  }

  onEnvelope(link: LinkId, envelope: Uint8Array): void {
    const { sessions, acknowledgements, book, turn } = this.#parts;
    const hash = this.hash(envelope);
    if (acknowledgements.repeat(hash, link)) return;
    const record = sessions.byTag(hex(envelope.subarray(tagStart, tagEnd)));
    if (record === undefined) {
      this.#onStrange(link);
      return;
    }
    // What a blocked or waiting contact sends stays sealed: it opens when it comes again and they are let in.
    const contact = book.get(record.person);
    if (contact?.state !== 'connected' && contact?.state !== 'requested') return;
    const before = record.confirmed;
    const opened = sessions.open(record, envelope);
    if ('failed' in opened) {
      turn.log('warn', 'envelope-refused', { why: opened.failed });
      // Who can seal an outer envelope holds the session's keys: its inside failing means the session is lost.
      if (opened.failed === 'gap') this.#parts.renewal.renew(record.person, record.device);
      return;
    }
    const content = decodeContent(opened.content);
    if (content === undefined) return;
    if (book.liveDevice(record.person, record.device) === undefined) return;
    this.#seen(contact);
    if (!before) this.#parts.meeting.onConfirmed(record.person);
    this.#takeIn({ link, record, contact, content, hash });
  }

  #takeIn(arrived: {
    link: LinkId;
    record: SessionRecord;
    contact: ContactRow;
    content: Content;
    hash: Uint8Array;
  }): void {
    const { meeting, delivery, identities, acknowledgements } = this.#parts;
    const { link, record, contact, content, hash } = arrived;
    const { person, device } = record;
    if (content.type === 'ack') {
      for (const id of content.ids) delivery.acknowledged(device, id);
      acknowledgements.remember(hash, person);
      return;
    }
    // The ratchet opens it once; it is not answered, so that it need not be remembered.
    if (content.type === 'typing') {
      this.#parts.typing.onTyping(contact, content.on);
      return;
    }
    switch (content.type) {
      case 'message':
        this.#onMessage(contact, content);
        break;
      case 'accept':
        meeting.onAccept(person, content);
        this.#parts.presence.onAccept(person, content.presence);
        identities.compareHead(person, device, content.head);
        break;
      case 'hello':
        identities.compareHead(person, device, content.head);
        break;
      case 'identity':
        identities.merge(person, content.identity);
        break;
      case 'identityAsk':
        identities.tell(person, device);
        break;
      case 'profile':
        meeting.onProfile(person, content);
        break;
      case 'presence':
        this.#parts.presence.onPresence(person, content);
        break;
      case 'addresses':
        this.#parts.presence.onAddresses(device, content);
        break;
      case 'edit':
      case 'delete':
      case 'react':
        this.#parts.changes.onChange(contact, content);
        break;
      case 'read':
        this.#parts.reading.onRead(contact, device, content.messages);
        break;
      case 'request':
        break; // Only message 1 carries a request; inside a session it means nothing.
      default:
        unreachable(content);
    }
    const message = content.type === 'message' ? (idText(content.id) as MessageId) : undefined;
    acknowledgements.owe(device, { person, id: content.id, message, hash, link });
  }

  /** Takes a message in once, whatever session or carrier brings it again. */
  #onMessage(contact: ContactRow, content: Extract<Content, { type: 'message' }>): void {
    const { store, changes, turn, meeting } = this.#parts;
    const id = idText(content.id) as MessageId;
    const { conversation, person } = contact;
    // A message from somebody we asked means that they let us in, though the word of it came later or never.
    if (contact.state === 'requested') meeting.onImpliedAccept(person);
    if (store.receivedMessage(person, id) !== undefined) return;
    if (store.message(conversation, id) !== undefined) return;
    const { sentWallMs, ttlMs } = content;
    this.#parts.typing.received(person);
    changes.received({
      conversation,
      id,
      direction: 'in',
      person,
      text: content.text,
      sentWallMs,
      receivedWallMs: turn.wallMs,
      state: 'received',
      reason: undefined,
      expiresAtMs: undefined,
      expiresAtWallMs: ttlMs === undefined ? undefined : sentWallMs + ttlMs,
      replyTo: content.replyTo && (idText(content.replyTo) as MessageId),
      editSequence: undefined,
      deleted: false,
    });
  }

  /** A tag we do not know, over a link of somebody we do: our session with them is lost, or was never made. */
  #onStrange(link: LinkId): void {
    const known = this.#parts.deviceOn(link);
    if (known === undefined) return;
    this.#parts.turn.log('info', 'envelope-of-unknown-session', {});
    this.#parts.renewal.renew(known.person, known.device);
  }

  /** What a carrier brings counts as well. For people a minute is exact enough; a write for every message is too much. */
  #seen(contact: ContactRow): void {
    const { wallMs } = this.#parts.turn;
    if (wallMs - (contact.lastSeenWallMs ?? -Infinity) < 60_000) return;
    this.#parts.book.seen(contact.person);
  }
}
