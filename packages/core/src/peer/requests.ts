/**
 * The requests we send: sealed for the owner of a card, through the gate by its token or by work, and asked
 * again when they publish a new prekey. Specification: docs/protocol/meeting.md.
 */
import type { PersonId } from '../base/ids.ts';
import { type BucketConfig, TokenBucket } from '../base/token-bucket.ts';
import { tokenId } from '../crypto/card/intake.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { difficultyBitsMax, Miner, tokenMac } from '../protocol/meeting/gate.ts';
import { encodeContent } from '../wire/content.ts';
import { encodeFrame } from '../wire/frame.ts';
import type { Gate } from '../wire/request.ts';
import { type Book, contactsMax } from './book.ts';
import type { CardShelf } from './card-shelf.ts';
import type { Delivery } from './delivery.ts';
import type { Openings } from './openings.ts';
import { type Own, ownCardLifeMs } from './own.ts';
import type { Turn } from './turn.ts';

/** docs/protocol/meeting.md: a request that nobody answered ends. */
export const requestLifeMs: number = 30 * 24 * 3_600_000;
/** Hashes tried in one turn while a proof of work is searched; about 20 ms. */
const minedPerTurn = 8_192;
/** Proofs of work under way at once; each is a request the person made. The rest wait their turn. */
const miningMax = 8;
/** Requests made anew because the owner showed a newer bundle: an honest one does so weekly. */
const renewals: BucketConfig = { burst: 3, refillMs: 24 * 3_600_000 };

export interface RequestsParts {
  crypto: Crypto;
  turn: Turn;
  own: Own;
  book: Book;
  cards: CardShelf;
  openings: Openings;
  delivery: Delivery;
  /** Multiaddrs where we can be reached now, best first. */
  hints(): string[];
}

interface Mining {
  person: PersonId;
  miner: Miner;
  finish(gate: Gate): void;
}

export class Requests {
  #parts: RequestsParts;
  #mining: Mining[] = [];
  /** Wait for a place among them. At most one for each contact. */
  #waiting = new Set<PersonId>();
  #renewals = new Map<PersonId, TokenBucket>();

  constructor(parts: RequestsParts) {
    this.#parts = parts;
  }

  nextWakeMs(): number | undefined {
    return this.#mining.length + this.#waiting.size > 0 ? this.#parts.turn.nowMs : undefined;
  }

  /** Continues one proof of work. */
  wake(): void {
    const [next] = this.#waiting;
    if (next !== undefined && this.#mining.length < miningMax) {
      this.#waiting.delete(next);
      if (this.#parts.book.get(next)?.state === 'requested') this.send(next);
    }
    const mining = this.#mining.shift();
    if (mining === undefined) return;
    const solution = mining.miner.step(minedPerTurn);
    if (solution === undefined) this.#mining.push(mining);
    else mining.finish({ kind: 'work', solution });
  }

  /** Asks a person to let us in. Does nothing where their keys are not known yet, or while it is under way. */
  send(person: PersonId): void {
    const { book, own, crypto, delivery, cards, openings } = this.#parts;
    const card = cards.get(person);
    const identity = book.identity(person);
    const device = identity?.devices.find(
      (each) => openings.bundleOf(identity, each.device) !== undefined,
    )?.device;
    if (card === undefined || identity === undefined || device === undefined) return;
    const bits = openings.bundleOf(identity, device)!.difficulty;
    if (card.token === undefined && bits > difficultyBitsMax) {
      this.#parts.turn.log('warn', 'request-too-dear', { bits });
      return;
    }
    const others = this.#mining.filter((each) => each.person !== person);
    if (card.token === undefined && others.length >= miningMax) {
      this.#waiting.add(person);
      return;
    }
    const id = crypto.keys.bytes(16);
    const { name } = own;
    const ownCard = own.card({
      once: false,
      expiresInMs: ownCardLifeMs,
      hints: this.#parts.hints(),
    });
    const content = encodeContent({
      type: 'request',
      id,
      name,
      greeting: '',
      card: ownCard.bytes,
      mailboxes: [],
    });
    const opening = openings.start({ person, device, card }, content);
    if (opening === undefined) return;
    delivery.withdrawRequests(person);
    this.withdraw(person);
    const finish = (gate: Gate): void => {
      const frame = encodeFrame({ type: 'request', ...opening, gate });
      const endsAtMs = (book.get(person)?.createdMs ?? 0) + requestLifeMs;
      delivery.frame({ id, person, device, kind: 'request' }, frame, endsAtMs);
    };
    if (card.token !== undefined) {
      const mac = tokenMac(crypto.backend, card.token, opening);
      finish({ kind: 'token', tokenId: tokenId(crypto.backend, card.token), mac });
      return;
    }
    this.#mining.push({
      person,
      miner: new Miner(crypto.backend, opening, { bits, start: crypto.keys.bytes(4) }),
      finish,
    });
  }

  /** Asks again because they showed a newer bundle. Not more often than an honest owner gives cause. */
  renew(person: PersonId): void {
    const { nowMs } = this.#parts.turn;
    const bucket = this.#renewals.get(person) ?? new TokenBucket(renewals, nowMs);
    this.#renewals.set(person, bucket);
    if (this.#renewals.size > contactsMax) this.#renewals.delete(this.#renewals.keys().next().value!);
    if (bucket.take(nowMs)) this.send(person);
  }

  /** After a start, and when keys became known: whoever is asked but has no request on the way. */
  sendIfMissing(person: PersonId): void {
    if (this.#parts.book.get(person)?.state !== 'requested') return;
    if (this.#parts.delivery.requestTo(person) !== undefined) return;
    if (!this.#mining.some((each) => each.person === person)) this.send(person);
  }

  /** Stops the work for a person. */
  withdraw(person: PersonId): void {
    this.#waiting.delete(person);
    this.#mining = this.#mining.filter((each) => each.person !== person);
  }
}
