/**
 * Keys of messages that did not arrive in order. Holds which are kept, and the keys themselves only until the
 * caller has taken them to its store. Specification: docs/protocol/ratchet.md, "Skipped keys".
 *
 * Invariants (skipped-keys.test.ts): never more than the four maxima below; when full, the oldest of the oldest
 * chain go; a key that was removed is never given again.
 */
import { bytesEqual, hex } from '../../base/bytes.ts';
import type { CryptoBackend } from '../backend.ts';

export const skippedPerChainMax = 1_000;
export const skippedPerSessionMax = 2_000;
/** Chains that still miss something. A guess: a conversation turns seldom more than 40 times while one is late. */
export const skippedChainsMax = 40;
/** Keeps the encoded state below 8 KiB. Two thousand single losses in two chains take 4,072 bytes. */
export const skippedIndexBytesMax = 4_200;
const chainHeadBytes = 34;

/** Reads one stored key by its name. The array is the session's: it is wiped after use. */
export type SkippedLookup = (key: string) => Uint8Array | undefined;

/** Numbers start … end − 1. */
interface Range {
  start: number;
  end: number;
}

/** Ranges rise, do not touch, and are never empty. */
export interface SkippedChain {
  dh: Uint8Array;
  ranges: Range[];
}

export class SkippedKeys {
  readonly #backend: CryptoBackend;
  readonly #sid: string;
  readonly #lookup: SkippedLookup | undefined;
  #chains: SkippedChain[]; // Oldest first.
  /** Keys in secret memory, by name: all that were added since the last `drain`, or ever without a lookup. */
  #held = new Map<string, Uint8Array>();
  #put = new Set<string>();
  #removed = new Set<string>();

  constructor(
    backend: CryptoBackend,
    sid: string,
    kept: { chains: SkippedChain[]; lookup: SkippedLookup | undefined },
  ) {
    this.#backend = backend;
    this.#sid = sid;
    this.#chains = kept.chains;
    this.#lookup = kept.lookup;
  }

  get chains(): readonly SkippedChain[] {
    return this.#chains;
  }

  hasChain(dh: Uint8Array): boolean {
    return this.#chains.some((chain) => bytesEqual(chain.dh, dh));
  }

  /** @returns a copy for one use, which the caller wipes, or undefined where that key is not kept. */
  find(dh: Uint8Array, n: number): Uint8Array | undefined {
    const chain = this.#chain(dh);
    if (chain === undefined || !chain.ranges.some(({ start, end }) => start <= n && n < end))
      return undefined;
    const name = this.#name(dh, n);
    const held = this.#held.get(name);
    if (held !== undefined) return Uint8Array.from(held);
    const stored = this.#lookup?.(name);
    return stored?.length === 32 ? stored : undefined;
  }

  /** Adds the keys of `start`, `start` + 1, … of a chain; later numbers than any of it. Copies; the caller wipes. */
  add(dh: Uint8Array, start: number, keys: Uint8Array[]): void {
    if (keys.length === 0) return;
    let chain = this.#chain(dh);
    if (chain === undefined) {
      chain = { dh: Uint8Array.from(dh), ranges: [] };
      this.#chains.push(chain);
    }
    const last = chain.ranges.at(-1);
    if (last?.end === start) last.end = start + keys.length;
    else chain.ranges.push({ start, end: start + keys.length });
    keys.forEach((key, index) => {
      const name = this.#name(dh, start + index);
      const held = this.#backend.secrets.allocate(key.length);
      held.set(key);
      this.#held.set(name, held);
      this.#put.add(name);
    });
    this.#shrink(chain);
  }

  /** Forgets one key, after its message was opened. */
  remove(dh: Uint8Array, n: number): void {
    const chain = this.#chain(dh);
    const index = chain?.ranges.findIndex(({ start, end }) => start <= n && n < end) ?? -1;
    if (chain === undefined || index < 0) return;
    const { start, end } = chain.ranges[index]!;
    const rest = [
      { start, end: n },
      { start: n + 1, end },
    ].filter((range) => range.start < range.end);
    chain.ranges.splice(index, 1, ...rest);
    if (chain.ranges.length === 0) this.#chains.splice(this.#chains.indexOf(chain), 1);
    this.#forget(this.#name(dh, n));
  }

  /** Changes since the last call. The values are copies in ordinary memory: the caller wipes them once sealed. */
  drain(): { put: { key: string; value: Uint8Array }[]; removed: string[] } {
    const put = Array.from(this.#put, (key) => ({ key, value: Uint8Array.from(this.#held.get(key)!) }));
    const removed = [...this.#removed];
    this.#put.clear();
    this.#removed.clear();
    if (this.#lookup !== undefined) this.release();
    return { put, removed };
  }

  /** Wipes what is held in memory. */
  release(): void {
    for (const held of this.#held.values()) this.#backend.secrets.release(held);
    this.#held.clear();
  }

  #chain(dh: Uint8Array): SkippedChain | undefined {
    return this.#chains.find((chain) => bytesEqual(chain.dh, dh));
  }

  #name(dh: Uint8Array, n: number): string {
    return `${this.#sid}/${hex(dh)}/${n}`;
  }

  #forget(name: string): void {
    const held = this.#held.get(name);
    if (held !== undefined) {
      this.#backend.secrets.release(held);
      this.#held.delete(name);
    }
    // What the store never saw needs no removal there.
    if (!this.#put.delete(name)) this.#removed.add(name);
  }

  #shrink(added: SkippedChain): void {
    let inChain = count(added);
    for (; inChain > skippedPerChainMax; inChain--) this.#removeFirst(added);
    let inSession = this.#chains.reduce((sum, chain) => sum + count(chain), 0);
    for (; inSession > skippedPerSessionMax; inSession--) this.#removeFirst(this.#chains[0]!);
    while (this.#chains.length > skippedChainsMax || indexBytes(this.#chains) > skippedIndexBytesMax) {
      this.#removeRange(this.#chains[0]!);
    }
  }

  #removeFirst(chain: SkippedChain): void {
    this.remove(chain.dh, chain.ranges[0]!.start);
  }

  #removeRange(chain: SkippedChain): void {
    const { start, end } = chain.ranges[0]!;
    for (let n = start; n < end; n++) this.#removeFirst(chain);
  }
}

function count(chain: SkippedChain): number {
  return chain.ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** Bytes the chains take in the encoded state. */
export function indexBytes(chains: readonly SkippedChain[]): number {
  let bytes = 0;
  for (const { ranges } of chains) {
    bytes += chainHeadBytes;
    let at = 0;
    for (const { start, end } of ranges) {
      bytes += varintBytes(start - at) + varintBytes(end - start - 1);
      at = end;
    }
  }
  return bytes;
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) bytes++;
  return bytes;
}
