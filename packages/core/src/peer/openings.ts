/**
 * Message 1 of a session, on both sides: made for the holder of a card and sealed under the card's weekly
 * intake key, and opened when it is meant for us. Specification: docs/protocol/handshake.md, meeting.md.
 */
import type { DeviceId, PersonId } from '../base/ids.ts';
import type { Store } from '../base/store.ts';
import type { Card } from '../crypto/card/card.ts';
import { intakeEnvelopeKey, intakeTag } from '../crypto/card/intake.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { type Bundle, decodeBundle } from '../crypto/handshake/bundle.ts';
import { initiate, peekMessage1, respond, type Responded } from '../crypto/handshake/handshake.ts';
import type { Identity } from '../crypto/identity/identity.ts';
import type { SessionTable } from '../protocol/sessions/session-table.ts';
import type { Book } from './book.ts';
import { type Own, weekMs } from './own.ts';
import type { Turn } from './turn.ts';

/** Message 1s remembered per prekey; when full a new prekey is published and the old refused (docs/protocol/meeting.md). */
const replaysMax = 10_000;

export interface OpeningsParts {
  crypto: Crypto;
  turn: Turn;
  store: Store;
  own: Own;
  book: Book;
  sessions: SessionTable;
}

/** Message 1 as it stands in a frame. */
export interface SealedOpening {
  tag: Uint8Array;
  nonce: Uint8Array;
  sealed: Uint8Array;
}

/** `onceId`: the token whose one-time prekey it was sealed to. */
export type Opened = Responded & { prekeyHash: string; ephemeralHash: string; onceId: string | undefined };

export class Openings {
  #parts: OpeningsParts;

  constructor(parts: OpeningsParts) {
    this.#parts = parts;
  }

  get week(): number {
    return Math.floor(this.#parts.turn.wallMs / weekMs);
  }

  /** The newest bundle we hold of a device; undefined when there is none that verifies. */
  bundleOf(identity: Identity, device: DeviceId): Bundle | undefined {
    const bytes = this.#parts.book.device(device)?.bundle;
    const live = identity.devices.find((each) => each.device === device);
    return bytes && live && decodeBundle(this.#parts.crypto.backend, bytes, live.signingKey);
  }

  /**
   * Starts a session with a device and adds it to the table.
   * @returns the sealed message 1, or undefined where no bundle is known or its keys are unusable.
   */
  start(
    to: { person: PersonId; device: DeviceId; card: Card },
    content: Uint8Array,
  ): SealedOpening | undefined {
    const { crypto, own, book, sessions, turn } = this.#parts;
    const { person, device, card } = to;
    const identity = book.identity(person);
    const live = book.liveDevice(person, device);
    const bundle = identity && this.bundleOf(identity, device);
    if (identity === undefined || live === undefined || bundle === undefined) return undefined;
    // A one-time prekey opens one session only: once we are known to each other the card's is spent.
    const oneTimePrekey = book.get(person)?.state === 'requested' ? card.oneTimePrekey : undefined;
    const started = initiate(crypto, {
      self: { device: own.device, identity: own.identity },
      to: { identity, device: live, bundle, ...(oneTimePrekey && { oneTimePrekey }) },
      content,
    });
    if (started === undefined) return undefined;
    sessions.add(started.session, { person, device, startedBySelf: true }, turn.nowMs);
    const tag = intakeTag(crypto.backend, card.intakeSecret, this.week);
    const key = intakeEnvelopeKey(crypto.backend, card.intakeSecret, this.week);
    // Hedged: everybody who holds the card has this key, and a poor source of chance must not repeat a nonce.
    const nonce = crypto.backend.blake2b(24, key, crypto.keys.bytes(24), tag, started.message1);
    return { tag, nonce, sealed: crypto.backend.xchachaSeal(key, nonce, tag, started.message1) };
  }

  /** Everything up to an authenticated initiator; undefined for whatever is wrong, without a trace. */
  open(opening: SealedOpening, week: number): Opened | undefined {
    const { own, crypto, store } = this.#parts;
    const { backend } = crypto;
    const key = intakeEnvelopeKey(backend, own.intakeSecret, week);
    const message1 = backend.xchachaOpen(key, opening.nonce, opening.tag, opening.sealed);
    const peeked = message1 && peekMessage1(backend, message1);
    if (message1 === undefined || peeked === undefined) return undefined;
    const prekey = own.prekey(peeked.bundleHash);
    if (prekey === undefined || store.replayed(prekey.hash, peeked.ephemeralHash)) return undefined;
    if (store.replayCount(prekey.hash) >= replaysMax) {
      if (own.isCurrent(prekey.hash)) own.renewBundle();
      return undefined;
    }
    const once = peeked.oneTimePrekeyId === undefined ? undefined : own.oneTime(peeked.oneTimePrekeyId);
    if (peeked.oneTimePrekeyId !== undefined && once === undefined) return undefined;
    const responded = respond(crypto, {
      self: { device: own.device, identity: own.identity },
      bundle: prekey.bundle,
      bundleSecret: prekey.secret,
      oneTimeSecret: once?.oneTimeSecret,
      message1,
    });
    if (responded === undefined) return undefined;
    const { ephemeralHash } = peeked;
    return { ...responded, prekeyHash: prekey.hash, ephemeralHash, onceId: once?.id };
  }

  /**
   * Only after authentication: what is remembered cannot be filled by strangers. A one-time prekey ends here,
   * whatever gate the message came through and whatever becomes of it.
   */
  remember({ prekeyHash: prekey, ephemeralHash: ephemeral, onceId }: Opened): void {
    this.#parts.turn.store({ op: 'putReplay', prekey, ephemeral });
    if (onceId !== undefined) this.#parts.own.spendToken(onceId);
  }
}
