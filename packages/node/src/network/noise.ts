/**
 * libp2p's Noise (17.0), cheaper in two places:
 * - It hands on the length and the ciphertext of a message as two pieces, and a socket sends each piece at once: two
 *   packets, two system calls and two reads for what is one message. Here they are one.
 * - For messages of more than 1,200 bytes it makes a cipher with a key object of its own each time, which costs five times
 *   the encryption itself. The construction stays, ChaCha20-Poly1305 of RFC 8439, but from sodium.
 */
import type { MessageStream } from '@libp2p/interface';
import { type ICryptoInterface, noise as plainNoise } from '@libp2p/noise';
import { defaultCrypto } from '@libp2p/noise/crypto';

/** ChaCha20-Poly1305 of RFC 8439: keys of 32 bytes, nonces of 12; the tag of 16 bytes stands at the end. */
export interface NoiseCiphers {
  chachaSeal(key: Uint8Array, nonce: Uint8Array, ad: Uint8Array, plaintext: Uint8Array): Uint8Array;
  /** undefined when it was not sealed so. */
  chachaOpen(key: Uint8Array, nonce: Uint8Array, ad: Uint8Array, sealed: Uint8Array): Uint8Array | undefined;
}

/** As `noise()` of `@libp2p/noise`. */
export function noise(ciphers: NoiseCiphers): ReturnType<typeof plainNoise> {
  const crypto: ICryptoInterface = {
    ...defaultCrypto,
    chaCha20Poly1305Encrypt: (plaintext, nonce, ad, key) =>
      ciphers.chachaSeal(key, nonce, ad, plaintext.subarray()),
    chaCha20Poly1305Decrypt: (sealed, nonce, ad, key) => {
      const opened = ciphers.chachaOpen(key, nonce, ad, sealed.subarray());
      if (opened === undefined) throw new Error('a Noise message that was not sealed with this key');
      return opened;
    },
  };
  return (components) => {
    const encrypter = plainNoise({ crypto })(components);
    const inbound = encrypter.secureInbound.bind(encrypter);
    const outbound = encrypter.secureOutbound.bind(encrypter);
    encrypter.secureInbound = (stream, options) => inbound(joined(stream), options);
    encrypter.secureOutbound = (stream, options) => outbound(joined(stream), options);
    return encrypter;
  };
}

function joined(stream: MessageStream): MessageStream {
  const send = stream.send.bind(stream);
  stream.send = (data) => send(data.subarray());
  return stream;
}
