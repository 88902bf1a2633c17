/**
 * Persons and their devices: a chain of root keys and the set of devices it vouches for.
 * Specification: docs/protocol/identity.md. Vectors: vectors/identity.json.
 *
 * Invariants (identity.test.ts checks them):
 *   1. An {@link Identity} value was verified in full; one that does not verify has no value.
 *   2. One identity has one wire form: any order and duplication of statements gives the same bytes and head.
 *   3. Revoke beats add, whichever came first.
 *   4. Two successors of one root entry are never merged: the known identity stands.
 */
import { bytesEqual, hex, hexDecode } from '../../base/bytes.ts';
import { type CborValue, decodeCbor, encodeCbor } from '../../base/cbor.ts';
import type { DeviceId, PersonId } from '../../base/ids.ts';
import { invariant } from '../../base/invariant.ts';
import type { CryptoBackend, KeyPair } from '../backend.ts';
import type { Crypto } from '../crypto.ts';
import { H, suite } from '../hash.ts';
import { labels } from '../labels.ts';
import {
  deviceBody,
  deviceIdOf,
  devicesMax,
  encodeAdd,
  encodeRevoke,
  isDeviceName,
  liveDevices,
  liveDevicesMax,
  normalise,
  parseStatement,
  signPossession,
  type Statement,
  statementsMax,
  verifyStatement,
} from './device-statements.ts';
import { personIdBytes } from './person-id.ts';
import { compareChains, decodeChain, firstEntry, type RootChain, successorEntry } from './root-chain.ts';

/** Longest wire form; what contacts store and sessions carry. */
export const identityBytesMax = 16_384;
const version = 1;

/** Keys of one device, secret halves in locked memory. */
export interface DeviceKeys {
  device: DeviceId;
  /** Ed25519. */
  signing: KeyPair;
  /** X25519. Never derived from the signing key. */
  agreement: KeyPair;
}

/** What only the primary device holds. */
export interface OwnRoot {
  /** Ed25519. */
  current: KeyPair;
  /** 32 bytes that the 24 recovery words stand for; empty once they are written down. */
  recovery: Uint8Array;
}

export interface LiveDevice {
  device: DeviceId;
  signingKey: Uint8Array;
  agreementKey: Uint8Array;
  /** A claim of 1 to 32 bytes; clean it before showing it. */
  name: string;
}

export interface Identity {
  person: PersonId;
  /** The current root key. */
  rootKey: Uint8Array;
  /** Root entries in wire form, first to current; 1 to 12. */
  chain: Uint8Array[];
  /** Statements in wire form, in their order; at most 64. */
  statements: Uint8Array[];
  /** Wire form of it all, at most {@link identityBytesMax}. */
  bytes: Uint8Array;
  /** 32 bytes; equal heads, equal identities. */
  head: Uint8Array;
  /** Earliest first, at most 8. */
  devices: LiveDevice[];
  revoked: DeviceId[];
}

/** `same`: nothing new. `fork`: two successors of one root entry; show alarm, change nothing. */
export type MergeOutcome = 'same' | 'extended' | 'rotated' | 'fork' | 'other-person';

/**
 * A new person with a first device. The secret keys stand in locked memory; `root.recovery` must be shown as
 * words and then erased.
 *
 * @param seq - Unix milliseconds now.
 */
export function createPerson(
  crypto: Crypto,
  { seq, deviceName }: { seq: number; deviceName: string },
): { root: OwnRoot; device: DeviceKeys; identity: Identity } {
  const { backend, keys } = crypto;
  const current = signingPair(crypto);
  const recovery = secretBytes(crypto, keys.bytes(32));
  const entry = firstEntry(backend, { publicKey: current.publicKey, recovery, seq });
  const root = { current, recovery };
  const chain = decodeChain(backend, [entry]);
  invariant(chain !== undefined, 'a chain just made verifies');
  const added = addDevice(crypto, { identity: assemble(backend, chain, []), root, deviceName, seq });
  invariant(added !== undefined, 'a new person has room for a device');
  return { root, ...added };
}

/** The identity of these bytes, every signature verified, or undefined. At most 99 signatures are checked. */
export function decodeIdentity(backend: CryptoBackend, bytes: Uint8Array): Identity | undefined {
  const fields = decodeCbor(bytes, { bytesMax: identityBytesMax });
  if (!Array.isArray(fields) || fields.length !== 4) return undefined;
  const [identityVersion, identitySuite, chainWires, wires] = fields;
  if (identityVersion !== version || identitySuite !== suite) return undefined;
  const statements = parseAll(backend, wires);
  if (statements === undefined) return undefined;
  const chain = decodeChain(backend, chainWires);
  if (chain === undefined) return undefined;
  // The one wire form, before any signature of a statement is looked at.
  const identity = assemble(backend, chain, statements);
  if (!bytesEqual(identity.bytes, bytes)) return undefined;
  const root = { person: personIdBytes(chain.person), publicKey: chain.current.publicKey };
  return statements.every((each) => verifyStatement(backend, each, root)) ? identity : undefined;
}

/**
 * What two verified identities say together. Order is irrelevant: merging any collection in any order ends in
 * the same identity, unless it holds a fork.
 */
export function mergeIdentity(
  backend: CryptoBackend,
  known: Identity,
  other: Identity,
): { outcome: MergeOutcome; identity: Identity } {
  if (known.person !== other.person) return { outcome: 'other-person', identity: known };
  const chain = chainOf(backend, known);
  const otherChain = chainOf(backend, other);
  switch (compareChains(chain, otherChain)) {
    case 'fork':
      return { outcome: 'fork', identity: known };
    case 'longer': // Statements under a root key that was replaced are void.
      return { outcome: 'same', identity: known };
    case 'shorter':
      return { outcome: 'rotated', identity: other };
    case 'same': {
      const union = [...statementsOf(backend, known), ...statementsOf(backend, other)];
      const identity = assemble(backend, chain, union);
      return { outcome: bytesEqual(identity.bytes, known.bytes) ? 'same' : 'extended', identity };
    }
  }
}

/** A further device with fresh keys, or undefined when 8 live devices or 44 in all are reached, or the name is none. */
export function addDevice(
  crypto: Crypto,
  parts: { identity: Identity; root: OwnRoot; deviceName: string; seq: number },
): { device: DeviceKeys; identity: Identity } | undefined {
  const { backend, keys } = crypto;
  const { identity, root, deviceName, seq } = parts;
  if (identity.devices.length >= liveDevicesMax || identity.statements.length >= devicesMax) return undefined;
  if (!isDeviceName(deviceName)) return undefined;
  const signing = signingPair(crypto);
  const agreement = backend.x25519KeyPair(secretBytes(crypto, keys.bytes(32)));
  const body = deviceBody({
    person: personIdBytes(identity.person),
    signingKey: signing.publicKey,
    agreementKey: agreement.publicKey,
    name: deviceName,
    seq,
  });
  const deviceSignature = signPossession(backend, body, signing.secretKey);
  const statement = encodeAdd(backend, { body, deviceSignature }, root.current.secretKey);
  const device = { device: deviceIdOf(backend, body), signing, agreement };
  return { device, identity: extended(backend, identity, [statement]) };
}

/**
 * The identity without a device, for good. Undefined when 64 devices are revoked already: rotate the root.
 *
 * @param cutoff - what the device signed with a sequence number above this is void; 0 voids everything
 */
export function revokeDevice(
  backend: CryptoBackend,
  parts: { identity: Identity; root: OwnRoot; device: DeviceId; cutoff: number; seq: number },
): Identity | undefined {
  const { identity, root, device, cutoff, seq } = parts;
  const deviceBytes = hexDecode(device);
  invariant(deviceBytes?.length === 32, 'a device id is hex of 32 bytes');
  if (identity.revoked.length >= statementsMax && !identity.revoked.includes(device)) return undefined;
  const person = personIdBytes(identity.person);
  const content = { person, device: deviceBytes, cutoff, seq };
  return extended(backend, identity, [encodeRevoke(backend, content, root.current.secretKey)]);
}

/**
 * Moves to the root key that the recovery words stand for and certifies the devices to `keep` anew; all others
 * and all revocations end with the old key. `root.recovery` is new and must be shown as words.
 *
 * Undefined when the words are not this person's current ones, or after 12 root keys.
 */
export function rotateRoot(
  crypto: Crypto,
  parts: { identity: Identity; recovery: Uint8Array; keep: DeviceId[]; seq: number },
): { root: OwnRoot; identity: Identity } | undefined {
  const { backend, keys } = crypto;
  const { identity, recovery, keep, seq } = parts;
  const nextRecovery = secretBytes(crypto, keys.bytes(32));
  const made = successorEntry(backend, chainOf(backend, identity), { recovery, nextRecovery, seq });
  if (made === undefined) {
    backend.secrets.release(nextRecovery);
    return undefined;
  }
  const chain = decodeChain(backend, [...identity.chain, made.entry]);
  invariant(chain !== undefined, 'a chain just extended verifies');
  const kept = statementsOf(backend, identity).flatMap((each) =>
    each.kind === 'add' && keep.includes(each.device) ? [encodeAdd(backend, each, made.root.secretKey)] : [],
  );
  const rotated = extended(backend, assemble(backend, chain, []), kept);
  return { root: { current: made.root, recovery: nextRecovery }, identity: rotated };
}

/** Bytes of all secret keys, to be sealed by the vault at once. */
export function encodeSecrets({ root, device }: { root: OwnRoot; device: DeviceKeys }): Uint8Array {
  const seed = (pair: KeyPair): Uint8Array => pair.secretKey.slice(0, 32);
  const deviceBytes = hexDecode(device.device);
  invariant(deviceBytes !== undefined, 'a device id is hex');
  const rootFields = [seed(root.current), root.recovery];
  return encodeCbor([
    version,
    suite,
    ...rootFields,
    deviceBytes,
    seed(device.signing),
    device.agreement.secretKey,
  ]);
}

/** The secrets of these bytes, in locked memory, or undefined. `bytes` are the caller's to wipe. */
export function decodeSecrets(
  backend: CryptoBackend,
  bytes: Uint8Array,
): { root: OwnRoot; device: DeviceKeys } | undefined {
  const fields = decodeCbor(bytes, { bytesMax: 512 });
  if (!Array.isArray(fields) || fields.length !== 7) return undefined;
  const [secretsVersion, secretsSuite, ...arrays] = fields;
  if (secretsVersion !== version || secretsSuite !== suite) return undefined;
  const [rootSeed, recovery, device, signingSeed, agreement] = arrays;
  if (!isBytes(rootSeed, 32) || !(isBytes(recovery, 32) || isBytes(recovery, 0))) return undefined;
  if (!isBytes(device, 32) || !isBytes(signingSeed, 32) || !isBytes(agreement, 32)) return undefined;
  const crypto = { backend };
  const current = backend.ed25519KeyPair(rootSeed);
  const signing = backend.ed25519KeyPair(signingSeed);
  backend.wipe(rootSeed);
  backend.wipe(signingSeed);
  return {
    root: { current, recovery: recovery.length === 0 ? recovery : secretBytes(crypto, recovery) },
    device: {
      device: hex(device) as DeviceId,
      signing,
      agreement: backend.x25519KeyPair(secretBytes(crypto, agreement)),
    },
  };
}

function parseAll(backend: CryptoBackend, wires: CborValue | undefined): Statement[] | undefined {
  if (!Array.isArray(wires) || wires.length > statementsMax) return undefined;
  const statements: Statement[] = [];
  for (const wire of wires) {
    const statement = parseStatement(backend, wire);
    if (statement === undefined) return undefined;
    statements.push(statement);
  }
  return statements;
}

/** The value of a verified chain and verified statements of its current key. */
function assemble(backend: CryptoBackend, chain: RootChain, statements: Statement[]): Identity {
  const normal = normalise(statements);
  const entries = chain.entries.map((entry) => entry.bytes);
  const wires = normal.map((statement) => statement.bytes);
  const bytes = encodeCbor([version, suite, entries, wires]);
  return {
    person: chain.person,
    rootKey: chain.current.publicKey,
    chain: entries,
    statements: wires,
    bytes,
    head: H(backend, labels.identityHead, bytes).slice(0, 32),
    devices: liveDevices(normal).map(({ device, signingKey, agreementKey, name }) => ({
      device,
      signingKey,
      agreementKey,
      name,
    })),
    revoked: normal.flatMap((each) => (each.kind === 'revoke' ? [each.device] : [])),
  };
}

/** With statements that our own root just signed. */
function extended(backend: CryptoBackend, identity: Identity, wires: Uint8Array[]): Identity {
  const statements = parseAll(backend, wires);
  invariant(statements !== undefined, 'statements just made are well-formed');
  return assemble(backend, chainOf(backend, identity), [...statementsOf(backend, identity), ...statements]);
}

function chainOf(backend: CryptoBackend, identity: Identity): RootChain {
  const chain = decodeChain(backend, identity.chain);
  invariant(chain !== undefined, 'the chain of an identity was verified');
  return chain;
}

function statementsOf(backend: CryptoBackend, identity: Identity): Statement[] {
  const statements = parseAll(backend, identity.statements);
  invariant(statements !== undefined, 'the statements of an identity were verified');
  return statements;
}

function signingPair({ backend, keys }: Crypto): KeyPair {
  const seed = keys.bytes(32);
  const pair = backend.ed25519KeyPair(seed);
  backend.wipe(seed);
  return pair;
}

/** A copy in locked memory; the original is wiped. */
function secretBytes({ backend }: Pick<Crypto, 'backend'>, bytes: Uint8Array): Uint8Array {
  const locked = backend.secrets.allocate(bytes.length);
  locked.set(bytes);
  backend.wipe(bytes);
  return locked;
}

function isBytes(value: CborValue | undefined, length: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length === length;
}
