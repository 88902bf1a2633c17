/**
 * The outer envelope: a weekly tag to find the session by, and a frame sealed under the weekly mailbox key of its
 * direction. Knows nothing of what a frame says. Specification: docs/protocol/envelope.md.
 *
 * Invariants (mailbox.test.ts): key and nonce repeat only with the same frame; at most `weeksKept` weekly keys are
 * held; a damaged envelope gives undefined and changes nothing.
 */
import { bytesEqual, concat, hex, u32be } from '../../base/bytes.ts';
import type { CryptoBackend } from '../backend.ts';
import { derive } from '../hash.ts';
import { labels } from '../labels.ts';
import { keyBytes } from './steps.ts';
import { nonceBytes } from './frame.ts';

const version = 1;
const tagBytes = 16;
const tagEnd = 1 + tagBytes;
const headBytes = tagEnd + nonceBytes;
/** Three weeks are accepted in each direction's table; more are derived again when asked for. */
const weeksKept = 6;

interface Week {
  outward: boolean;
  week: number;
  tag: Uint8Array;
  /** version | tag: the associated data. */
  head: Uint8Array;
  /** Sealing key and nonce key, in secret memory. */
  keys: Uint8Array;
}

export class Mailbox {
  #backend: CryptoBackend;
  #exporter: Uint8Array;
  #initiator: boolean;
  #weeks: Week[] = []; // Oldest derived first.

  /** `exporter`: EX, 32 bytes, kept and wiped by the session. */
  constructor(backend: CryptoBackend, exporter: Uint8Array, initiator: boolean) {
    this.#backend = backend;
    this.#exporter = exporter;
    this.#initiator = initiator;
  }

  /** Tags in lower-case hex, 32 characters: what we put on envelopes of that week, and what we look for. */
  tags(week: number): { send: string; receive: string } {
    return { send: hex(this.#week(true, week).tag), receive: hex(this.#week(false, week).tag) };
  }

  seal(frame: Uint8Array, week: number): Uint8Array {
    const { head, keys } = this.#week(true, week);
    const nonce = this.#backend.blake2b(nonceBytes, keys.subarray(keyBytes), frame);
    const sealed = this.#backend.xchachaSeal(keys.subarray(0, keyBytes), nonce, head, frame);
    return concat(head, nonce, sealed);
  }

  /** Tries the week, the one before and the one after by tag, and opens at most once. */
  open(envelope: Uint8Array, week: number): Uint8Array | undefined {
    if (envelope.length < headBytes || envelope[0] !== version) return undefined;
    const tag = envelope.subarray(1, tagEnd);
    const keys = this.#matching(tag, week)?.keys;
    if (keys === undefined) return undefined;
    return this.#backend.xchachaOpen(
      keys.subarray(0, keyBytes),
      envelope.subarray(tagEnd, headBytes),
      envelope.subarray(0, tagEnd),
      envelope.subarray(headBytes),
    );
  }

  release(): void {
    for (const { keys } of this.#weeks) this.#backend.secrets.release(keys);
    this.#weeks = [];
  }

  #matching(tag: Uint8Array, week: number): Week | undefined {
    for (const candidate of [week, week - 1, week + 1]) {
      if (candidate < 0) continue;
      const found = this.#week(false, candidate);
      if (bytesEqual(found.tag, tag)) return found;
    }
    return undefined;
  }

  #week(outward: boolean, week: number): Week {
    for (const kept of this.#weeks) if (kept.week === week && kept.outward === outward) return kept;
    const direction = outward === this.#initiator ? 1 : 2;
    const salt = concat(Uint8Array.of(direction), u32be(week));
    const derived = derive(this.#backend, labels.mailbox, salt, this.#exporter, tagBytes + 2 * keyBytes);
    const keys = this.#backend.secrets.allocate(2 * keyBytes);
    keys.set(derived.subarray(tagBytes));
    const tag = derived.slice(0, tagBytes);
    this.#backend.wipe(derived);
    const made: Week = { outward, week, tag, head: concat(Uint8Array.of(version), tag), keys };
    if (this.#weeks.length === weeksKept) this.#backend.secrets.release(this.#weeks.shift()!.keys);
    this.#weeks.push(made);
    return made;
  }
}
