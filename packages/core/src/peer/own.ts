/**
 * Who we are: our identity and keys, our name, the prekeys others start sessions with, and what the holders
 * of our cards share with us (intake secret, one-time tokens). Specification: docs/protocol/identity.md,
 * docs/protocol/meeting.md.
 */
import { hex, utf8, utf8Decode } from '../base/bytes.ts';
import { decodeCbor, encodeCbor } from '../base/cbor.ts';
import type { Store } from '../base/store.ts';
import { type Card, hintsMax, isHint, makeCard } from '../crypto/card/card.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { type Bundle, decodeBundle, makeBundle, makeOneTimePrekey } from '../crypto/handshake/bundle.ts';
import {
  createPerson,
  type DeviceKeys,
  decodeIdentity,
  decodeSecrets,
  encodeSecrets,
  type Identity,
  type OwnRoot,
} from '../crypto/identity/identity.ts';
import { intakeTag, tokenId } from '../crypto/card/intake.ts';
import type { SealedRows } from './sealed-rows.ts';
import type { Turn } from './turn.ts';

const dayMs = 24 * 3_600_000;
export const weekMs: number = 7 * dayMs;
/** docs/protocol/handshake.md: 7 days published, 30 of custody, 4 of margin. */
const prekeyLifeMs = 41 * dayMs;
/** The card contacts keep of us, inside the session, outlives any they were handed. */
export const ownCardLifeMs: number = 3_650 * dayMs;
/** One-time cards outstanding at once; making one more ends the oldest. */
export const tokensMax = 100;
/** Hashcash bits asked of strangers. A guess: about a third of a second in JavaScript; bench/hashcash would settle it. */
const difficultyBits = 16;
const nameSetting = 'name';
const hueSetting = 'hue';
/**
 * How long after a card was handed out its holders find us by it. The intake secret cannot be changed, and whom we
 * blocked since has it too: so not for the card's whole life. A guess: as long as a request waits.
 */
const cardFindableMs = 30 * dayMs;
/** Until when that is; sealed, as machine time. */
const cardsKey = 'cards-until';
/** Before the hash of a bundle in the keys of its sealed row. */
export const bundleKeys = 'bundle/';

export interface Prekey {
  hash: string;
  bundle: Uint8Array;
  secret: Uint8Array;
  createdMs: number;
}

export interface Token {
  id: string;
  token: Uint8Array;
  oneTimePrekeyId: string;
  oneTimeSecret: Uint8Array;
  expiresMs: number;
}

export class Own {
  readonly root: OwnRoot;
  readonly device: DeviceKeys;
  identity: Identity;
  name: string;
  /** The colour our person chose; undefined: the one that follows from the id. */
  hue: number | undefined;
  /** What the holders of our cards find us by. */
  readonly intakeSecret: Uint8Array;
  /** What contacts locate our devices by, given to them when they are accepted. */
  presence: Uint8Array;
  readonly fresh: boolean;
  #crypto: Crypto;
  #rows: SealedRows;
  #turn: Turn;
  #prekeys: Prekey[] = []; // Oldest first.
  #tokens: Token[] = []; // Oldest first.
  #bundle: Bundle | undefined;
  #cardsUntilMs = 0;

  constructor(parts: { crypto: Crypto; store: Store; rows: SealedRows; turn: Turn; name: string }) {
    const { crypto, store, rows, turn } = parts;
    this.#crypto = crypto;
    this.#rows = rows;
    this.#turn = turn;
    const kept = this.#restoreIdentity();
    this.fresh = kept === undefined;
    const { root, device, identity } = kept ?? this.#createIdentity();
    this.root = root;
    this.device = device;
    this.identity = identity;
    const storedName = store.setting(nameSetting);
    this.name = (storedName && utf8Decode(storedName)) ?? parts.name;
    this.hue = store.setting(hueSetting)?.[0];
    this.intakeSecret = this.#secretOf('plain');
    this.presence = this.#secretOf('presence');
    this.#restorePrekeys();
    this.#restoreTokens();
    const cardsUntil = decodeCbor(rows.get('intake', cardsKey) ?? new Uint8Array(0));
    if (typeof cardsUntil === 'number') this.#cardsUntilMs = cardsUntil;
  }

  setName(name: string): void {
    this.name = name;
    this.#turn.store({ op: 'putSetting', key: nameSetting, value: utf8(name) });
  }

  setHue(hue: number | undefined): void {
    this.hue = hue;
    if (hue === undefined) this.#turn.store({ op: 'removeSetting', key: hueSetting });
    else this.#turn.store({ op: 'putSetting', key: hueSetting, value: Uint8Array.of(hue) });
  }

  /** The bundle others should start sessions with; a new one weekly. */
  bundle(): Bundle {
    if (this.#bundle === undefined || this.#age(this.#prekeys.at(-1)) >= weekMs) return this.renewBundle();
    return this.#bundle;
  }

  /** A new presence secret in place of the one that somebody must not use any longer. */
  replacePresence(): void {
    this.presence = this.#crypto.keys.bytes(32);
    this.#rows.put('intake', 'presence', this.presence);
  }

  /** Publishes a new prekey: weekly, and when the replay memory of the present one is full. */
  renewBundle(): Bundle {
    const { nowMs, wallMs } = this.#turn;
    const seq = Math.max((this.#bundle?.seq ?? 0) + 1, wallMs);
    const notAfterWallMs = wallMs + prekeyLifeMs;
    const made = makeBundle(this.#crypto, this.device, { seq, notAfterWallMs, difficulty: difficultyBits });
    const hash = hex(made.bundle.hash);
    const prekey = { hash, bundle: made.bundle.bytes, secret: made.secret, createdMs: nowMs };
    this.#prekeys.push(prekey);
    const row = encodeCbor([prekey.bundle, prekey.secret, nowMs]);
    this.#rows.put('prekey', bundleKeys + hash, row);
    this.#crypto.backend.wipe(row);
    this.#bundle = made.bundle;
    return made.bundle;
  }

  /** Whether that is the prekey others are given now. */
  isCurrent(hash: string): boolean {
    return this.#prekeys.at(-1)?.hash === hash;
  }

  prekey(hash: string): Prekey | undefined {
    return this.#prekeys.find((each) => each.hash === hash);
  }

  /** Forgets prekeys and tokens whose time is over. @returns hashes of the prekeys that died. */
  expire(): string[] {
    const dead = this.#prekeys.filter((each) => this.#age(each) >= prekeyLifeMs);
    this.#prekeys = this.#prekeys.filter((each) => !dead.includes(each));
    for (const { hash, secret } of dead) {
      this.#crypto.backend.wipe(secret);
      this.#rows.remove('prekey', bundleKeys + hash);
    }
    for (const token of this.#tokens.filter((each) => each.expiresMs <= this.#turn.nowMs))
      this.spendToken(token.id);
    return dead.map((each) => each.hash);
  }

  /** When `expire` or `bundle` next has something to do. */
  nextWakeMs(): number {
    const renewal = (this.#prekeys.at(-1)?.createdMs ?? 0) + weekMs;
    const death = (this.#prekeys[0]?.createdMs ?? Infinity) + prekeyLifeMs;
    let wakeMs = Math.min(renewal, death);
    for (const { expiresMs } of this.#tokens) wakeMs = Math.min(wakeMs, expiresMs);
    return wakeMs;
  }

  /** Whether a card of ours was handed out lately and is good still. */
  get cardOutstanding(): boolean {
    return this.#turn.nowMs < this.#cardsUntilMs;
  }

  /**
   * A card of ours. `once`: with a token and a one-time prekey that the first holder spends. `handedOut`: for
   * people who are not our contacts.
   */
  card(options: { once: boolean; expiresInMs: number; hints: string[]; handedOut?: boolean }): Card {
    const { once, expiresInMs } = options;
    const untilMs = this.#turn.nowMs + Math.min(expiresInMs, cardFindableMs);
    if (options.handedOut === true && untilMs > this.#cardsUntilMs) {
      this.#cardsUntilMs = untilMs;
      this.#rows.put('intake', cardsKey, encodeCbor(untilMs));
    }
    // What the network listens on may be longer than a card allows.
    const hints = options.hints.filter((each) => isHint(each)).slice(0, hintsMax);
    const expiresWallMs = this.#turn.wallMs + expiresInMs;
    const token = once ? this.#makeToken(this.#turn.nowMs + expiresInMs) : undefined;
    return makeCard(this.#crypto.backend, this.root, {
      chain: this.identity.chain,
      person: this.identity.person,
      intakeSecret: this.intakeSecret,
      expiresWallMs,
      hints,
      token: token?.token,
      oneTimePrekey: token?.oneTimePrekey,
    });
  }

  token(id: string): Token | undefined {
    return this.#tokens.find((each) => each.id === id);
  }

  oneTime(prekeyId: string): Token | undefined {
    return this.#tokens.find((each) => each.oneTimePrekeyId === prekeyId);
  }

  spendToken(id: string): void {
    const token = this.token(id);
    if (token === undefined) return;
    this.#tokens = this.#tokens.filter((each) => each !== token);
    this.#rows.remove('intake', `token/${id}`);
    this.#crypto.backend.wipe(token.oneTimeSecret);
    this.#rows.remove('prekey', `once/${token.oneTimePrekeyId}`);
  }

  /** Whether a request of this week, the last or the next is meant for us. */
  isIntakeTag(tag: Uint8Array, week: number): number | undefined {
    for (const candidate of [week, week - 1, week + 1]) {
      const { backend } = this.#crypto;
      if (backend.equal(tag, intakeTag(backend, this.intakeSecret, candidate))) return candidate;
    }
    return undefined;
  }

  #age(prekey: Prekey | undefined): number {
    return prekey === undefined ? Infinity : this.#turn.nowMs - prekey.createdMs;
  }

  #makeToken(expiresMs: number): {
    token: Uint8Array;
    oneTimePrekey: { id: Uint8Array; publicKey: Uint8Array };
  } {
    while (this.#tokens.length >= tokensMax) this.spendToken(this.#tokens[0]!.id);
    const token = this.#crypto.keys.bytes(32);
    const id = hex(tokenId(this.#crypto.backend, token));
    const oneTime = makeOneTimePrekey(this.#crypto);
    const oneTimePrekeyId = hex(oneTime.id);
    this.#tokens.push({ id, token, oneTimePrekeyId, oneTimeSecret: oneTime.secret, expiresMs });
    this.#rows.put('intake', `token/${id}`, encodeCbor([token, utf8(oneTimePrekeyId), expiresMs]));
    this.#rows.put('prekey', `once/${oneTimePrekeyId}`, oneTime.secret);
    return { token, oneTimePrekey: { id: oneTime.id, publicKey: oneTime.publicKey } };
  }

  #createIdentity(): { root: OwnRoot; device: DeviceKeys; identity: Identity } {
    const person = createPerson(this.#crypto, { seq: this.#turn.wallMs, deviceName: 'first device' });
    const secrets = encodeSecrets(person);
    this.#rows.put('identity', 'secrets', secrets);
    this.#crypto.backend.wipe(secrets);
    this.#rows.put('identity', 'identity', person.identity.bytes);
    return person;
  }

  #restoreIdentity(): { root: OwnRoot; device: DeviceKeys; identity: Identity } | undefined {
    const secrets = this.#rows.get('identity', 'secrets');
    const bytes = this.#rows.get('identity', 'identity');
    const kept = secrets && decodeSecrets(this.#crypto.backend, secrets);
    if (secrets !== undefined) this.#crypto.backend.wipe(secrets);
    const identity = bytes && decodeIdentity(this.#crypto.backend, bytes);
    return kept && identity ? { ...kept, identity } : undefined;
  }

  #secretOf(key: 'plain' | 'presence'): Uint8Array {
    const kept = this.#rows.get('intake', key);
    if (kept !== undefined) return kept;
    const secret = this.#crypto.keys.bytes(32);
    this.#rows.put('intake', key, secret);
    return secret;
  }

  #restorePrekeys(): void {
    for (const { key, plaintext } of this.#rows.list('prekey', bundleKeys)) {
      const row = decodeCbor(plaintext);
      if (!Array.isArray(row)) continue;
      const [bundle, secret, createdMs] = row;
      if (!(bundle instanceof Uint8Array) || !(secret instanceof Uint8Array)) continue;
      if (typeof createdMs !== 'number') continue;
      this.#prekeys.push({ hash: key.slice(bundleKeys.length), bundle, secret, createdMs });
    }
    this.#prekeys.sort((a, b) => a.createdMs - b.createdMs);
    const newest = this.#prekeys.at(-1);
    if (newest === undefined) return;
    this.#bundle = decodeBundle(this.#crypto.backend, newest.bundle, this.device.signing.publicKey);
  }

  #restoreTokens(): void {
    for (const { key, plaintext } of this.#rows.list('intake', 'token/')) {
      const row = decodeCbor(plaintext);
      if (!Array.isArray(row)) continue;
      const [token, prekeyId, expiresMs] = row;
      if (!(token instanceof Uint8Array) || !(prekeyId instanceof Uint8Array)) continue;
      const oneTimePrekeyId = utf8Decode(prekeyId) ?? '';
      const oneTimeSecret = this.#rows.get('prekey', `once/${oneTimePrekeyId}`);
      // A restored copy lost its prekeys: a card whose prekey is gone can no longer be answered.
      if (oneTimeSecret === undefined || typeof expiresMs !== 'number') {
        this.#rows.remove('intake', key);
        continue;
      }
      this.#tokens.push({ id: key.slice('token/'.length), token, oneTimePrekeyId, oneTimeSecret, expiresMs });
    }
    this.#tokens.sort((a, b) => a.expiresMs - b.expiresMs);
  }
}
