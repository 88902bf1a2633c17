/**
 * The gate of a request: why a stranger's first message deserves a handshake. Either the MAC of a token from a
 * `--once` card, or a proof of work (hashcash) over the very bytes sent. Specification: docs/protocol/meeting.md.
 */
import { concat, u32be } from '../../base/bytes.ts';
import type { CryptoBackend } from '../../crypto/backend.ts';
import { H } from '../../crypto/hash.ts';
import { labels } from '../../crypto/labels.ts';

/** The sealed part of a request, to which its gate is bound. */
export interface GateSubject {
  tag: Uint8Array;
  nonce: Uint8Array;
  sealed: Uint8Array;
}

/** Largest difficulty we work for; a bundle that asks for more is refused (about 2^24 hashes, a minute). */
export const difficultyBitsMax = 24;

/** 32 bytes: what a token MAC or a proof of work covers. */
export function gateHash(backend: CryptoBackend, subject: GateSubject): Uint8Array {
  return H(backend, labels.gate, subject.tag, subject.nonce, subject.sealed).subarray(0, 32);
}

/** 32 bytes for the holder of a token. */
export function tokenMac(backend: CryptoBackend, token: Uint8Array, subject: GateSubject): Uint8Array {
  return backend.blake2b(32, token, gateHash(backend, subject));
}

export function tokenMacMatches(
  backend: CryptoBackend,
  token: Uint8Array,
  given: { subject: GateSubject; mac: Uint8Array },
): boolean {
  return backend.equal(tokenMac(backend, token, given.subject), given.mac);
}

/** Whether `solution` (8 bytes) does the work of `bits` leading zero bits. One hash. */
export function workMatches(
  backend: CryptoBackend,
  bits: number,
  given: { subject: GateSubject; solution: Uint8Array },
): boolean {
  return zeroBits(workHash(backend, gateHash(backend, given.subject), given.solution)) >= bits;
}

/** Searches for a solution in bounded steps, so that nothing else waits for it. */
export class Miner {
  #backend: CryptoBackend;
  #hash: Uint8Array;
  #bits: number;
  #start: Uint8Array;
  #tried = 0;

  /** @param start - 4 random bytes, so that two searches never share their work. */
  constructor(backend: CryptoBackend, subject: GateSubject, work: { bits: number; start: Uint8Array }) {
    this.#backend = backend;
    this.#hash = gateHash(backend, subject);
    this.#bits = work.bits;
    this.#start = work.start;
  }

  /** Tries `attempts` candidates. @returns the 8 bytes that do it, or undefined: call again. */
  step(attempts: number): Uint8Array | undefined {
    for (let left = attempts; left > 0; left--) {
      const solution = concat(this.#start, u32be(this.#tried));
      if (zeroBits(workHash(this.#backend, this.#hash, solution)) >= this.#bits) return solution;
      this.#tried += 1;
    }
    return undefined;
  }
}

function workHash(backend: CryptoBackend, hash: Uint8Array, solution: Uint8Array): Uint8Array {
  return backend.blake2b(32, undefined, hash, solution);
}

function zeroBits(hash: Uint8Array): number {
  let bits = 0;
  for (const byte of hash) {
    if (byte === 0) bits += 8;
    else return bits + Math.clz32(byte) - 24;
  }
  return bits;
}
