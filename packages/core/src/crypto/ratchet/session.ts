/**
 * One session between two devices: the Double Ratchet with a KEM mixed in from time to time, inside weekly
 * envelopes. Specification: docs/protocol/ratchet.md, docs/protocol/envelope.md.
 *
 * Pure: time and randomness are arguments. Invariants (session.test.ts, schedules.test.ts):
 *   1. A message is opened at most once, and only as it was sealed.
 *   2. Whatever does not open leaves `encode()` as it was.
 *   3. No message key is used with one nonce for two plaintexts, even in a copied profile.
 *   4. Keys stand in `backend.secrets` memory and are wiped when used; `release` wipes the rest.
 */
import { bytesEqual, concat, hex } from '../../base/bytes.ts';
import { invariant } from '../../base/invariant.ts';
import type { CryptoBackend } from '../backend.ts';
import type { Crypto } from '../crypto.ts';
import { H } from '../hash.ts';
import { labels } from '../labels.ts';
import {
  decodeFrame,
  fixedBytes,
  type Frame,
  frameBytesMax,
  type Header,
  headerBytesOf,
  nonceBytes,
  sidBytes,
  writeHeader,
} from './frame.ts';
import { Mailbox } from './mailbox.ts';
import { padInto, paddedSizes, unpad } from './padding.ts';
import { decodeState, emptyState, encodeState, type SessionState, transcriptBytes } from './session-state.ts';
import { SkippedKeys, type SkippedLookup, skippedPerChainMax } from './skipped-keys.ts';
import { chainStep, hedgedNonce, keyBytes, rootStep, walkChain } from './steps.ts';

/** A fresh KEM secret is due after this many messages sealed or opened … */
export const mixingMessages = 50;
/** … or after this time, whichever comes first (docs/protocol/ratchet.md). */
export const mixingMs: number = 7 * 24 * 3_600_000;
/** An offer rides in the first so many messages of a chain, and in every so-manieth after them. */
const offerEvery = 16;
const numberMax = 2 ** 32 - 1;

// Arrays beyond 64 bytes cost most of a microsecond to make, as much as the primitives themselves. Nothing here
// outlives the call that writes it: the plaintext is wiped, the frame is ciphertext.
const paddedScratch = new Uint8Array(paddedSizes.at(-1)!);
const frameScratch = new Uint8Array(frameBytesMax);

/**
 * `envelope`: not for this session. `old`: that number was opened before or given up. `gap`: over 1,000 are missing
 * before it, try again later. `forged`: a key step or the seal failed. All for the caller; a peer is never told.
 */
export type OpenFailure = 'envelope' | 'old' | 'gap' | 'forged';
export type Opened = { content: Uint8Array } | { failed: OpenFailure };

/** What a handshake hands over. All are copied; the caller wipes its own. */
export interface SessionStart {
  initiator: boolean;
  th2: Uint8Array;
  /** RK and EX, 32 bytes each. */
  rootKey: Uint8Array;
  exporter: Uint8Array;
  /** The initiator's first view of the other side: SPK_B. */
  theirs?: Uint8Array;
  /** The responder's first pair: SPK_B. */
  own?: { publicKey: Uint8Array; secretKey: Uint8Array };
}

export class Session {
  /** 32 characters of lower-case hex. */
  readonly sid: string;
  readonly #backend: CryptoBackend;
  readonly #sid: Uint8Array;
  readonly #state: SessionState;
  readonly #mailbox: Mailbox;
  readonly #skipped: SkippedKeys;
  /** th2 and room for a header without KEM fields: the associated data of almost every message. */
  readonly #ad: Uint8Array;
  #released = false;

  private constructor(backend: CryptoBackend, state: SessionState, skipped: (sid: string) => SkippedKeys) {
    this.#backend = backend;
    this.#state = state;
    this.#sid = H(backend, labels.sessionId, state.th2).slice(0, sidBytes);
    this.sid = hex(this.#sid);
    this.#mailbox = new Mailbox(backend, state.exporter, state.initiator);
    this.#skipped = skipped(this.sid);
    this.#ad = new Uint8Array(transcriptBytes + fixedBytes);
    this.#ad.set(state.th2);
  }

  /** A new session, from a handshake. Without a lookup its skipped keys stay in memory too. */
  static start(backend: CryptoBackend, start: SessionStart, skippedLookup?: SkippedLookup): Session {
    const { theirs, own } = start;
    const state = emptyState(backend, Uint8Array.from(start.th2), start.initiator);
    state.rootKey.set(start.rootKey);
    state.exporter.set(start.exporter);
    if (theirs !== undefined) state.theirs = Uint8Array.from(theirs);
    if (own !== undefined) {
      state.own = Uint8Array.from(own.publicKey);
      state.ownSecret.set(own.secretKey);
    }
    return new Session(
      backend,
      state,
      (sid) => new SkippedKeys(backend, sid, { chains: [], lookup: skippedLookup }),
    );
  }

  /**
   * A session from what `encode` gave, or undefined where the bytes are not that.
   * `skippedLookup` reads the rows that `takeSkipped` told to put; what it returns is wiped after use.
   */
  static decode(
    backend: CryptoBackend,
    bytes: Uint8Array,
    skippedLookup?: SkippedLookup,
  ): Session | undefined {
    const decoded = decodeState(backend, bytes);
    if (decoded === undefined) return undefined;
    const kept = { chains: decoded.chains, lookup: skippedLookup };
    return new Session(backend, decoded.state, (sid) => new SkippedKeys(backend, sid, kept));
  }

  get initiator(): boolean {
    return this.#state.initiator;
  }

  /** 64 bytes that name the handshake; equal on both sides. Must not be written to. */
  get th2(): Uint8Array {
    return this.#state.th2;
  }

  /**
   * Seals one content of 0 to 28,671 bytes into a complete envelope. Moves the chain on: calling twice makes two
   * messages. The state must be stored before the envelope leaves; a retry sends the same bytes again.
   *
   * `week`: weeks since the Unix epoch, 0 to 2^32 − 1. `nowMs`: machine time, for the weekly KEM mixing; without it only
   * the count of messages starts one. (Four arguments: what, and the two clocks the caller keeps apart.)
   */
  // oxlint-disable-next-line max-params -- see above
  seal(crypto: Crypto, content: Uint8Array, week: number, nowMs?: number): Uint8Array {
    return this.#mailbox.seal(this.#sealIntoScratch(crypto, content, nowMs), week);
  }

  /**
   * Opens one envelope, of the week, the one before or the one after. On a failure nothing has changed.
   * Store the state before anything is shown or acknowledged.
   */
  open(crypto: Crypto, envelope: Uint8Array, week: number): Opened {
    const frame = this.#mailbox.open(envelope, week);
    return frame === undefined ? { failed: 'envelope' } : this.openFrame(crypto, frame);
  }

  /** Seals without an envelope: only for message 1, which travels in one of its own. */
  sealFrame(crypto: Crypto, content: Uint8Array, nowMs?: number): Uint8Array {
    return this.#sealIntoScratch(crypto, content, nowMs).slice();
  }

  /** Opens without an envelope: only for message 1. As {@link open} otherwise. */
  openFrame(crypto: Crypto, bytes: Uint8Array): Opened {
    invariant(!this.#released, 'a released session is not used');
    const frame = decodeFrame(bytes);
    if (frame === undefined || !bytesEqual(frame.sid, this.#sid)) return { failed: 'envelope' };
    const { dh, n } = frame.header;
    const { receiving, theirs, theirsBefore, own, receiveNext } = this.#state;
    if (n >= numberMax) return { failed: 'forged' };
    if (receiving && theirs !== undefined && bytesEqual(dh, theirs)) {
      return n < receiveNext ? this.#openSkipped(frame) : this.#openCurrent(frame);
    }
    if (this.#skipped.hasChain(dh)) return this.#openSkipped(frame);
    // Without a pair of ours nothing can have answered it: only a message from before can have another key.
    if (own === undefined || (theirsBefore !== undefined && bytesEqual(dh, theirsBefore)))
      return { failed: 'old' };
    return this.#openNewChain(crypto.backend, frame);
  }

  /** Tags of a week in hex, 32 characters each: what a table of sessions is built from. */
  tags(week: number): { send: string; receive: string } {
    return this.#mailbox.tags(week);
  }

  /** The state without skipped keys, at most 8 KiB. Secret: the caller seals it and wipes it. */
  encode(): Uint8Array {
    return encodeState(this.#state, this.#skipped.chains);
  }

  /**
   * Skipped keys to put and to remove since the last call, for rows of kind `skipped`. To be stored together with
   * `encode()`. The values are copies: the caller wipes them once sealed.
   */
  takeSkipped(): { put: { key: string; value: Uint8Array }[]; removed: string[] } {
    return this.#skipped.drain();
  }

  /** Wipes every key. The session must not be used afterwards; calling twice is harmless. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#mailbox.release();
    this.#skipped.release();
    this.#backend.secrets.release(this.#state.secrets);
  }

  /** @returns the frame, as a view that the next call overwrites. */
  #sealIntoScratch(crypto: Crypto, content: Uint8Array, nowMs: number | undefined): Uint8Array {
    invariant(!this.#released, 'a released session is not used');
    const { backend, keys } = crypto;
    const state = this.#state;
    const padded = padInto(paddedScratch, content);
    if (!state.sending) this.#startChain(crypto, nowMs);
    state.mixedAtMs ??= nowMs;
    if (this.#mixingIsDue(nowMs)) this.#makeOffer(crypto);
    const { sendNext: n, own, offer, answer, previous } = state;
    invariant(own !== undefined && n < numberMax, 'a sending chain has a key and at most 2^32 - 1 messages');

    const carried = n < offerEvery || n % offerEvery === 0 ? offer : undefined;
    const ad = this.#headerAsAd({ dh: own, previous, n, offer: carried, answer });
    const step = chainStep(backend, state.sendingKey);
    const messageKey = step.subarray(keyBytes);
    const nonce = hedgedNonce(backend, messageKey, {
      random24: keys.bytes(nonceBytes),
      ad,
      plaintext: padded,
    });
    const sealed = backend.xchachaSeal(messageKey, nonce, ad, padded);
    state.sendingKey.set(step.subarray(0, keyBytes));
    state.sendNext = n + 1;
    state.sinceMixing += 1;
    backend.wipe(step);
    backend.wipe(padded);
    const headerEnd = ad.length - transcriptBytes;
    frameScratch.set(ad.subarray(transcriptBytes));
    frameScratch.set(nonce, headerEnd);
    frameScratch.set(sealed, headerEnd + nonceBytes);
    return frameScratch.subarray(0, headerEnd + nonceBytes + sealed.length);
  }

  #headerAsAd(header: Header): Uint8Array {
    const length = headerBytesOf(header);
    const ad = length === fixedBytes ? this.#ad : concat(this.#state.th2, new Uint8Array(length));
    writeHeader(ad, transcriptBytes, { sid: this.#sid, header });
    return ad;
  }

  #startChain(crypto: Crypto, nowMs: number | undefined): void {
    const { backend, keys } = crypto;
    const state = this.#state;
    const { theirs, theirOffer } = state;
    invariant(theirs !== undefined, 'who owes a chain knows the key to start it with');
    const seed = keys.bytes(keyBytes);
    const pair = backend.x25519KeyPair(seed);
    const shared = backend.x25519(pair.secretKey, theirs);
    invariant(shared !== undefined, 'a key of theirs was used once before, so it has no low order');
    // A KEM key that fails its check is passed over: it cannot be answered and must not end the conversation.
    const mixed = theirOffer && backend.mlkem768Encapsulate(theirOffer, keys.bytes(keyBytes));
    const step = rootStep(backend, state.rootKey, { shared, kemSecret: mixed?.sharedSecret });
    state.rootKey.set(step.subarray(0, keyBytes));
    state.sendingKey.set(step.subarray(keyBytes));
    state.ownSecret.set(pair.secretKey);
    state.own = pair.publicKey;
    state.sending = true;
    state.previous = state.sendNext;
    state.sendNext = 0;
    state.theirOffer = undefined;
    state.answer = mixed?.ciphertext;
    if (mixed !== undefined) {
      state.sinceMixing = 0;
      state.mixedAtMs = nowMs;
      backend.wipe(mixed.sharedSecret);
    }
    for (const used of [seed, pair.secretKey, shared, step]) backend.wipe(used);
  }

  #mixingIsDue(nowMs: number | undefined): boolean {
    const { offer, sinceMixing, mixedAtMs } = this.#state;
    if (offer !== undefined) return false;
    if (sinceMixing >= mixingMessages) return true;
    return nowMs !== undefined && mixedAtMs !== undefined && nowMs - mixedAtMs >= mixingMs;
  }

  #makeOffer({ backend, keys }: Crypto): void {
    const seed = keys.bytes(this.#state.offerSeed.length);
    const pair = backend.mlkem768KeyPair(seed);
    this.#state.offerSeed.set(seed);
    this.#state.offer = pair.publicKey;
    backend.wipe(seed);
    backend.wipe(pair.secretKey);
  }

  #openSkipped(frame: Frame): Opened {
    const { dh, n } = frame.header;
    const key = this.#skipped.find(dh, n);
    if (key === undefined) return { failed: 'old' };
    const content = this.#openSealed(frame, key);
    this.#backend.wipe(key);
    if (content === undefined) return { failed: 'forged' };
    this.#skipped.remove(dh, n);
    this.#state.sinceMixing += 1;
    return { content };
  }

  #openCurrent(frame: Frame): Opened {
    const state = this.#state;
    const { dh, n } = frame.header;
    const from = state.receiveNext;
    if (n - from > skippedPerChainMax) return { failed: 'gap' };
    const walk = walkChain(this.#backend, state.receivingKey, { from, to: n });
    const content = this.#openSealed(frame, walk.messageKey);
    if (content !== undefined) {
      state.receivingKey.set(walk.next);
      state.receiveNext = n + 1;
      this.#skipped.add(dh, from, walk.passed);
      this.#afterOpening(frame);
    }
    this.#wipeWalk(walk);
    return content === undefined ? { failed: 'forged' } : { content };
  }

  #openNewChain(backend: CryptoBackend, frame: Frame): Opened {
    const state = this.#state;
    const { dh, n, previous, answer } = frame.header;
    const missing = state.receiving ? previous - state.receiveNext : 0;
    if (missing < 0 || (answer !== undefined && state.offer === undefined)) return { failed: 'forged' };
    if (n > skippedPerChainMax || missing > skippedPerChainMax) return { failed: 'gap' };

    const shared = backend.x25519(state.ownSecret, dh);
    if (shared === undefined) return { failed: 'forged' };
    const kemSecret = answer && backend.mlkem768Decapsulate(answer, state.offerSeed);
    const step = rootStep(backend, state.rootKey, { shared, kemSecret });
    const walk = walkChain(backend, step.subarray(keyBytes), { from: 0, to: n });
    const content = this.#openSealed(frame, walk.messageKey);
    if (content !== undefined) {
      this.#closeReceivingChain(missing);
      state.rootKey.set(step.subarray(0, keyBytes));
      state.receivingKey.set(walk.next);
      state.receiving = true;
      state.receiveNext = n + 1;
      state.theirsBefore = state.theirs;
      state.theirs = Uint8Array.from(dh);
      this.#skipped.add(dh, 0, walk.passed);
      this.#endSendingChain(answer !== undefined);
      this.#afterOpening(frame);
    }
    this.#wipeWalk(walk);
    for (const used of [shared, step, kemSecret]) if (used !== undefined) backend.wipe(used);
    return content === undefined ? { failed: 'forged' } : { content };
  }

  /** Keeps the keys of what the chain before still owes us. They are no part of the opening, so they are made late. */
  #closeReceivingChain(missing: number): void {
    const { theirs, receiveNext, receivingKey } = this.#state;
    if (missing === 0 || theirs === undefined) return;
    const walk = walkChain(this.#backend, receivingKey, { from: receiveNext, to: receiveNext + missing });
    this.#skipped.add(theirs, receiveNext, walk.passed);
    this.#wipeWalk(walk);
  }

  /** Their new chain is in: our pair is used up, and the next message of ours begins a chain of its own. */
  #endSendingChain(mixed: boolean): void {
    const state = this.#state;
    state.sending = false;
    state.own = undefined;
    state.answer = undefined;
    this.#backend.wipe(state.sendingKey);
    this.#backend.wipe(state.ownSecret);
    if (!mixed) return;
    state.offer = undefined;
    state.sinceMixing = 0;
    state.mixedAtMs = undefined;
    this.#backend.wipe(state.offerSeed);
  }

  #afterOpening(frame: Frame): void {
    const state = this.#state;
    state.sinceMixing += 1;
    // Only who owes a chain can answer, and only once: the answer starts that chain.
    if (frame.header.offer !== undefined && !state.sending)
      state.theirOffer = Uint8Array.from(frame.header.offer);
  }

  #openSealed(frame: Frame, messageKey: Uint8Array): Uint8Array | undefined {
    const plain = frame.headerBytes.length === fixedBytes;
    const ad = plain ? this.#ad : concat(this.#state.th2, frame.headerBytes);
    if (plain) ad.set(frame.headerBytes, transcriptBytes);
    const padded = this.#backend.xchachaOpen(messageKey, frame.nonce, ad, frame.sealed);
    return padded && unpad(padded);
  }

  #wipeWalk(walk: ReturnType<typeof walkChain>): void {
    for (const used of [...walk.passed, walk.messageKey, walk.next]) this.#backend.wipe(used);
  }
}
