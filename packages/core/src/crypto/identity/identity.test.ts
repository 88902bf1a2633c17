import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addStatement,
  backend,
  cryptoOf,
  fragment,
  type Person,
  personOf,
  revokeStatement,
  withStatements,
} from '../../../test/person-pieces.ts';
import { hex } from '../../base/bytes.ts';
import { encodeCbor } from '../../base/cbor.ts';
import type { DeviceId } from '../../base/ids.ts';
import { suite } from '../hash.ts';
import { deviceNameBytesMax, devicesMax, liveDevicesMax, statementsMax } from './device-statements.ts';
import {
  addDevice,
  decodeIdentity,
  type Identity,
  identityBytesMax,
  mergeIdentity,
  revokeDevice,
  rotateRoot,
} from './identity.ts';
import { chainEntriesMax } from './root-chain.ts';

function mergeAll(known: Identity, others: Identity[]): Identity {
  return others.reduce((merged, other) => mergeIdentity(backend, merged, other).identity, known);
}

describe('a person', () => {
  test('comes back from the wire, the same in all its parts', () => {
    const { identity, device } = personOf(1);
    expect(decodeIdentity(backend, identity.bytes)).toEqual(identity);
    expect(identity.person).toMatch(/^kith1/);
    expect(identity.devices).toEqual([
      {
        device: device.device,
        signingKey: device.signing.publicKey,
        agreementKey: device.agreement.publicKey,
        name: 'first device',
      },
    ]);
    expect(identity.revoked).toEqual([]);
    expect(identity.head).toHaveLength(32);
  });

  test('is decided by the first root entry alone', () => {
    const first = personOf(1);
    const second = personOf(2);
    expect(first.identity.person).not.toBe(second.identity.person);
    const { identity } = addDevice(cryptoOf(3), { ...first, deviceName: 'second', seq: 5 })!;
    expect(identity.person).toBe(first.identity.person);
    expect(hex(identity.head)).not.toBe(hex(first.identity.head));
    expect(identity.devices.map((each) => each.name)).toEqual(['second', 'first device']); // By seq.
  });

  test('loses a device for good', () => {
    const person = personOf(1);
    const { device, identity } = addDevice(cryptoOf(3), { ...person, deviceName: 'second', seq: 2_000 })!;
    const { root } = person;
    const revoked = revokeDevice(backend, { identity, root, device: device.device, cutoff: 0, seq: 3_000 })!;
    expect(revoked.devices.map((each) => each.name)).toEqual(['first device']);
    expect(revoked.revoked).toEqual([device.device]);
    expect(mergeIdentity(backend, revoked, identity)).toEqual({ outcome: 'same', identity: revoked });
    expect(mergeIdentity(backend, identity, revoked)).toEqual({ outcome: 'extended', identity: revoked });
    expect(decodeIdentity(backend, revoked.bytes)).toEqual(revoked);
  });

  test('is not mixed up with another', () => {
    const { identity } = personOf(1);
    expect(mergeIdentity(backend, identity, personOf(2).identity)).toEqual({
      outcome: 'other-person',
      identity,
    });
  });
});

describe('any order and duplication of statements', () => {
  const person = personOf(1);
  const adds = Array.from({ length: devicesMax + 8 }, (_, index) =>
    fragment(person, addStatement(person, index)),
  );
  const ids = adds.map((each) => each.devices[0]!.device);
  const revokes = ids.map((device) => fragment(person, revokeStatement(person, device)));
  const later = ids.map((device) => fragment(person, revokeStatement(person, device, 9)));
  const strangers = Array.from({ length: statementsMax + 4 }, (_, index) =>
    fragment(person, revokeStatement(person, hex(new Uint8Array(32).fill(index)) as DeviceId)),
  );

  function expectSame(pool: Identity[], cases: number): void {
    const sets = fc.subarray(pool, { minLength: Math.ceil(pool.length / 3) });
    const orders = sets.chain((set) =>
      fc.tuple(
        fc.shuffledSubarray(set, { minLength: set.length }),
        fc.shuffledSubarray([...set, ...set], { minLength: set.length * 2 }),
        fc.nat({ max: set.length }),
      ),
    );
    fc.assert(
      fc.property(orders, ([once, twice, at]) => {
        const straight = mergeAll(person.identity, once);
        expect(hex(mergeAll(twice[0]!, [...twice, person.identity]).bytes)).toBe(hex(straight.bytes));
        // Merged in two halves that then meet.
        const half = mergeAll(once.at(-1)!, once.slice(at));
        const met = mergeIdentity(backend, half, mergeAll(person.identity, once.slice(0, at))).identity;
        expect(hex(met.bytes)).toBe(hex(straight.bytes));
        expect(hex(met.head)).toBe(hex(straight.head));
        expect(decodeIdentity(backend, met.bytes)).toEqual(met);
        expect(met.devices.length).toBeLessThanOrEqual(liveDevicesMax);
        expect(met.statements.length).toBeLessThanOrEqual(statementsMax);
        // Revoke beats add.
        for (const { device } of met.devices) expect(met.revoked).not.toContain(device);
      }),
      { numRuns: cases },
    );
  }

  test('gives the same identity', () => {
    expectSame([...adds.slice(0, 12), ...revokes.slice(0, 12), ...later.slice(0, 3)], 60);
  });

  test('gives the same identity past every limit', () => {
    expectSame([...adds, ...revokes.slice(0, 20), ...later.slice(10, 20), ...strangers], 12);
  });

  test('a revoke that comes before its add still beats it', () => {
    const merged = mergeAll(person.identity, [revokes[0]!, adds[0]!, adds[1]!]);
    expect(merged.devices.map((each) => each.name)).toEqual(['first device', 'device 1']);
  });

  test('of two revocations the lower cutoff stands', () => {
    expect(mergeAll(revokes[0]!, [later[0]!]).bytes).toEqual(mergeAll(later[0]!, [revokes[0]!]).bytes);
    expect(mergeAll(later[0]!, [revokes[0]!]).statements).toEqual(revokes[0]!.statements);
  });
});

describe('limits', () => {
  test('eight devices speak, the earliest; one goes and the next one comes in', () => {
    const person = personOf(1);
    const adds = Array.from({ length: 10 }, (_, index) => fragment(person, addStatement(person, index)));
    const full = mergeAll(person.identity, adds);
    expect(full.devices.map((each) => each.name)).toEqual([
      'first device',
      ...Array.from({ length: 7 }, (_, index) => `device ${index}`),
    ]);
    const { device } = full.devices[0]!;
    const revoked = revokeDevice(backend, { ...person, identity: full, device, cutoff: 0, seq: 9 })!;
    expect(revoked.devices.at(-1)!.name).toBe('device 7');
    expect(
      addDevice(cryptoOf(2), { ...person, identity: full, deviceName: 'ninth', seq: 9 }),
    ).toBeUndefined();
  });

  test('at most 44 devices in all, then 64 revocations, then the root must rotate', () => {
    const person = personOf(1);
    const crypto = cryptoOf(2);
    let { identity } = person;
    for (let count = 1; count < devicesMax; count++) {
      const added = addDevice(crypto, {
        ...person,
        identity,
        deviceName: 'short-lived',
        seq: 5_000 + count,
      })!;
      const { device } = added.device;
      identity = revokeDevice(backend, { ...person, identity: added.identity, device, cutoff: 0, seq: 9 })!;
      for (const pair of [added.device.signing, added.device.agreement])
        backend.secrets.release(pair.secretKey);
    }
    expect(addDevice(crypto, { ...person, identity, deviceName: 'one more', seq: 9 })).toBeUndefined();
    for (let index = identity.revoked.length; index < statementsMax; index++) {
      const device = hex(new Uint8Array(32).fill(index)) as DeviceId;
      identity = revokeDevice(backend, { ...person, identity, device, cutoff: 0, seq: 9 })!;
    }
    expect(identity.revoked).toHaveLength(statementsMax);
    expect(identity.devices).toEqual([]); // No room is left for an add; nothing revoked ever comes back.
    const device = hex(new Uint8Array(32).fill(255)) as DeviceId;
    expect(revokeDevice(backend, { ...person, identity, device, cutoff: 0, seq: 9 })).toBeUndefined();
    expect(decodeIdentity(backend, identity.bytes)).toEqual(identity);
  });

  test('the largest identity there can be fits its bound, and the next root key is refused', () => {
    let { root, identity }: Person = personOf(1);
    for (let count = 1; count < chainEntriesMax; count++) {
      const parts = { identity, recovery: root.recovery, keep: [], seq: 2 ** 50 };
      ({ root, identity } = rotateRoot(cryptoOf(count), parts)!);
    }
    const name = 'x'.repeat(deviceNameBytesMax);
    const person = { root, identity };
    const adds = Array.from({ length: devicesMax }, (_, at) =>
      fragment(person, addStatement(person, at, name)),
    );
    const largest = mergeAll(identity, adds);
    expect(largest.statements).toHaveLength(devicesMax);
    // Sequence numbers of today's clock are 9 bytes long, these 3: room for that must be left.
    expect(largest.bytes.length + devicesMax * 6).toBeLessThanOrEqual(identityBytesMax);
    expect(decodeIdentity(backend, largest.bytes)).toEqual(largest);
    const parts = { identity: largest, recovery: root.recovery, keep: [], seq: 0 };
    expect(rotateRoot(cryptoOf(99), parts)).toBeUndefined();
  });

  test.each(['', 'x'.repeat(33), 'ä'.repeat(17)])('refuses the device name %j', (deviceName) => {
    const person = personOf(1);
    expect(addDevice(cryptoOf(2), { ...person, deviceName, seq: 1 })).toBeUndefined();
    expect(
      decodeIdentity(backend, withStatements(person, [addStatement(person, 1, deviceName)])),
    ).toBeUndefined();
  });
});

describe('rotation', () => {
  const person = personOf(1);
  const { recovery } = person.root;
  const keep = [person.device.device];
  const rotated = rotateRoot(cryptoOf(7), { identity: person.identity, recovery, keep, seq: 2_000 })!;

  test('keeps the person and the device, and changes the root key', () => {
    expect(mergeIdentity(backend, person.identity, rotated.identity).outcome).toBe('rotated');
    expect(rotated.identity.person).toBe(person.identity.person);
    expect(rotated.identity.devices).toEqual(person.identity.devices);
    expect(hex(rotated.identity.rootKey)).toBe(hex(rotated.root.current.publicKey));
    expect(hex(rotated.identity.rootKey)).not.toBe(hex(person.identity.rootKey));
    expect(decodeIdentity(backend, rotated.identity.bytes)).toEqual(rotated.identity);
  });

  test('takes the recovery words, not the root key: a thief of the root cannot rotate', () => {
    const thief = { identity: person.identity, keep: [], seq: 2_000 };
    expect(rotateRoot(cryptoOf(8), { ...thief, recovery: new Uint8Array(32) })).toBeUndefined();
    const stolen = person.root.current.secretKey.slice(0, 32);
    expect(rotateRoot(cryptoOf(8), { ...thief, recovery: stolen })).toBeUndefined();
    // Used words are void too: the next root key is committed to by new ones.
    expect(rotateRoot(cryptoOf(8), { ...thief, identity: rotated.identity, recovery })).toBeUndefined();
  });

  test('voids what the old root key signed or signs', () => {
    const thiefs = mergeAll(person.identity, [fragment(person, addStatement(person, 3))]);
    expect(mergeIdentity(backend, rotated.identity, thiefs)).toEqual({
      outcome: 'same',
      identity: rotated.identity,
    });
    expect(mergeIdentity(backend, thiefs, rotated.identity).identity).toEqual(rotated.identity);
    const smuggled = encodeCbor([1, suite, rotated.identity.chain, thiefs.statements]);
    expect(decodeIdentity(backend, smuggled)).toBeUndefined();
  });

  test('two successors of one root entry are a fork, which changes nothing', () => {
    const other = rotateRoot(cryptoOf(9), { identity: person.identity, recovery, keep, seq: 2_000 })!;
    const further = rotateRoot(cryptoOf(10), {
      identity: other.identity,
      recovery: other.root.recovery,
      keep,
      seq: 3_000,
    })!;
    for (const branch of [other.identity, further.identity]) {
      expect(mergeIdentity(backend, rotated.identity, branch)).toEqual({
        outcome: 'fork',
        identity: rotated.identity,
      });
      expect(mergeIdentity(backend, branch, rotated.identity)).toEqual({ outcome: 'fork', identity: branch });
    }
  });
});
