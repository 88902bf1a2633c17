/** Ed25519 over `label | 0x00 | body`, so that a signature for one purpose is none for another. */
import { concat, utf8 } from '../base/bytes.ts';
import type { CryptoBackend } from './backend.ts';
import type { Label } from './labels.ts';

/** 64 bytes. `body`: the bytes as they go on the wire; `secretKey`: 64 bytes. */
// oxlint-disable-next-line max-params -- backend and label stand before the arguments of RFC 8032
export function sign(
  backend: CryptoBackend,
  label: Label,
  body: Uint8Array,
  secretKey: Uint8Array,
): Uint8Array {
  return backend.ed25519Sign(labelled(label, body), secretKey);
}

/** Whether the signature is this key's over this body under this label. Any length of input is safe. */
// oxlint-disable-next-line max-params -- backend and label stand before the arguments of RFC 8032
export function verify(
  backend: CryptoBackend,
  label: Label,
  body: Uint8Array,
  signature: Uint8Array,
  publicKey: Uint8Array,
): boolean {
  return backend.ed25519Verify(signature, labelled(label, body), publicKey);
}

function labelled(label: Label, body: Uint8Array): Uint8Array {
  return concat(utf8(label), Uint8Array.of(0), body);
}
