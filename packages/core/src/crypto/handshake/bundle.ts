/**
 * Prekey bundles: what a device publishes so that others can start a session while it is away, and the one-time
 * prekeys of `--once` cards. Specification: docs/protocol/handshake.md, "Bundle".
 *
 * A bundle is judged by its signature alone. Freshness (`seq`) and age (`notAfterWallMs`) are the caller's to weigh.
 */
import { hex, hexDecode } from '../../base/bytes.ts';
import { type CborValue, decodeCbor, encodeCbor } from '../../base/cbor.ts';
import type { DeviceId } from '../../base/ids.ts';
import { invariant } from '../../base/invariant.ts';
import type { CryptoBackend, KeyPair } from '../backend.ts';
import type { Crypto } from '../crypto.ts';
import { H, suite } from '../hash.ts';
import type { DeviceKeys } from '../identity/identity.ts';
import { labels } from '../labels.ts';
import { sign, verify } from '../sign.ts';

/** A bundle of today has 1,347 bytes; the rest is room for a field more. */
export const bundleBytesMax = 2_048;
export const bundleHashBytes = 16;
export const oneTimePrekeyIdBytes = 8;
/** Bits of hashcash a bundle may ask of strangers: 28 are minutes of work. */
export const difficultyMax = 28;
const version = 1;
const deviceIdBytes = 32;
const agreementKeyBytes = 32;
const kemKeyBytes = 1_184;
const kemSeedBytes = 64;
const signatureBytes = 64;

export interface Bundle {
  device: DeviceId;
  /** X25519; the responder's first ratchet key. */
  signedPrekey: Uint8Array;
  /** ML-KEM-768, 1,184 bytes. */
  kemKey: Uint8Array;
  /** Of two valid bundles of a device the higher is fresher. */
  seq: number;
  /** When its author stops publishing it: a claim, for people and for choosing. */
  notAfterWallMs: number;
  /** Hashcash bits asked of strangers, 0 to 28. */
  difficulty: number;
  /** Wire form. */
  bytes: Uint8Array;
  /** 16 bytes that name it in message 1. */
  hash: Uint8Array;
}

/**
 * Makes and signs a bundle. `seq` and `notAfterWallMs`: integers from 0; `difficulty`: 0 to 28.
 * @returns the bundle, and `secret`: its private parts, to be stored sealed under its hash and erased when it dies.
 */
export function makeBundle(
  crypto: Crypto,
  device: DeviceKeys,
  terms: { seq: number; notAfterWallMs: number; difficulty: number },
): { bundle: Bundle; secret: Uint8Array } {
  const { backend, keys } = crypto;
  const { seq, notAfterWallMs, difficulty } = terms;
  invariant(
    isCount(seq) && isCount(notAfterWallMs) && isDifficulty(difficulty),
    'the terms of a bundle are in range',
  );
  const deviceBytes = hexDecode(device.device);
  invariant(deviceBytes?.length === deviceIdBytes, 'a device id is 32 bytes in hex');
  const prekeySecret = keys.bytes(agreementKeyBytes);
  const kemSeed = keys.bytes(kemSeedBytes);
  const prekey = backend.x25519KeyPair(prekeySecret).publicKey;
  const kem = backend.mlkem768KeyPair(kemSeed).publicKey;
  const body = encodeCbor([version, suite, deviceBytes, prekey, kem, seq, notAfterWallMs, difficulty]);
  const bytes = encodeCbor([body, sign(backend, labels.bundle, body, device.signing.secretKey)]);
  const secret = encodeCbor([version, prekeySecret, prekey, kemSeed]);
  backend.wipe(prekeySecret);
  backend.wipe(kemSeed);
  const hash = bundleHash(backend, bytes);
  const named = { device: device.device, signedPrekey: prekey, kemKey: kem, bytes, hash };
  return { bundle: { ...named, seq, notAfterWallMs, difficulty }, secret };
}

/** @returns the bundle, or undefined unless it is well-formed and signed by the device with `signingKey`. */
export function decodeBundle(
  backend: CryptoBackend,
  bytes: Uint8Array,
  signingKey: Uint8Array,
): Bundle | undefined {
  const signed = decodeCbor(bytes, { bytesMax: bundleBytesMax });
  if (!Array.isArray(signed) || signed.length !== 2) return undefined;
  const [body, signature] = signed;
  if (!isBytes(body, undefined) || !isBytes(signature, signatureBytes)) return undefined;
  const fields = decodeCbor(body);
  if (!Array.isArray(fields) || fields.length !== 8 || fields[0] !== version || fields[1] !== suite)
    return undefined;
  const [, , device, signedPrekey, kemKey, seq, notAfterWallMs, difficulty] = fields;
  if (!isBytes(device, deviceIdBytes) || !isBytes(signedPrekey, agreementKeyBytes)) return undefined;
  if (!isBytes(kemKey, kemKeyBytes) || !isCount(seq) || !isCount(notAfterWallMs)) return undefined;
  if (!isDifficulty(difficulty)) return undefined;
  // The dear check stands last.
  if (!verify(backend, labels.bundle, body, signature, signingKey)) return undefined;
  return {
    device: hex(device) as DeviceId,
    signedPrekey,
    kemKey,
    seq,
    notAfterWallMs,
    difficulty,
    bytes: Uint8Array.from(bytes),
    hash: bundleHash(backend, bytes),
  };
}

/** 16 bytes that name a bundle. */
export function bundleHash(backend: CryptoBackend, bytes: Uint8Array): Uint8Array {
  return H(backend, labels.bundleHash, bytes).slice(0, bundleHashBytes);
}

/** A key pair for one message 1. `secret` is stored sealed under `id` and erased when it was used. */
export function makeOneTimePrekey(crypto: Crypto): {
  id: Uint8Array;
  publicKey: Uint8Array;
  secret: Uint8Array;
} {
  const secret = crypto.keys.bytes(agreementKeyBytes);
  const { publicKey } = crypto.backend.x25519KeyPair(secret);
  return { id: oneTimePrekeyId(crypto.backend, publicKey), publicKey, secret };
}

/** 8 bytes that name a one-time prekey and hold it: another key has another id. */
export function oneTimePrekeyId(backend: CryptoBackend, publicKey: Uint8Array): Uint8Array {
  return H(backend, labels.oneTimePrekeyId, publicKey).slice(0, oneTimePrekeyIdBytes);
}

/** The private parts that `makeBundle` gave, or undefined where the stored bytes are not that. The caller wipes. */
export function decodeBundleSecret(secret: Uint8Array): { prekey: KeyPair; kemSeed: Uint8Array } | undefined {
  const fields = decodeCbor(secret);
  if (!Array.isArray(fields) || fields.length !== 4 || fields[0] !== version) return undefined;
  const [, secretKey, publicKey, kemSeed] = fields;
  if (!isBytes(secretKey, agreementKeyBytes) || !isBytes(publicKey, agreementKeyBytes)) return undefined;
  return isBytes(kemSeed, kemSeedBytes) ? { prekey: { secretKey, publicKey }, kemSeed } : undefined;
}

function isBytes(value: CborValue | undefined, length: number | undefined): value is Uint8Array {
  return value instanceof Uint8Array && (length === undefined || value.length === length);
}

function isCount(value: CborValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isDifficulty(value: CborValue | undefined): value is number {
  return isCount(value) && value <= difficultyMax;
}
