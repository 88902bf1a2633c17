/** HKDF (RFC 5869) over any hash, for inputs of any length. What must be fast is in `native/native-hkdf.ts`. */
import { concat } from '../base/bytes.ts';
import { invariant } from '../base/invariant.ts';

export interface HashFunction {
  hash: (bytes: Uint8Array) => Uint8Array;
  hashBytes: number;
  blockBytes: number;
}

export type Hkdf = (salt: Uint8Array, ikm: Uint8Array, info: Uint8Array, length: number) => Uint8Array;

/** An HKDF over `hash`. `length` 1 to 255 × the hash's length. */
export function createHkdf(hash: HashFunction): Hkdf {
  return (salt, ikm, info, length) => {
    invariant(
      Number.isInteger(length) && length >= 1 && length <= 255 * hash.hashBytes,
      'hkdf: length in range',
    );
    const pseudorandomKey = hmac(hash, salt, ikm);
    const out = new Uint8Array(length);
    let block: Uint8Array = new Uint8Array(0);
    for (let counter = 1, offset = 0; offset < length; counter++, offset += hash.hashBytes) {
      block = hmac(hash, pseudorandomKey, concat(block, info, Uint8Array.of(counter)));
      out.set(block.subarray(0, length - offset), offset);
    }
    pseudorandomKey.fill(0);
    return out;
  };
}

/** RFC 2104. */
function hmac({ hash, blockBytes }: HashFunction, key: Uint8Array, message: Uint8Array): Uint8Array {
  const shortKey = key.length > blockBytes ? hash(key) : key;
  const inner = new Uint8Array(blockBytes).fill(0x36);
  const outer = new Uint8Array(blockBytes).fill(0x5c);
  for (const [index, byte] of shortKey.entries()) {
    inner[index] = byte ^ 0x36;
    outer[index] = byte ^ 0x5c;
  }
  return hash(concat(outer, hash(concat(inner, message))));
}
