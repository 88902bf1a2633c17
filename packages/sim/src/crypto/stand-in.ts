/**
 * Crypto for worlds of thousands of nodes: signatures, Diffie-Hellman and key encapsulation by a keyed hash. Who made a
 * key is in a register that only the world can read; with it a signature is checked, and one that its owner did not
 * make is refused. Hashes and authenticated encryption stay real. Each operation costs its node the time of the real.
 */
import { bytesEqual } from '@kith/core/base/bytes';
import type { CryptoBackend, KeyPair } from '@kith/core/crypto/backend';
import type { Stream } from '../world/chance.ts';
import { type Meter, nativePrices, type Prices } from './meter.ts';
import { keyNumber, Mix } from './mix.ts';
import { createRealCrypto } from './real-crypto.ts';

interface Registered {
  publicKey: Uint8Array;
  secret: Uint8Array;
}

const purposes = {
  signer: 1,
  signature: 2,
  exchange: 3,
  shared: 4,
  oneSided: 5,
  kem: 6,
  capsule: 7,
  kemShared: 8,
};
const capsuleBytes = 1_088;
const kemPublicBytes = 1_184;
const entropyBytes = 32;

/** Who made which key. One a world and use. */
class Register {
  readonly #byKey = new Map<number, Registered>();

  keep(publicKey: Uint8Array, secret: Uint8Array): void {
    const number = keyNumber(publicKey);
    if (!this.#byKey.has(number))
      this.#byKey.set(number, { publicKey: publicKey.slice(0, 32), secret: secret.slice() });
  }

  secretOf(publicKey: Uint8Array): Uint8Array | undefined {
    const found = this.#byKey.get(keyNumber(publicKey));
    return found !== undefined && bytesEqual(found.publicKey, publicKey.subarray(0, 32))
      ? found.secret
      : undefined;
  }
}

/** @param meter - whose processor pays. @param prices - milliseconds an operation; the default is the native backend's. */
export async function createStandIn(
  random: Stream,
  meter: Meter,
  prices: Prices = nativePrices,
): Promise<CryptoBackend> {
  const mix = new Mix();
  const pay = (operation: keyof CryptoBackend): void => meter.charge(prices[operation] ?? 0);
  return {
    ...(await createRealCrypto(random)),
    ...signatures(mix, pay),
    ...exchanges(mix, pay),
    ...encapsulations(mix, pay),
  };
}

type Pay = (operation: keyof CryptoBackend) => void;

function signatures(
  mix: Mix,
  pay: Pay,
): Pick<CryptoBackend, 'ed25519KeyPair' | 'ed25519Sign' | 'ed25519Verify'> {
  const register = new Register();
  return {
    ed25519KeyPair(seed): KeyPair {
      pay('ed25519KeyPair');
      const publicKey = mix.begin(purposes.signer).take(seed).bytes(32);
      register.keep(publicKey, seed);
      const secretKey = new Uint8Array(64);
      secretKey.set(seed);
      secretKey.set(publicKey, 32);
      return { publicKey, secretKey };
    },
    ed25519Sign(message, secretKey) {
      pay('ed25519Sign');
      return mix.begin(purposes.signature).take(secretKey.subarray(0, 32)).take(message).bytes(64);
    },
    ed25519Verify(signature, message, publicKey) {
      pay('ed25519Verify');
      if (signature.length !== 64 || publicKey.length !== 32) return false;
      const seed = register.secretOf(publicKey);
      if (seed === undefined) return false;
      return bytesEqual(mix.begin(purposes.signature).take(seed).take(message).bytes(64), signature);
    },
  };
}

function exchanges(mix: Mix, pay: Pay): Pick<CryptoBackend, 'x25519' | 'x25519KeyPair'> {
  const register = new Register();
  const publicOf = (secret: Uint8Array): Uint8Array => mix.begin(purposes.exchange).take(secret).bytes(32);
  return {
    x25519KeyPair(secretKey): KeyPair {
      pay('x25519KeyPair');
      const publicKey = publicOf(secretKey);
      register.keep(publicKey, secretKey);
      return { publicKey, secretKey };
    },
    x25519(secretKey, publicKey) {
      pay('x25519');
      if (publicKey.length !== 32 || publicKey.every((byte) => byte === 0)) return undefined;
      const theirs = register.secretOf(publicKey);
      // A point that nobody made: whoever sent it cannot know what we make of it.
      if (theirs === undefined) return mix.begin(purposes.oneSided).take(secretKey).take(publicKey).bytes(32);
      const own = publicOf(secretKey);
      const [low, high] = isBelow(own, publicKey) ? [secretKey, theirs] : [theirs, secretKey];
      return mix.begin(purposes.shared).take(low).take(high).bytes(32);
    },
  };
}

function encapsulations(
  mix: Mix,
  pay: Pay,
): Pick<CryptoBackend, 'mlkem768Decapsulate' | 'mlkem768Encapsulate' | 'mlkem768KeyPair'> {
  const register = new Register();
  const sharedOf = (seed: Uint8Array, capsule: Uint8Array): Uint8Array =>
    mix.begin(purposes.kemShared).take(seed).take(capsule).bytes(32);
  return {
    mlkem768KeyPair(seed64): KeyPair {
      pay('mlkem768KeyPair');
      const publicKey = mix.begin(purposes.kem).take(seed64).bytes(kemPublicBytes);
      register.keep(publicKey, seed64);
      return { publicKey, secretKey: seed64 };
    },
    mlkem768Encapsulate(publicKey, entropy32) {
      pay('mlkem768Encapsulate');
      if (publicKey.length !== kemPublicBytes || entropy32.length !== entropyBytes) return undefined;
      const seed = register.secretOf(publicKey);
      if (seed === undefined) return undefined; // Stands for the modulus check.
      const ciphertext = mix
        .begin(purposes.capsule)
        .take(publicKey.subarray(0, 32))
        .take(entropy32)
        .bytes(capsuleBytes);
      return { ciphertext, sharedSecret: sharedOf(seed, ciphertext) };
    },
    mlkem768Decapsulate(ciphertext, secretKey) {
      pay('mlkem768Decapsulate');
      return ciphertext.length === capsuleBytes ? sharedOf(secretKey, ciphertext) : undefined;
    },
  };
}

function isBelow(one: Uint8Array, other: Uint8Array): boolean {
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return one[at]! < other[at]!;
  return false;
}
