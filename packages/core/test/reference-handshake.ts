/**
 * A second, slow reading of docs/protocol/handshake.md on @noble, for tests only; see reference-ratchet.ts.
 * Identities are bytes and keys here: who signed them is another page's business.
 */
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import {
  type Draw,
  referenceDh as dh,
  referenceH as H,
  referenceKDF as KDF,
  type ReferenceKem,
  referencePad,
  ReferenceSession,
} from './reference-ratchet.ts';

export interface ReferenceDevice {
  person: string;
  /** 32 bytes. */
  device: Uint8Array;
  signingPublic: Uint8Array;
  agreementPublic: Uint8Array;
}

const text = (value: string): Uint8Array => Uint8Array.from(Buffer.from(value, 'utf8'));
const join = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));
const u32 = (value: number): Uint8Array => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return Uint8Array.from(bytes);
};

/** CBOR of an unsigned integer, a byte string or an array of those. */
function cbor(value: number | Uint8Array | (number | Uint8Array)[]): Uint8Array {
  if (typeof value === 'number') return cborHead(0, value);
  if (value instanceof Uint8Array) return join(cborHead(2, value.length), value);
  return join(cborHead(4, value.length), ...value.map(cbor));
}

function cborHead(major: number, argument: number): Uint8Array {
  const first = major * 32;
  if (argument < 24) return Uint8Array.of(first + argument);
  if (argument < 256) return Uint8Array.of(first + 24, argument);
  if (argument < 65_536) return Uint8Array.of(first + 25, argument >> 8, argument & 255);
  if (argument < 2 ** 32) return join(Uint8Array.of(first + 26), u32(argument));
  return join(Uint8Array.of(first + 27), u32(Math.floor(argument / 2 ** 32)), u32(argument % 2 ** 32));
}

export function referenceBundle(
  kem: ReferenceKem,
  secrets: { spk: Uint8Array; kemSeed: Uint8Array; signingSeed: Uint8Array },
  terms: { device: Uint8Array; seq: number; notAfterWallMs: number; difficulty: number },
): Uint8Array {
  const { device, seq, notAfterWallMs, difficulty } = terms;
  const keys = [x25519.getPublicKey(secrets.spk), kem.publicKey(secrets.kemSeed)];
  const body = cbor([1, 1, device, ...keys, seq, notAfterWallMs, difficulty]);
  const signature = ed25519.sign(join(text('kith/bundle/1'), Uint8Array.of(0), body), secrets.signingSeed);
  return cbor([body, signature]);
}

export function referenceInitiate(
  draw: Draw,
  kem: ReferenceKem,
  run: {
    self: { device: Uint8Array; agreementSecret: Uint8Array; identity: Uint8Array };
    to: ReferenceDevice;
    bundle: { bytes: Uint8Array; spk: Uint8Array; kemKey: Uint8Array };
    oneTimePrekey: Uint8Array | undefined;
    content: Uint8Array;
  },
): {
  message1: Uint8Array;
  session: ReferenceSession;
  between: Record<'th1' | 'k1' | 'c1' | 'th2' | 'k2', Uint8Array>;
} {
  const { self, to, bundle, oneTimePrekey, content } = run;
  const ephemeralSecret = draw(32);
  const epk = x25519.getPublicKey(ephemeralSecret);
  const { ciphertext, sharedSecret } = kem.encapsulate(bundle.kemKey, draw(32))!;
  const opkId = oneTimePrekey ? H('kith/one-time-prekey/1', oneTimePrekey).slice(0, 8) : new Uint8Array(8);
  const fixed = [Uint8Array.of(1), Uint8Array.of(1)];
  const certificate = [text(to.person), to.device, to.signingPublic, to.agreementPublic];
  const th1 = H('kith/hs-th1/1', ...fixed, bundle.bytes, ...certificate, opkId, epk, ciphertext);
  const k1 = KDF(
    'kith/hs-k1/1',
    th1,
    join(
      dh(ephemeralSecret, to.agreementPublic)!,
      dh(ephemeralSecret, bundle.spk)!,
      oneTimePrekey ? dh(ephemeralSecret, oneTimePrekey)! : new Uint8Array(0),
      sharedSecret,
    ),
    64,
  );
  const inner = referencePad(cbor([1, self.device, self.identity]));
  const c1 = xchacha20poly1305(k1.slice(32), new Uint8Array(24), th1).encrypt(inner);
  const th2 = H('kith/hs-th2/1', th1, c1);
  const statics = [dh(self.agreementSecret, bundle.spk)!, dh(self.agreementSecret, to.agreementPublic)!];
  const k2 = KDF('kith/hs-k2/1', th2, join(k1.slice(0, 32), ...statics), 64);
  const session = new ReferenceSession(kem, {
    initiator: true,
    th2,
    RK: k2.slice(0, 32),
    EX: k2.slice(32),
    theirs: bundle.spk,
  });
  const frame = session.sealFrame(draw, content);
  const bundleHash = H('kith/bundle-hash/1', bundle.bytes).slice(0, 16);
  const message1 = join(...fixed, bundleHash, opkId, epk, ciphertext, u32(c1.length), c1, frame);
  return { message1, session, between: { th1, k1, c1, th2, k2 } };
}
