/**
 * The primitives Kith is built from, as one interface with two implementations: `native` (sodium-native and
 * node:crypto) and `portable` (WebAssembly and @noble, for browsers and the simulator). Vectors hold them equal.
 *
 * All functions are synchronous. Wrong lengths of arguments that our own code chose are programmer's errors
 * and throw; whatever a peer can send (points, signatures, ciphertexts) gives undefined or false.
 */
export interface KeyPair {
  publicKey: Uint8Array;
  secretKey: Uint8Array;
}

/** Memory for keys: locked against swapping where the platform can, and wiped when given back. */
export interface SecretMemory {
  /** `length` zeroed bytes, 1 to 4,096. */
  allocate(length: number): Uint8Array;
  /** Wipes and gives back. Harmless for memory of another origin: that is wiped only. */
  release(bytes: Uint8Array): void;
  /** What people are told: whether locking works, and how much was asked for beyond the locked arena. */
  status(): { locked: boolean; reason: string | undefined; overflowBytes: number };
}

export interface CryptoBackend {
  readonly name: 'native' | 'portable';
  readonly secrets: SecretMemory;

  /** Fresh bytes from the operating system. `length` 1 to 65,536. */
  randomBytes(length: number): Uint8Array;
  /** Constant time for equal lengths; false for different ones. */
  equal(a: Uint8Array, b: Uint8Array): boolean;
  /** Overwrites with zeros. */
  wipe(bytes: Uint8Array): void;

  /** RFC 6234. 64 bytes over the concatenation of `parts`. */
  sha512(...parts: Uint8Array[]): Uint8Array;
  /** RFC 7693, `length` 16 to 64, over the concatenation of `parts`; `key` of 16 to 64 bytes or undefined. */
  blake2b(length: number, key: Uint8Array | undefined, ...parts: Uint8Array[]): Uint8Array;
  /** RFC 5869 with SHA-512. `length` 1 to 16,320. */
  hkdfSha512(salt: Uint8Array, ikm: Uint8Array, info: Uint8Array, length: number): Uint8Array;
  /** RFC 5869 with SHA-256; only vectors and other suites ask for it. */
  hkdfSha256(salt: Uint8Array, ikm: Uint8Array, info: Uint8Array, length: number): Uint8Array;

  /** RFC 8032. `seed` 32 bytes; the secret key is 64 bytes (seed, public key). */
  ed25519KeyPair(seed: Uint8Array): KeyPair;
  ed25519Sign(message: Uint8Array, secretKey: Uint8Array): Uint8Array;
  /** Strict: rejects non-canonical S, small-order and non-canonical points. Any length of input is safe. */
  ed25519Verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;

  /** RFC 7748. `secretKey` 32 bytes, clamped inside. */
  x25519KeyPair(secretKey: Uint8Array): KeyPair;
  /** 32 bytes, or undefined when the result is all zero (RFC 7748 section 6.1) or the point is no 32 bytes. */
  x25519(secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined;

  /** XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03). Returns ciphertext and 16-byte tag. */
  xchachaSeal(key: Uint8Array, nonce24: Uint8Array, ad: Uint8Array, plaintext: Uint8Array): Uint8Array;
  xchachaOpen(
    key: Uint8Array,
    nonce24: Uint8Array,
    ad: Uint8Array,
    sealed: Uint8Array,
  ): Uint8Array | undefined;
  /** RFC 8439. */
  chachaSeal(key: Uint8Array, nonce12: Uint8Array, ad: Uint8Array, plaintext: Uint8Array): Uint8Array;
  chachaOpen(
    key: Uint8Array,
    nonce12: Uint8Array,
    ad: Uint8Array,
    sealed: Uint8Array,
  ): Uint8Array | undefined;

  /** FIPS 203, ML-KEM-768. `seed64` = d | z. Public key 1,184 bytes; the secret key is the 64-byte seed. */
  mlkem768KeyPair(seed64: Uint8Array): KeyPair;
  /**
   * Cipher text 1,088 and shared secret 32 bytes, or undefined when the key fails the modulus check.
   * `entropy32`: the message m. The native backend cannot take it (OpenSSL draws its own) and ignores it;
   * worlds that must replay use `portable`.
   */
  mlkem768Encapsulate(
    publicKey: Uint8Array,
    entropy32: Uint8Array,
  ): { ciphertext: Uint8Array; sharedSecret: Uint8Array } | undefined;
  /** 32 bytes; a wrong cipher text of right length gives a pseudorandom secret (implicit rejection). */
  mlkem768Decapsulate(ciphertext: Uint8Array, secretKey: Uint8Array): Uint8Array | undefined;
}
