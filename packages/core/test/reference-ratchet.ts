/**
 * A second, slow reading of docs/protocol/envelope.md and docs/protocol/ratchet.md on @noble, for tests only.
 * It shares no code with `crypto/`: state is plain data, every step copies it, and limits are counted the long way.
 * ML-KEM alone is borrowed from a backend, since @noble's is another package.
 */
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { blake2b } from '@noble/hashes/blake2.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha512 } from '@noble/hashes/sha2.js';

export interface ReferenceKem {
  publicKey(seed: Uint8Array): Uint8Array;
  encapsulate(
    publicKey: Uint8Array,
    entropy: Uint8Array,
  ): { ciphertext: Uint8Array; sharedSecret: Uint8Array } | undefined;
  decapsulate(ciphertext: Uint8Array, seed: Uint8Array): Uint8Array;
}

export type Draw = (length: number) => Uint8Array;
export type ReferenceOpened = { content: Uint8Array } | { failed: 'envelope' | 'old' | 'gap' | 'forged' };

interface Skipped {
  dh: string;
  n: number;
  mk: Uint8Array;
}

interface State {
  initiator: boolean;
  th2: Uint8Array;
  RK: Uint8Array;
  EX: Uint8Array;
  CKs: Uint8Array | undefined;
  CKr: Uint8Array | undefined;
  own: { secret: Uint8Array; public: Uint8Array } | undefined;
  theirs: Uint8Array | undefined;
  before: Uint8Array | undefined;
  Ns: number;
  Nr: number;
  PN: number;
  count: number;
  mixedAt: number | undefined;
  offer: { seed: Uint8Array; public: Uint8Array } | undefined;
  theirOffer: Uint8Array | undefined;
  answer: Uint8Array | undefined;
  skipped: Skipped[];
}

const text = (value: string): Uint8Array => Uint8Array.from(Buffer.from(value, 'utf8'));
const join = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));
const same = (a: Uint8Array | undefined, b: Uint8Array | undefined): boolean =>
  a !== undefined && b !== undefined && Buffer.compare(a, b) === 0;
const name = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const u32 = (value: number): Uint8Array => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return Uint8Array.from(bytes);
};

export function referenceH(label: string, ...parts: Uint8Array[]): Uint8Array {
  const framed = parts.flatMap((part) => [u32(part.length), part]);
  return sha512(join(Uint8Array.of(text(label).length), text(label), ...framed));
}

// oxlint-disable-next-line max-params -- as the specification writes it
export function referenceKDF(label: string, salt: Uint8Array, ikm: Uint8Array, length: number): Uint8Array {
  return hkdf(sha512, ikm, salt, join(text(label), Uint8Array.of(0, 1)), length);
}

const sizes = [256, 1024, 3072, 16384, 28672];

export function referencePad(content: Uint8Array): Uint8Array {
  const size = sizes.find((candidate) => content.length + 1 <= candidate)!;
  return join(content, Uint8Array.of(0x80), new Uint8Array(size - content.length - 1));
}

export function referenceUnpad(padded: Uint8Array): Uint8Array | undefined {
  if (!sizes.includes(padded.length)) return undefined;
  const shown = name(padded).replace(/(00)*$/, '');
  return shown.endsWith('80') && shown.length % 2 === 0
    ? Uint8Array.from(Buffer.from(shown.slice(0, -2), 'hex'))
    : undefined;
}

function dh(secret: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined {
  try {
    return x25519.getSharedSecret(secret, publicKey);
  } catch {
    return undefined; // @noble throws for an all-zero result.
  }
}

export { dh as referenceDh };

function chainStep(CK: Uint8Array): { CK: Uint8Array; mk: Uint8Array } {
  const both = blake2b(join(text('kith/chain/1'), Uint8Array.of(0, 1)), { key: CK, dkLen: 64 });
  return { CK: both.slice(0, 32), mk: both.slice(32) };
}

function rootStep(
  RK: Uint8Array,
  shared: Uint8Array,
  ss: Uint8Array | undefined,
): { RK: Uint8Array; CK: Uint8Array } {
  const both =
    ss === undefined
      ? referenceKDF('kith/root/1', RK, shared, 64)
      : referenceKDF('kith/root-kem/1', RK, join(shared, ss), 64);
  return { RK: both.slice(0, 32), CK: both.slice(32) };
}

export class ReferenceSession {
  state: State;
  #kem: ReferenceKem;

  constructor(
    kem: ReferenceKem,
    start: {
      initiator: boolean;
      th2: Uint8Array;
      RK: Uint8Array;
      EX: Uint8Array;
      ownSecret?: Uint8Array;
      theirs?: Uint8Array;
    },
  ) {
    const { ownSecret, theirs, ...fixed } = start;
    this.#kem = kem;
    this.state = {
      ...fixed,
      CKs: undefined,
      CKr: undefined,
      own: ownSecret && { secret: ownSecret, public: x25519.getPublicKey(ownSecret) },
      theirs,
      before: undefined,
      Ns: 0,
      Nr: 0,
      PN: 0,
      count: 0,
      mixedAt: undefined,
      offer: undefined,
      theirOffer: undefined,
      answer: undefined,
      skipped: [],
    };
  }

  get sid(): Uint8Array {
    return referenceH('kith/sid/1', this.state.th2).slice(0, 16);
  }

  week(outward: boolean, week: number): { tag: Uint8Array; key: Uint8Array; nonceKey: Uint8Array } {
    const direction = outward === this.state.initiator ? 1 : 2;
    const all = referenceKDF('kith/mailbox/1', join(Uint8Array.of(direction), u32(week)), this.state.EX, 80);
    return { tag: all.slice(0, 16), key: all.slice(16, 48), nonceKey: all.slice(48) };
  }

  seal(draw: Draw, content: Uint8Array, week: number, nowMs?: number): Uint8Array {
    return this.envelope(this.sealFrame(draw, content, nowMs), week);
  }

  envelope(frame: Uint8Array, week: number): Uint8Array {
    const { tag, key, nonceKey } = this.week(true, week);
    const head = join(Uint8Array.of(1), tag);
    const nonce = blake2b(frame, { key: nonceKey, dkLen: 24 });
    return join(head, nonce, xchacha20poly1305(key, nonce, head).encrypt(frame));
  }

  sealFrame(draw: Draw, content: Uint8Array, nowMs?: number): Uint8Array {
    const state = structuredClone(this.state);
    if (state.CKs === undefined) {
      const secret = draw(32);
      const mixed = state.theirOffer && this.#kem.encapsulate(state.theirOffer, draw(32));
      const step = rootStep(state.RK, dh(secret, state.theirs!)!, mixed?.sharedSecret);
      Object.assign(state, { RK: step.RK, CKs: step.CK, PN: state.Ns, Ns: 0, theirOffer: undefined });
      state.own = { secret, public: x25519.getPublicKey(secret) };
      state.answer = mixed?.ciphertext;
      if (mixed !== undefined) Object.assign(state, { count: 0, mixedAt: nowMs });
    }
    state.mixedAt ??= nowMs;
    const late = nowMs !== undefined && state.mixedAt !== undefined && nowMs - state.mixedAt >= 604_800_000;
    if (state.offer === undefined && (state.count >= 50 || late)) {
      const seed = draw(64);
      state.offer = { seed, public: this.#kem.publicKey(seed) };
    }
    const n = state.Ns;
    const offer = n < 16 || n % 16 === 0 ? state.offer?.public : undefined;
    const flags = (offer === undefined ? 0 : 1) + (state.answer === undefined ? 0 : 2);
    const none = new Uint8Array(0);
    const header = join(
      this.sid,
      Uint8Array.of(flags),
      state.own!.public,
      u32(state.PN),
      u32(n),
      offer ?? none,
      state.answer ?? none,
    );
    const { CK, mk } = chainStep(state.CKs!);
    const padded = referencePad(content);
    const nk = blake2b(join(text('kith/nonce-key/1'), Uint8Array.of(0, 1)), { key: mk, dkLen: 32 });
    const nonce = blake2b(join(draw(24), state.th2, header, padded), { key: nk, dkLen: 24 });
    const sealed = xchacha20poly1305(mk, nonce, join(state.th2, header)).encrypt(padded);
    Object.assign(state, { CKs: CK, Ns: n + 1, count: state.count + 1 });
    this.state = state;
    return join(header, nonce, sealed);
  }

  open(envelope: Uint8Array, week: number): ReferenceOpened {
    for (const candidate of [week - 1, week, week + 1]) {
      if (candidate < 0) continue;
      const { tag, key } = this.week(false, candidate);
      const head = join(Uint8Array.of(1), tag);
      if (envelope.length < 57 || !same(envelope.slice(0, 17), head)) continue;
      try {
        const frame = xchacha20poly1305(key, envelope.slice(17, 41), head).decrypt(envelope.slice(41));
        return this.openFrame(frame);
      } catch {
        return { failed: 'envelope' };
      }
    }
    return { failed: 'envelope' };
  }

  openFrame(frame: Uint8Array): ReferenceOpened {
    if (frame.length < 57 || !same(frame.slice(0, 16), this.sid) || frame[16]! > 3)
      return { failed: 'envelope' };
    const offerEnd = 57 + (frame[16]! & 1 ? 1184 : 0);
    const headerEnd = offerEnd + (frame[16]! & 2 ? 1088 : 0);
    const header = frame.slice(0, headerEnd);
    const nonce = frame.slice(headerEnd, headerEnd + 24);
    const sealed = frame.slice(headerEnd + 24);
    if (!sizes.includes(sealed.length - 16)) return { failed: 'envelope' };
    const key = frame.slice(17, 49);
    const numbers = Buffer.from(frame);
    const pn = numbers.readUInt32BE(49);
    const n = numbers.readUInt32BE(53);
    const offer = offerEnd > 57 ? frame.slice(57, offerEnd) : undefined;
    const answer = headerEnd > offerEnd ? frame.slice(offerEnd, headerEnd) : undefined;
    if (n === 2 ** 32 - 1) return { failed: 'forged' };

    const state = structuredClone(this.state);
    const unseal = (mk: Uint8Array): Uint8Array | undefined => {
      try {
        return referenceUnpad(xchacha20poly1305(mk, nonce, join(state.th2, header)).decrypt(sealed));
      } catch {
        return undefined;
      }
    };
    const current = state.CKr !== undefined && same(key, state.theirs);
    if ((current && n < state.Nr) || (!current && state.skipped.some((kept) => kept.dh === name(key)))) {
      const found = state.skipped.find((kept) => kept.dh === name(key) && kept.n === n);
      if (found === undefined) return { failed: 'old' };
      const content = unseal(found.mk);
      if (content === undefined) return { failed: 'forged' };
      state.skipped = state.skipped.filter((kept) => kept !== found);
      state.count += 1;
      this.state = state;
      return { content };
    }
    if (!current) {
      if (state.own === undefined || same(key, state.before)) return { failed: 'old' };
      if (answer !== undefined && state.offer === undefined) return { failed: 'forged' };
      const missing = state.CKr === undefined ? 0 : pn - state.Nr;
      if (missing < 0) return { failed: 'forged' };
      if (missing > 1000 || n > 1000) return { failed: 'gap' };
      const shared = dh(state.own.secret, key);
      if (shared === undefined) return { failed: 'forged' };
      if (missing > 0) skip(state, pn);
      const ss = answer && this.#kem.decapsulate(answer, state.offer!.seed);
      const step = rootStep(state.RK, shared, ss);
      Object.assign(state, { RK: step.RK, CKr: step.CK, Nr: 0, before: state.theirs, theirs: key });
      Object.assign(state, { CKs: undefined, own: undefined, answer: undefined });
      if (answer !== undefined) Object.assign(state, { offer: undefined, count: 0, mixedAt: undefined });
    } else if (n - state.Nr > 1000) return { failed: 'gap' };
    skip(state, n);
    const { CK, mk } = chainStep(state.CKr!);
    const content = unseal(mk);
    if (content === undefined) return { failed: 'forged' };
    Object.assign(state, { CKr: CK, Nr: n + 1, count: state.count + 1 });
    if (offer !== undefined && state.CKs === undefined) state.theirOffer = offer;
    this.state = state;
    return { content };
  }

  /** The encoded state of docs/protocol/ratchet.md. */
  encode(): Uint8Array {
    const { CKs, CKr, own, theirs, before, offer, theirOffer, answer, mixedAt } = this.state;
    const present = [
      this.state.initiator || undefined,
      CKs,
      CKr,
      own,
      theirs,
      before,
      offer,
      theirOffer,
      answer,
      mixedAt,
    ];
    const flags = present.reduce<number>((sum, field, bit) => sum + (field === undefined ? 0 : 2 ** bit), 0);
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(BigInt(mixedAt ?? 0));
    const { th2, Ns, Nr, PN, count, RK, EX, skipped } = this.state;
    const optional = [
      CKs,
      CKr,
      own?.secret,
      own?.public,
      theirs,
      before,
      offer?.seed,
      offer?.public,
      theirOffer,
      answer,
    ];
    return join(
      Uint8Array.of(1, flags >> 8, flags & 255),
      th2,
      ...[Ns, Nr, PN, count].map(u32),
      time,
      RK,
      EX,
      ...optional.filter((field) => field !== undefined),
      encodeIndex(skipped),
    );
  }
}

/** Moves the receiving chain to message `until`, keeping what is passed, and then applies the four maxima. */
function skip(state: State, until: number): void {
  const chain = name(state.theirs!);
  if (state.Nr >= until) return;
  for (; state.Nr < until; state.Nr++) {
    const { CK, mk } = chainStep(state.CKr!);
    state.skipped.push({ dh: chain, n: state.Nr, mk });
    state.CKr = CK;
  }
  const inChain = (): Skipped[] => state.skipped.filter((kept) => kept.dh === chain);
  while (inChain().length > 1000) state.skipped.splice(state.skipped.indexOf(inChain()[0]!), 1);
  while (state.skipped.length > 2000) state.skipped.shift();
  while (chainsOf(state.skipped).length > 40 || encodeIndex(state.skipped).length - 2 > 4200) {
    const { dh: oldest } = state.skipped[0]!;
    let n = state.skipped[0]!.n;
    while (state.skipped[0]?.dh === oldest && state.skipped[0].n === n) {
      state.skipped.shift();
      n++;
    }
  }
}

function chainsOf(skipped: Skipped[]): string[] {
  return [...new Set(skipped.map((kept) => kept.dh))];
}

function encodeIndex(skipped: Skipped[]): Uint8Array {
  const chains = chainsOf(skipped);
  const bytes = [chains.length >> 8, chains.length & 255];
  for (const chain of chains) {
    const numbers = skipped.filter((kept) => kept.dh === chain).map((kept) => kept.n);
    const starts = numbers.filter((n) => !numbers.includes(n - 1));
    bytes.push(...Buffer.from(chain, 'hex'), starts.length >> 8, starts.length & 255);
    let end = 0;
    for (const start of starts) {
      let length = 1;
      while (numbers.includes(start + length)) length++;
      bytes.push(...varint(start - end), ...varint(length - 1));
      end = start + length;
    }
  }
  return Uint8Array.from(bytes);
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}
