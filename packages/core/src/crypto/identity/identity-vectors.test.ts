/** vectors/identity.json, with both backends. What it freezes must not change without a new version. */
import { describe, expect, test } from 'vitest';
import { listedKeys } from '../../../test/listed-keys.ts';
import { fromHex, readVectors } from '../../../test/vector-file.ts';
import { hex } from '../../base/bytes.ts';
import type { DeviceId, PersonId } from '../../base/ids.ts';
import { compareCode, judgeCode } from '../fingerprint/compare-code.ts';
import { fingerprint, safetyNumber } from '../fingerprint/fingerprint.ts';
import { createNativeBackend } from '../native/native-backend.ts';
import { createPortableBackend } from '../portable/portable-backend.ts';
import {
  addDevice,
  createPerson,
  decodeIdentity,
  decodeSecrets,
  encodeSecrets,
  type Identity,
  mergeIdentity,
  type OwnRoot,
  revokeDevice,
  rotateRoot,
} from './identity.ts';

interface State {
  bytes: string;
  head: string;
  rootKey: string;
  devices: { device: string; name: string; signingKey: string; agreementKey: string }[];
  revoked: string[];
}
interface PersonVector {
  keyMaterial: Record<'root' | 'recovery' | 'signing' | 'agreement', string>;
  seq: number;
  deviceName: string;
  person: PersonId;
  device: DeviceId;
  identity: State;
  secrets: string;
}
type Step =
  | {
      step: 'add';
      keyMaterial: Record<string, string>;
      deviceName: string;
      seq: number;
      device: DeviceId;
      identity: State;
    }
  | { step: 'revoke'; device: DeviceId; cutoff: number; seq: number; identity: State }
  | {
      step: 'rotate';
      recovery: string;
      keyMaterial: Record<string, string>;
      keep: DeviceId[];
      seq: number;
      identity: State;
    };

const vectors = readVectors<{
  persons: Record<'alice' | 'bob', PersonVector>;
  steps: Step[];
  merges: { name: string; known: string; other: string; outcome: string; bytes: string }[];
  refused: { name: string; bytes: string }[];
  safetyNumbers: { a: string; b: string; number: string }[];
  fingerprints: { identity: string; fingerprint: string }[];
  codes: { own: string; their: string; code: string }[];
  scans: { name: string; scan: string; text: string }[];
}>('identity.json');

const backends = [createNativeBackend(), await createPortableBackend()];

function stateOf(identity: Identity): State {
  return {
    bytes: hex(identity.bytes),
    head: hex(identity.head),
    rootKey: hex(identity.rootKey),
    devices: identity.devices.map((each) => ({
      ...each,
      signingKey: hex(each.signingKey),
      agreementKey: hex(each.agreementKey),
    })),
    revoked: identity.revoked,
  };
}

describe.each(backends)('$name backend', (backend) => {
  const decoded = (bytes: string): Identity => decodeIdentity(backend, fromHex(bytes))!;
  const cryptoOf = (keys: Record<string, string>) => ({ backend, keys: listedKeys(Object.values(keys)) });

  test('persons and their secrets', () => {
    for (const vector of Object.values(vectors.persons)) {
      const made = createPerson(cryptoOf(vector.keyMaterial), vector);
      expect(stateOf(made.identity)).toEqual(vector.identity);
      expect(made.identity.person).toBe(vector.person);
      expect(made.device.device).toBe(vector.device);
      expect(decodeIdentity(backend, fromHex(vector.identity.bytes))).toEqual(made.identity);
      expect(hex(encodeSecrets(made))).toBe(vector.secrets);
      expect(decodeSecrets(backend, fromHex(vector.secrets))).toEqual({
        root: made.root,
        device: made.device,
      });
    }
  });

  test('a device comes, goes, and the root rotates', () => {
    const { alice } = vectors.persons;
    let { root, identity }: { root: OwnRoot; identity: Identity } = createPerson(
      cryptoOf(alice.keyMaterial),
      alice,
    );
    for (const step of vectors.steps) {
      const parts = { ...step, root, identity };
      if (step.step === 'add') {
        const added = addDevice(cryptoOf(step.keyMaterial), { ...parts, deviceName: step.deviceName })!;
        expect(added.device.device).toBe(step.device);
        identity = added.identity;
      } else if (step.step === 'revoke') {
        identity = revokeDevice(backend, { ...parts, device: step.device, cutoff: step.cutoff })!;
      } else {
        const recovery = fromHex(step.recovery);
        const { keep, seq } = step;
        ({ root, identity } = rotateRoot(cryptoOf(step.keyMaterial), { identity, recovery, keep, seq })!);
      }
      expect(stateOf(identity), step.step).toEqual(step.identity);
      expect(stateOf(decoded(step.identity.bytes))).toEqual(step.identity);
    }
  });

  test.each(vectors.merges)('merge: $name', ({ known, other, outcome, bytes }) => {
    const merged = mergeIdentity(backend, decoded(known), decoded(other));
    expect(merged.outcome).toBe(outcome);
    expect(hex(merged.identity.bytes)).toBe(bytes);
    if (outcome === 'fork' || outcome === 'other-person') return;
    expect(hex(mergeIdentity(backend, decoded(other), decoded(known)).identity.bytes)).toBe(bytes);
  });

  test.each(vectors.refused)('refused: $name', ({ bytes }) => {
    expect(decodeIdentity(backend, fromHex(bytes))).toBeUndefined();
  });

  test('safety numbers and fingerprints', () => {
    for (const { a, b, number } of vectors.safetyNumbers) {
      expect(safetyNumber(backend, decoded(a), decoded(b))).toBe(number);
      expect(safetyNumber(backend, decoded(b), decoded(a))).toBe(number);
    }
    for (const each of vectors.fingerprints) {
      expect(fingerprint(backend, decoded(each.identity))).toBe(each.fingerprint);
    }
  });

  test('codes to compare', () => {
    for (const { own, their, code } of vectors.codes) {
      expect(compareCode(backend, { own: decoded(own), their: decoded(their) })).toBe(code);
    }
  });

  test.each(vectors.scans)('scan: $name', ({ scan, text }) => {
    const { alice, bob } = vectors.persons;
    const persons = { own: decoded(alice.identity.bytes), their: decoded(bob.identity.bytes) };
    expect(judgeCode(backend, text, persons)).toBe(scan);
  });
});
