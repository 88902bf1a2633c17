/** Identities and secrets against forged, spliced and damaged bytes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { damagedBytes, fuzzCases } from '../../../test/damaged-bytes.ts';
import { backend, cryptoOf, type Person, personOf, withStatements } from '../../../test/person-pieces.ts';
import { bytesEqual } from '../../base/bytes.ts';
import { decodeCbor, encodeCbor } from '../../base/cbor.ts';
import type { KeyPair } from '../backend.ts';
import { H, suite } from '../hash.ts';
import { labels } from '../labels.ts';
import { sign } from '../sign.ts';
import { deviceBody, encodeAdd, signPossession } from './device-statements.ts';
import {
  addDevice,
  decodeIdentity,
  decodeSecrets,
  encodeSecrets,
  mergeIdentity,
  revokeDevice,
  rotateRoot,
} from './identity.ts';
import { personIdBytes } from './person-id.ts';
import { recoveryKeyPair } from './root-chain.ts';

describe('hostile bytes', () => {
  const alice = personOf(1);
  const mallory = personOf(2);
  const second = addDevice(cryptoOf(3), { ...alice, deviceName: 'second', seq: 2_000 })!;
  const revoked = revokeDevice(backend, {
    ...alice,
    identity: second.identity,
    device: second.device.device,
    cutoff: 4,
    seq: 3_000,
  })!;
  const { recovery } = alice.root;
  const rotated = rotateRoot(cryptoOf(4), {
    identity: revoked,
    recovery,
    keep: [alice.device.device],
    seq: 4_000,
  })!;
  const samples = [alice, mallory, second, { identity: revoked }, rotated].map((each) => each.identity.bytes);

  test('nobody adds another person’s device as their own', () => {
    const stolen = alice.identity.statements[0]!;
    const wire = decodeCbor(stolen);
    if (!Array.isArray(wire)) throw new Error('a statement is an array');
    const [, body, deviceSignature] = wire as [number, Uint8Array, Uint8Array];
    const forged = encodeAdd(backend, { body, deviceSignature }, mallory.root.current.secretKey);
    expect(decodeIdentity(backend, withStatements(mallory, [stolen]))).toBeUndefined();
    expect(decodeIdentity(backend, withStatements(mallory, [forged]))).toBeUndefined();
    expect(decodeIdentity(backend, withStatements(alice, [forged]))).toBeUndefined();
    expect(decodeIdentity(backend, withStatements(alice, [stolen]))).toBeDefined();
  });

  test('nobody adds a device whose key they do not hold', () => {
    const keyPair: KeyPair = mallory.device.signing;
    const body = deviceBody({
      person: personIdBytes(mallory.identity.person),
      signingKey: alice.device.signing.publicKey,
      agreementKey: alice.device.agreement.publicKey,
      name: 'not mine',
      seq: 1,
    });
    const deviceSignature = signPossession(backend, body, keyPair.secretKey);
    const forged = encodeAdd(backend, { body, deviceSignature }, mallory.root.current.secretKey);
    expect(decodeIdentity(backend, withStatements(mallory, [forged]))).toBeUndefined();
  });

  test('another order, or a statement twice, is not the one wire form', () => {
    const two = second.identity.statements;
    expect(decodeIdentity(backend, withStatements(alice, two))).toBeDefined();
    expect(decodeIdentity(backend, withStatements(alice, two.toReversed()))).toBeUndefined();
    expect(decodeIdentity(backend, withStatements(alice, [two[0]!, ...two]))).toBeUndefined();
    // An add beside its revoke.
    const both = [...second.identity.statements, ...revoked.statements];
    expect(decodeIdentity(backend, withStatements(alice, both))).toBeUndefined();
  });

  /** A successor to the last entry of `chain`, with any of its rules broken. */
  function forgedSuccessor(
    root: KeyPair,
    change: { index?: number; previous?: Uint8Array | null; seq?: number },
  ) {
    const { index = 1, previous = entryHash(alice), seq = 2_000 } = change;
    const body = encodeCbor([1, suite, index, root.publicKey, new Uint8Array(32), previous, seq]);
    const entry = encodeCbor([body, sign(backend, labels.rootRotation, body, root.secretKey)]);
    return decodeIdentity(backend, encodeCbor([1, suite, [...alice.identity.chain, entry], []]));
  }

  function entryHash(person: Person): Uint8Array {
    const [body] = decodeCbor(person.identity.chain.at(-1)!) as [Uint8Array];
    return H(backend, labels.rootEntry, body).slice(0, 32);
  }

  test('a root entry follows only with the committed key, and only where it belongs', () => {
    const committed = recoveryKeyPair(backend, recovery);
    expect(forgedSuccessor(committed, {})).toBeDefined();
    expect(forgedSuccessor(mallory.root.current, {})).toBeUndefined();
    expect(forgedSuccessor(alice.root.current, {})).toBeUndefined();
    expect(forgedSuccessor(committed, { index: 2 })).toBeUndefined();
    expect(forgedSuccessor(committed, { index: 0 })).toBeUndefined();
    expect(forgedSuccessor(committed, { previous: null })).toBeUndefined();
    expect(forgedSuccessor(committed, { previous: entryHash(mallory) })).toBeUndefined();
    expect(forgedSuccessor(committed, { seq: 1_000 })).toBeUndefined(); // Not later than the entry before.
  });

  test('every byte counts', () => {
    const { bytes } = rotated.identity;
    for (let at = 0; at < bytes.length; at++) {
      const changed = Uint8Array.from(bytes);
      changed[at]! ^= 1 << (at % 8);
      expect(decodeIdentity(backend, changed), `byte ${at}`).toBeUndefined();
    }
  });

  test('no damage makes an identity that was not signed', () => {
    let taken = 0;
    fc.assert(
      fc.property(damagedBytes(samples), (bytes) => {
        const decoded = decodeIdentity(backend, bytes);
        if (decoded === undefined) return;
        taken++;
        expect(decoded.bytes).toEqual(bytes);
        // Devices come only from statements that the roots of the samples signed.
        const known = [alice, mallory, second].flatMap((each) => each.identity.devices);
        for (const device of decoded.devices) expect(known).toContainEqual(device);
      }),
      { numRuns: fuzzCases },
    );
    expect(taken).toBeGreaterThan(0);
  });

  test('merging what was damaged and still verifies never brings back what was revoked', () => {
    fc.assert(
      fc.property(damagedBytes(samples), (bytes) => {
        const decoded = decodeIdentity(backend, bytes);
        if (decoded === undefined || decoded.person !== revoked.person) return;
        const { identity } = mergeIdentity(backend, revoked, decoded);
        expect(identity.devices.some((each) => each.device === second.device.device)).toBe(false);
      }),
      { numRuns: Math.min(fuzzCases, 2_000) },
    );
  });
});

describe('secrets', () => {
  const person = personOf(1);

  test('come back, with or without the recovery words', () => {
    const { root, device } = decodeSecrets(backend, encodeSecrets(person))!;
    expect({ root, device }).toEqual({ root: person.root, device: person.device });
    const erased = { ...person.root, recovery: new Uint8Array(0) };
    expect(decodeSecrets(backend, encodeSecrets({ ...person, root: erased }))!.root).toEqual(erased);
  });

  test('any bytes are taken or refused, never thrown at', () => {
    const samples = [encodeSecrets(person), encodeSecrets(personOf(2))];
    fc.assert(
      fc.property(damagedBytes(samples), (bytes) => {
        const decoded = decodeSecrets(backend, bytes);
        if (decoded === undefined) return;
        expect(bytesEqual(encodeSecrets(decoded), bytes)).toBe(true);
        const { root, device } = decoded;
        for (const pair of [root.current, device.signing, device.agreement])
          backend.secrets.release(pair.secretKey);
        backend.secrets.release(root.recovery);
      }),
      { numRuns: fuzzCases },
    );
  });
});
