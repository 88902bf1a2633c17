/**
 * Who gets as far as an authenticated first message. Tag and gate cost hashes; what stands behind them costs a
 * handshake and up to 99 signatures, so a message that failed there is not tried again for nothing.
 * Specification: docs/protocol/meeting.md.
 *
 * Nothing here changes what is stored, and every refusal is silence.
 */
import { hex } from '../base/bytes.ts';
import type { DeviceId } from '../base/ids.ts';
import { TokenBucket } from '../base/token-bucket.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { gateHash, tokenMacMatches, workMatches } from '../protocol/meeting/gate.ts';
import { type Content, decodeContent } from '../wire/content.ts';
import type { HandshakeFrame } from '../wire/handshake.ts';
import type { RequestFrame } from '../wire/request.ts';
import { type Book, contactsMax, requestsMax } from './book.ts';
import type { Opened, Openings } from './openings.ts';
import { type Own, tokensMax } from './own.ts';

/** Failed requests that are known again; the oldest goes first. Each was paid for with its own work. */
const failedRequestsMax = 4_096;
/** Failed requests under one token, whose holder makes them for nothing. */
const failedPerTokenMax = 8;
/** Fresh sessions of one device: so many at once, then one every half minute. Honest ones come once a minute. */
const handshakes = { burst: 8, refillMs: 30_000 };

export interface DoorParts {
  crypto: Crypto;
  own: Own;
  openings: Openings;
  book: Book;
}

export type Arrived<Kind extends Content['type']> = {
  opened: Opened;
  content: Extract<Content, { type: Kind }>;
};

export class Door {
  #parts: DoorParts;
  /** Gate hashes in hex: another solution for the same message is no new message. */
  #failed = new Set<string>();
  #failedUnder = new Map<string, number>();
  #buckets = new Map<DeviceId, TokenBucket>();

  constructor(parts: DoorParts) {
    this.#parts = parts;
  }

  /** An authentic request, and the token of ours that it held, if any. */
  request(frame: RequestFrame): (Arrived<'request'> & { tokenId: string | undefined }) | undefined {
    const { own, crypto, openings } = this.#parts;
    const week = own.isIntakeTag(frame.tag, openings.week);
    if (week === undefined) return undefined;
    const { gate } = frame;
    const token = gate.kind === 'token' ? own.token(hex(gate.tokenId)) : undefined;
    const passed =
      gate.kind === 'token'
        ? token !== undefined &&
          tokenMacMatches(crypto.backend, token.token, { subject: frame, mac: gate.mac })
        : workMatches(crypto.backend, own.bundle().difficulty, { subject: frame, solution: gate.solution });
    if (!passed) return undefined;
    const subject = hex(gateHash(crypto.backend, frame));
    if (this.#failed.has(subject)) return undefined;
    if (token !== undefined && (this.#failedUnder.get(token.id) ?? 0) >= failedPerTokenMax) return undefined;
    // Not remembered: the same bytes are heard when they come again and there is room.
    if (token === undefined && this.#isBoxFull()) return undefined;
    const opened = openings.open(frame, week);
    const content = opened && decodeContent(opened.content);
    if (opened !== undefined && content?.type === 'request') return { opened, content, tokenId: token?.id };
    opened?.session.release();
    this.#remember(subject, token?.id);
    return undefined;
  }

  /** An authentic fresh session of that device. */
  handshake(frame: HandshakeFrame, device: DeviceId, nowMs: number): Arrived<'hello'> | undefined {
    const { own, openings } = this.#parts;
    const week = own.isIntakeTag(frame.tag, openings.week);
    if (week === undefined || !this.#bucket(device, nowMs).take(nowMs)) return undefined;
    const opened = openings.open(frame, week);
    const content = opened && decodeContent(opened.content);
    if (opened?.fromDevice === device && content?.type === 'hello') return { opened, content };
    opened?.session.release();
    return undefined;
  }

  #isBoxFull(): boolean {
    const { book } = this.#parts;
    return book.count('incoming') >= requestsMax || book.size >= contactsMax;
  }

  #remember(subject: string, token: string | undefined): void {
    this.#failed.add(subject);
    if (this.#failed.size > failedRequestsMax) this.#failed.delete(this.#failed.values().next().value!);
    if (token === undefined) return;
    this.#failedUnder.set(token, (this.#failedUnder.get(token) ?? 0) + 1);
    if (this.#failedUnder.size > tokensMax) this.#failedUnder.delete(this.#failedUnder.keys().next().value!);
  }

  #bucket(device: DeviceId, nowMs: number): TokenBucket {
    const known = this.#buckets.get(device);
    if (known !== undefined) return known;
    const made = new TokenBucket(handshakes, nowMs);
    this.#buckets.set(device, made);
    if (this.#buckets.size > contactsMax) this.#buckets.delete(this.#buckets.keys().next().value!);
    return made;
  }
}
