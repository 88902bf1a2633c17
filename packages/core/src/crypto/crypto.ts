import type { KeySource } from '../base/random.ts';
import type { CryptoBackend } from './backend.ts';

/** What code that makes keys or nonces needs: the primitives, and where fresh key material comes from. */
export interface Crypto {
  backend: CryptoBackend;
  keys: KeySource;
}
