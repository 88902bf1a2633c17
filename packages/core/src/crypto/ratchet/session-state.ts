/**
 * What a session remembers, and its encoding for our own disk. No key step happens here.
 * Specification: docs/protocol/ratchet.md, "Encoded state".
 *
 * Secrets stand in one block of secret memory, sliced, so that a session costs one allocation and one wipe.
 */
import { concat, readU32be, u32be, u64be } from '../../base/bytes.ts';
import { invariant } from '../../base/invariant.ts';
import type { CryptoBackend } from '../backend.ts';
import { kemCiphertextBytes, kemKeyBytes } from './frame.ts';
import {
  indexBytes,
  type SkippedChain,
  skippedChainsMax,
  skippedIndexBytesMax,
  skippedPerChainMax,
  skippedPerSessionMax,
} from './skipped-keys.ts';
import { keyBytes } from './steps.ts';

export const encodedSessionBytesMax = 8_192;
const version = 1;
export const transcriptBytes = 64;
const seedBytes = 64;
const headBytes = 1 + 2 + transcriptBytes + 4 * 4 + 8;
const secretBytes = 5 * keyBytes + seedBytes;

const flagOf = {
  initiator: 1,
  sending: 2,
  receiving: 4,
  own: 8,
  theirs: 16,
  theirsBefore: 32,
  offer: 64,
  theirOffer: 128,
  answer: 256,
  mixedAt: 512,
} as const;
const flagsAll = 1_023;

export interface SessionState {
  initiator: boolean;
  /** 64 bytes; every message's associated data begins with it. */
  th2: Uint8Array;
  /** The whole block of secret memory; the five keys and the seed below are slices of it. */
  secrets: Uint8Array;
  rootKey: Uint8Array;
  exporter: Uint8Array;
  sendingKey: Uint8Array;
  receivingKey: Uint8Array;
  ownSecret: Uint8Array;
  offerSeed: Uint8Array;
  /** Whether the chain keys hold anything. Without a sending chain we owe one. */
  sending: boolean;
  receiving: boolean;
  /** Public key of our chain; undefined when its secret key is used up. */
  own: Uint8Array | undefined;
  theirs: Uint8Array | undefined;
  /** The chain before theirs, to know a late repeat without a key step. */
  theirsBefore: Uint8Array | undefined;
  sendNext: number;
  receiveNext: number;
  /** Length of our chain before the sending one. */
  previous: number;
  /** Messages sealed and opened since a KEM secret was mixed in. */
  sinceMixing: number;
  mixedAtMs: number | undefined;
  /** Public key of our unanswered offer. */
  offer: Uint8Array | undefined;
  /** Their offer, taken, to be answered by our next chain. */
  theirOffer: Uint8Array | undefined;
  /** The answer that rides in every message of our sending chain. */
  answer: Uint8Array | undefined;
}

/** A state with zeroed keys: nothing is sent, received or offered yet. */
export function emptyState(backend: CryptoBackend, th2: Uint8Array, initiator: boolean): SessionState {
  invariant(th2.length === transcriptBytes, 'th2 has 64 bytes');
  const secrets = backend.secrets.allocate(secretBytes);
  const key = (index: number): Uint8Array => secrets.subarray(index * keyBytes, (index + 1) * keyBytes);
  return {
    initiator,
    th2,
    secrets,
    rootKey: key(0),
    exporter: key(1),
    sendingKey: key(2),
    receivingKey: key(3),
    ownSecret: key(4),
    offerSeed: secrets.subarray(5 * keyBytes),
    sending: false,
    receiving: false,
    own: undefined,
    theirs: undefined,
    theirsBefore: undefined,
    sendNext: 0,
    receiveNext: 0,
    previous: 0,
    sinceMixing: 0,
    mixedAtMs: undefined,
    offer: undefined,
    theirOffer: undefined,
    answer: undefined,
  };
}

/** @returns at most {@link encodedSessionBytesMax} bytes, secret: the caller seals and wipes them. */
export function encodeState(state: SessionState, skipped: readonly SkippedChain[]): Uint8Array {
  const { own, theirs, theirsBefore, offer, theirOffer, answer, mixedAtMs } = state;
  let flags = 0;
  const parts: Uint8Array[] = [];
  const optional = (flag: number, ...fields: (Uint8Array | undefined)[]): void => {
    if (fields.some((field) => field === undefined)) return;
    flags |= flag;
    for (const field of fields) if (field !== undefined) parts.push(field);
  };
  if (state.initiator) flags |= flagOf.initiator;
  if (mixedAtMs !== undefined) flags |= flagOf.mixedAt;
  if (state.sending) optional(flagOf.sending, state.sendingKey);
  if (state.receiving) optional(flagOf.receiving, state.receivingKey);
  optional(flagOf.own, own && state.ownSecret, own);
  optional(flagOf.theirs, theirs);
  optional(flagOf.theirsBefore, theirsBefore);
  optional(flagOf.offer, offer && state.offerSeed, offer);
  optional(flagOf.theirOffer, theirOffer);
  optional(flagOf.answer, answer);
  const encoded = concat(
    Uint8Array.of(version, flags >>> 8, flags & 255),
    state.th2,
    u32be(state.sendNext),
    u32be(state.receiveNext),
    u32be(state.previous),
    u32be(state.sinceMixing),
    u64be(mixedAtMs ?? 0),
    state.rootKey,
    state.exporter,
    ...parts,
    encodeChains(skipped),
  );
  invariant(encoded.length <= encodedSessionBytesMax, 'an encoded session stays below 8 KiB');
  return encoded;
}

/** @returns the state and its skipped chains, or undefined where the bytes are no such thing. */
export function decodeState(
  backend: CryptoBackend,
  bytes: Uint8Array,
): { state: SessionState; chains: SkippedChain[] } | undefined {
  if (bytes.length < headBytes || bytes.length > encodedSessionBytesMax || bytes[0] !== version)
    return undefined;
  const flags = (bytes[1]! << 8) | bytes[2]!;
  const has = (flag: number): boolean => (flags & flag) !== 0;
  const reader = new Reader(bytes, 3);
  const state = emptyState(backend, reader.take(transcriptBytes).slice(), has(flagOf.initiator));
  state.sendNext = reader.u32();
  state.receiveNext = reader.u32();
  state.previous = reader.u32();
  state.sinceMixing = reader.u32();
  const mixedAtMs = reader.u32() * 2 ** 32 + reader.u32();
  if (has(flagOf.mixedAt)) state.mixedAtMs = mixedAtMs;
  state.sending = has(flagOf.sending);
  state.receiving = has(flagOf.receiving);
  const secret = (into: Uint8Array): void => into.set(reader.take(into.length));
  const open = (flag: number, length: number): Uint8Array | undefined =>
    has(flag) ? reader.take(length).slice() : undefined;
  secret(state.rootKey);
  secret(state.exporter);
  if (state.sending) secret(state.sendingKey);
  if (state.receiving) secret(state.receivingKey);
  if (has(flagOf.own)) secret(state.ownSecret);
  state.own = open(flagOf.own, keyBytes);
  state.theirs = open(flagOf.theirs, keyBytes);
  state.theirsBefore = open(flagOf.theirsBefore, keyBytes);
  if (has(flagOf.offer)) secret(state.offerSeed);
  state.offer = open(flagOf.offer, kemKeyBytes);
  state.theirOffer = open(flagOf.theirOffer, kemKeyBytes);
  state.answer = open(flagOf.answer, kemCiphertextBytes);
  const chains = decodeChains(reader);
  // A chain needs the keys it grew from; a session without any key of either side could never go on.
  const sound =
    flags <= flagsAll &&
    mixedAtMs <= (has(flagOf.mixedAt) ? Number.MAX_SAFE_INTEGER : 0) &&
    (!state.sending || (state.own !== undefined && state.theirs !== undefined)) &&
    (!state.receiving || state.theirs !== undefined) &&
    (state.own !== undefined || state.theirs !== undefined) &&
    (state.answer === undefined || state.sending) &&
    chains !== undefined &&
    reader.ended;
  if (sound) return { state, chains };
  backend.secrets.release(state.secrets);
  return undefined;
}

function encodeChains(chains: readonly SkippedChain[]): Uint8Array {
  const parts = [u16be(chains.length)];
  for (const { dh, ranges } of chains) {
    const numbers: number[] = [];
    let at = 0;
    for (const { start, end } of ranges) {
      pushVarint(numbers, start - at);
      pushVarint(numbers, end - start - 1);
      at = end;
    }
    parts.push(dh, u16be(ranges.length), Uint8Array.from(numbers));
  }
  return concat(...parts);
}

function decodeChains(reader: Reader): SkippedChain[] | undefined {
  const chainCount = reader.u16();
  if (chainCount > skippedChainsMax) return undefined;
  const chains: SkippedChain[] = [];
  let inSession = 0;
  for (let index = 0; index < chainCount; index++) {
    const chain: SkippedChain = { dh: reader.take(keyBytes).slice(), ranges: [] };
    const rangeCount = reader.u16();
    if (rangeCount === 0 || rangeCount > skippedPerChainMax) return undefined;
    let at = 0;
    let inChain = 0;
    for (let range = 0; range < rangeCount; range++) {
      const gap = reader.varint();
      const start = at + gap;
      const end = start + reader.varint() + 1;
      inChain += end - start;
      if ((gap === 0 && range > 0) || end > 2 ** 32 || inChain > skippedPerChainMax) return undefined;
      chain.ranges.push({ start, end });
      at = end;
    }
    inSession += inChain;
    chains.push(chain);
  }
  const fits = inSession <= skippedPerSessionMax && indexBytes(chains) <= skippedIndexBytesMax;
  return fits && !reader.overrun ? chains : undefined;
}

function u16be(value: number): Uint8Array {
  return Uint8Array.of(value >>> 8, value & 255);
}

function pushVarint(into: number[], value: number): void {
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) into.push((rest % 128) | 128);
  into.push(rest);
}

/** Reads on past the end as zeros and says so afterwards: one check instead of one a field. */
class Reader {
  #bytes: Uint8Array;
  #at: number;
  overrun = false;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get ended(): boolean {
    return !this.overrun && this.#at === this.#bytes.length;
  }

  take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) {
      this.overrun = true;
      return new Uint8Array(length);
    }
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  u16(): number {
    const bytes = this.take(2);
    return (bytes[0]! << 8) | bytes[1]!;
  }

  u32(): number {
    return readU32be(this.take(4), 0);
  }

  /** At most five bytes; a longer or needlessly long one counts as an overrun. */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (let length = 1; length <= 5; length++) {
      const byte = this.take(1)[0]!;
      value += (byte & 127) * scale;
      scale *= 128;
      if (byte >= 128) continue;
      if (byte === 0 && length > 1) break;
      return value;
    }
    this.overrun = true;
    return 0;
  }
}
