/**
 * The chain of root keys of a person. Specification: docs/protocol/identity.md.
 *
 * Each entry names a root key and commits to the next one by hash. The next key exists only in the recovery
 * words, so a thief of the present root cannot move the chain on. The person is the hash of the first entry.
 *
 * Invariants: an entry's key hashes to the commitment before it; an entry is signed by its own key (the first
 * is vouched for by the person id); two successors of one entry are a fork and never merged.
 */
import { bytesEqual, concat, utf8 } from '../../base/bytes.ts';
import { type CborValue, decodeCbor, encodeCbor } from '../../base/cbor.ts';
import type { PersonId } from '../../base/ids.ts';
import { invariant } from '../../base/invariant.ts';
import type { CryptoBackend, KeyPair } from '../backend.ts';
import { derive, H, suite } from '../hash.ts';
import { labels } from '../labels.ts';
import { sign, verify } from '../sign.ts';
import { personIdText } from './person-id.ts';

/** Root keys of one person in all their life; a guess: one recovery in five years, with room. */
export const chainEntriesMax = 12;
const version = 1;

export interface RootEntry {
  /** Wire form: CBOR `[body]` for the first entry, `[body, signature]` for the others. */
  bytes: Uint8Array;
  body: Uint8Array;
  signature: Uint8Array | undefined;
  publicKey: Uint8Array;
  /** What the next entry's key must hash to, 32 bytes. */
  commitment: Uint8Array;
  previous: Uint8Array | undefined;
  index: number;
  seq: number;
}

export interface RootChain {
  person: PersonId;
  /** At least one, at most {@link chainEntriesMax}. */
  entries: RootEntry[];
  current: RootEntry;
}

/** The key pair that recovery words stand for. The secret key is in locked memory and the caller's to release. */
export function recoveryKeyPair(backend: CryptoBackend, recovery: Uint8Array): KeyPair {
  invariant(recovery.length === 32, 'recovery words hold 32 bytes');
  const seed = derive(backend, labels.rootRecovery, new Uint8Array(0), recovery, 32);
  const pair = backend.ed25519KeyPair(seed);
  backend.wipe(seed);
  return pair;
}

/** The first entry of a new person. `recovery`: 32 bytes that the words stand for. */
export function firstEntry(
  backend: CryptoBackend,
  parts: { publicKey: Uint8Array; recovery: Uint8Array; seq: number },
): Uint8Array {
  const { publicKey, recovery, seq } = parts;
  const body = encodeCbor([version, suite, 0, publicKey, commitmentTo(backend, recovery), null, seq]);
  return encodeCbor([body]);
}

/**
 * The entry after the last of `chain`, or undefined where `recovery` is not what it committed to or the chain
 * is full. `nextRecovery`: 32 fresh bytes for the new words.
 */
export function successorEntry(
  backend: CryptoBackend,
  chain: RootChain,
  parts: { recovery: Uint8Array; nextRecovery: Uint8Array; seq: number },
): { entry: Uint8Array; root: KeyPair } | undefined {
  const { current, entries } = chain;
  if (entries.length >= chainEntriesMax) return undefined;
  const root = recoveryKeyPair(backend, parts.recovery);
  if (!bytesEqual(commitment(backend, root.publicKey), current.commitment)) {
    backend.secrets.release(root.secretKey);
    return undefined;
  }
  const next = commitmentTo(backend, parts.nextRecovery);
  const seq = Math.max(current.seq + 1, parts.seq);
  const previous = entryHash(backend, current);
  const body = encodeCbor([version, suite, current.index + 1, root.publicKey, next, previous, seq]);
  const signature = sign(backend, labels.rootRotation, body, root.secretKey);
  return { entry: encodeCbor([body, signature]), root };
}

/** The chain of entries in wire form, fully verified, or undefined. */
export function decodeChain(backend: CryptoBackend, wires: CborValue | undefined): RootChain | undefined {
  if (!Array.isArray(wires) || wires.length < 1 || wires.length > chainEntriesMax) return undefined;
  const entries: RootEntry[] = [];
  for (const wire of wires) {
    const entry = wire instanceof Uint8Array ? decodeEntry(wire) : undefined;
    if (entry === undefined || !follows(backend, entries.at(-1), entry)) return undefined;
    entries.push(entry);
  }
  return chainOf(backend, entries);
}

/** `same`, or which of the two goes further, or `fork` where they part. Both verified and of one person. */
export function compareChains(a: RootChain, b: RootChain): 'same' | 'shorter' | 'longer' | 'fork' {
  const common = Math.min(a.entries.length, b.entries.length);
  for (let index = 0; index < common; index++) {
    if (!bytesEqual(a.entries[index]!.body, b.entries[index]!.body)) return 'fork';
  }
  if (a.entries.length === b.entries.length) return 'same';
  return a.entries.length < b.entries.length ? 'shorter' : 'longer';
}

/** Whether a verified chain, in wire form, begins with all of `start`: the same root, or one that followed it. */
export function chainContinues(chain: readonly Uint8Array[], start: readonly Uint8Array[]): boolean {
  return (
    chain.length >= start.length &&
    start.every((entry, index) => chain[index] !== undefined && bytesEqual(entry, chain[index]))
  );
}

function chainOf(backend: CryptoBackend, entries: RootEntry[]): RootChain {
  const { body } = entries[0]!;
  const hash = backend.blake2b(32, undefined, concat(utf8(labels.personId), Uint8Array.of(suite)), body);
  return { person: personIdText(hash), entries, current: entries.at(-1)! };
}

function decodeEntry(bytes: Uint8Array): RootEntry | undefined {
  const wire = decodeCbor(bytes, { bytesMax: 256 });
  if (!Array.isArray(wire) || wire.length < 1 || wire.length > 2) return undefined;
  const [body, signature] = wire;
  if (!(body instanceof Uint8Array)) return undefined;
  if (signature !== undefined && !isBytes(signature, 64)) return undefined;
  const fields = decodeCbor(body);
  if (!Array.isArray(fields) || fields.length !== 7) return undefined;
  const [entryVersion, entrySuite, index, publicKey, next, previous, seq] = fields;
  if (entryVersion !== version || entrySuite !== suite) return undefined;
  if (!isCount(index) || !isCount(seq) || !isBytes(publicKey, 32) || !isBytes(next, 32)) return undefined;
  if (previous !== null && !isBytes(previous, 32)) return undefined;
  const entry = { bytes, body, signature, publicKey, commitment: next, index, seq };
  return { ...entry, previous: previous ?? undefined };
}

function follows(backend: CryptoBackend, before: RootEntry | undefined, entry: RootEntry): boolean {
  const { signature, previous } = entry;
  if (before === undefined) return entry.index === 0 && previous === undefined && signature === undefined;
  if (signature === undefined || previous === undefined) return false;
  if (entry.index !== before.index + 1 || entry.seq <= before.seq) return false;
  if (!bytesEqual(previous, entryHash(backend, before))) return false;
  if (!bytesEqual(commitment(backend, entry.publicKey), before.commitment)) return false;
  return verify(backend, labels.rootRotation, entry.body, signature, entry.publicKey);
}

function entryHash(backend: CryptoBackend, entry: RootEntry): Uint8Array {
  return H(backend, labels.rootEntry, entry.body).slice(0, 32);
}

function commitment(backend: CryptoBackend, publicKey: Uint8Array): Uint8Array {
  return H(backend, labels.rootCommitment, publicKey).slice(0, 32);
}

function commitmentTo(backend: CryptoBackend, recovery: Uint8Array): Uint8Array {
  const pair = recoveryKeyPair(backend, recovery);
  backend.secrets.release(pair.secretKey);
  return commitment(backend, pair.publicKey);
}

function isBytes(value: CborValue | undefined, length: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length === length;
}

function isCount(value: CborValue | undefined): value is number {
  return typeof value === 'number' && value >= 0;
}
