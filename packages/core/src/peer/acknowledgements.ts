/**
 * What we owe others: an acknowledgement for each content they sent, several in one frame, and the same bytes
 * again when the same frame comes again. Specification: docs/protocol/outbox.md, section acknowledgements.
 */
import { hex } from '../base/bytes.ts';
import { idText } from '../base/ids.ts';
import type { DeviceId, LinkId, MessageId, PersonId } from '../base/ids.ts';
import type { Store } from '../base/store.ts';
import type { Crypto } from '../crypto/crypto.ts';
import type { SessionTable } from '../protocol/sessions/session-table.ts';
import { ackIdsMax, encodeContent } from '../wire/content.ts';
import { encodeFrame } from '../wire/frame.ts';
import type { Book } from './book.ts';
import type { Turn } from './turn.ts';

/** docs/protocol/outbox.md: as long as a copy of the frame can still arrive from a carrier. */
const rememberedMs = 41 * 24 * 3_600_000;

interface Owed {
  person: PersonId;
  id: Uint8Array;
  message: MessageId | undefined;
  hash: Uint8Array;
  link: LinkId;
}

export class Acknowledgements {
  #crypto: Crypto;
  #store: Store;
  #turn: Turn;
  #sessions: SessionTable;
  #book: Book;
  #owed = new Map<DeviceId, Owed[]>();
  /** Hashes of the frames in `owed`, in hex: their rows are written at the end of the batch. */
  #owedHashes = new Set<string>();
  #repeated = new Set<string>();

  constructor(parts: { crypto: Crypto; store: Store; turn: Turn; sessions: SessionTable; book: Book }) {
    this.#crypto = parts.crypto;
    this.#store = parts.store;
    this.#turn = parts.turn;
    this.#sessions = parts.sessions;
    this.#book = parts.book;
  }

  /** A content was opened and taken in; its acknowledgement goes out at the end of the batch. */
  owe(device: DeviceId, owed: Owed): void {
    this.#owedHashes.add(hex(owed.hash));
    const list = this.#owed.get(device);
    if (list === undefined) this.#owed.set(device, [owed]);
    else list.push(owed);
  }

  /** Remembers a frame that is answered by nothing. */
  remember(hash: Uint8Array, person: PersonId): void {
    const expiresAtMs = this.#turn.nowMs + rememberedMs;
    this.#turn.store({
      op: 'putReceived',
      row: { hash, person, message: undefined, ack: undefined, expiresAtMs },
    });
  }

  /** @returns whether this frame was opened before; if so it was answered again, once a batch. */
  repeat(hash: Uint8Array, link: LinkId): boolean {
    if (this.#owedHashes.size > 0 && this.#owedHashes.has(hex(hash))) return true;
    const row = this.#store.received(hash);
    if (row === undefined) return false;
    if (row.ack === undefined || this.#repeated.has(row.ack)) return true;
    // A contact who was blocked or removed since hears nothing more, not even what it heard before.
    if (this.#book.get(row.person)?.state !== 'connected') return true;
    const kept = this.#store.ack(row.ack);
    if (kept === undefined) return true;
    this.#repeated.add(row.ack);
    this.#turn.send(link, 'message', kept.sealed);
    return true;
  }

  /** Seals and sends what is owed. Once a batch, before the sessions are written back. */
  settle(): void {
    // Most batches owe nothing; emptying a set that is empty makes a new one.
    if (this.#repeated.size > 0) this.#repeated.clear();
    if (this.#owed.size === 0) return;
    for (const [device, owed] of this.#owed) {
      for (let at = 0; at < owed.length; at += ackIdsMax)
        this.#answer(device, owed.slice(at, at + ackIdsMax));
    }
    this.#owed.clear();
    this.#owedHashes.clear();
  }

  #answer(device: DeviceId, owed: Owed[]): void {
    const ids = [...new Map(owed.map((each) => [hex(each.id), each.id])).values()];
    const envelope = this.#sessions.seal(
      device,
      encodeContent({ type: 'ack', ids, tokens: [] }),
      this.#turn.nowMs,
    );
    const expiresAtMs = this.#turn.nowMs + rememberedMs;
    const ack = envelope && idText(this.#crypto.keys.bytes(16));
    for (const { hash, person, message } of owed) {
      this.#turn.store({ op: 'putReceived', row: { hash, person, message, ack, expiresAtMs } });
    }
    if (envelope === undefined || ack === undefined) return;
    const sealed = encodeFrame({ type: 'envelope', bytes: envelope });
    this.#turn.store({ op: 'putAck', row: { ack, sealed, expiresAtMs } });
    for (const link of new Set(owed.map((each) => each.link))) this.#turn.send(link, 'message', sealed);
  }
}
