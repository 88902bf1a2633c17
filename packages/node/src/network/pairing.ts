/**
 * Exactly one link per pair of peers, whoever dials and when. Pure: numbers instead of connections.
 *
 * Both sides may dial at once, and a link that one side lost may still look alive to the other. Every
 * attempt begins with a greeting that the other side answers; the rules:
 *   1. Two greetings cross: the one of the lower id stands. The lower id holds the other's back until its
 *      own is answered; the higher id answers at once and gives its own up.
 *   2. A greeting with a turn above what is known of that peer replaces a standing link: its maker has
 *      lost the old one. With a lower turn it was overtaken: `duplicate`.
 *   3. A held greeting is accepted when our own attempt ends without a link.
 *
 * Invariants (pairing.test.ts, thousands of random schedules): never two links to one peer; when all is
 * quiet both sides stand on the same attempt, or neither has a link.
 */
import type { PeerId } from '@kith/core/base/ids';
import type { Refusal } from './greeting.ts';
import { linksJudgedMax } from './limits.ts';

/** Names one attempt (a stream with its connection) on this side. */
export type AttemptId = number;

export type PairingOutput =
  | { type: 'greet'; attempt: AttemptId; turn: number }
  | { type: 'accept'; attempt: AttemptId; turn: number }
  /** Answer so, then close. */
  | { type: 'refuse'; attempt: AttemptId; reason: Refusal }
  | { type: 'up'; attempt: AttemptId; remote: PeerId; dialled: boolean }
  /** Close without a word. */
  | { type: 'drop'; attempt: AttemptId; reason: string }
  | { type: 'down'; attempt: AttemptId; reason: string };

interface Pair {
  link: AttemptId | undefined;
  /** Ours, greeted and not answered. */
  asked: AttemptId | undefined;
  /** Theirs, waiting for the answer to ours. */
  held: { attempt: AttemptId; turn: number } | undefined;
  /** The other's greetings up to this turn are overtaken. */
  overtaken: number;
}

export class Pairing {
  readonly #self: PeerId;
  readonly #pairs = new Map<PeerId, Pair>();
  #turn = 0;

  constructor(self: PeerId) {
    this.#self = self;
  }

  /** Whether a link to this peer stands. */
  linked(remote: PeerId): boolean {
    return this.#pairs.get(remote)?.link !== undefined;
  }

  /** Links that stand. */
  get links(): number {
    let links = 0;
    for (const pair of this.#pairs.values()) if (pair.link !== undefined) links++;
    return links;
  }

  /** Our stream to `remote` is open: greet, unless it has become pointless. */
  dialled(remote: PeerId, attempt: AttemptId): PairingOutput[] {
    const pair = this.#pair(remote);
    if (pair.link !== undefined) return this.#forget(remote, [drop(attempt, 'a link stands already')]);
    if (pair.asked !== undefined || pair.held !== undefined) {
      return [drop(attempt, 'another attempt is under way')];
    }
    if (this.links >= linksJudgedMax) return this.#forget(remote, [drop(attempt, 'too many links')]);
    pair.asked = attempt;
    return [{ type: 'greet', attempt, turn: ++this.#turn }];
  }

  /** They greeted us on a stream of theirs. */
  greeted(remote: PeerId, attempt: AttemptId, turn: number): PairingOutput[] {
    const pair = this.#pair(remote);
    if (turn <= pair.overtaken) return [{ type: 'refuse', attempt, reason: 'duplicate' }];
    if (pair.link === undefined && this.links >= linksJudgedMax) {
      return this.#forget(remote, [{ type: 'refuse', attempt, reason: 'full' }]);
    }
    pair.overtaken = turn;
    if (pair.asked === undefined) return this.#accept(remote, pair, attempt);
    if (this.#self < remote) {
      const before = pair.held;
      pair.held = { attempt, turn };
      return before === undefined ? [] : [{ type: 'refuse', attempt: before.attempt, reason: 'duplicate' }];
    }
    const given = pair.asked;
    pair.asked = undefined;
    return [drop(given, 'the other side dialled too'), ...this.#accept(remote, pair, attempt)];
  }

  /** Our greeting was accepted. */
  accepted(remote: PeerId, attempt: AttemptId, turn: number): PairingOutput[] {
    const pair = this.#pairs.get(remote);
    if (pair?.asked !== attempt) return [drop(attempt, 'an answer nobody asked for')];
    pair.asked = undefined;
    const { held } = pair;
    pair.held = undefined;
    if (held !== undefined && held.turn > turn) {
      // Sent after the acceptance: its maker has lost this link again already.
      return [drop(attempt, 'overtaken'), ...this.#accept(remote, pair, held.attempt)];
    }
    pair.link = attempt;
    pair.overtaken = Math.max(pair.overtaken, turn);
    const up: PairingOutput = { type: 'up', attempt, remote, dialled: true };
    return held === undefined ? [up] : [up, { type: 'refuse', attempt: held.attempt, reason: 'duplicate' }];
  }

  /** The stream of that attempt is gone, for whatever reason; or our greeting was refused. */
  ended(remote: PeerId, attempt: AttemptId, reason: string): PairingOutput[] {
    const pair = this.#pairs.get(remote);
    if (pair === undefined) return [];
    if (pair.link === attempt) {
      pair.link = undefined;
      return this.#forget(remote, [{ type: 'down', attempt, reason }]);
    }
    if (pair.held?.attempt === attempt) pair.held = undefined;
    if (pair.asked === attempt) {
      pair.asked = undefined;
      const { held } = pair;
      pair.held = undefined;
      if (held !== undefined) return this.#accept(remote, pair, held.attempt);
    }
    return this.#forget(remote, []);
  }

  #accept(remote: PeerId, pair: Pair, attempt: AttemptId): PairingOutput[] {
    const old = pair.link;
    pair.link = attempt;
    const outputs: PairingOutput[] = [];
    if (old !== undefined) outputs.push({ type: 'down', attempt: old, reason: 'replaced by a newer link' });
    if (old !== undefined) outputs.push(drop(old, 'replaced by a newer link'));
    outputs.push({ type: 'accept', attempt, turn: this.#turn });
    outputs.push({ type: 'up', attempt, remote, dialled: false });
    return outputs;
  }

  #pair(remote: PeerId): Pair {
    let pair = this.#pairs.get(remote);
    if (pair === undefined) {
      pair = { link: undefined, asked: undefined, held: undefined, overtaken: 0 };
      this.#pairs.set(remote, pair);
    }
    return pair;
  }

  /** Keeps the table as small as what is alive. What was overtaken is closed by then. */
  #forget(remote: PeerId, outputs: PairingOutput[]): PairingOutput[] {
    const pair = this.#pairs.get(remote);
    if (pair?.link === undefined && pair?.asked === undefined && pair?.held === undefined) {
      this.#pairs.delete(remote);
    }
    return outputs;
  }
}

function drop(attempt: AttemptId, reason: string): PairingOutput {
  return { type: 'drop', attempt, reason };
}
