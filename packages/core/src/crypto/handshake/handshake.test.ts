/**
 * Goal: message 1 starts one session on both sides, is what docs/protocol/handshake.md says to the byte, and every
 * change of anything in it or around it is the same refusal.
 */
import { describe, expect, test } from 'vitest';
import { concat, hex, hexDecode, u32be } from '../../base/bytes.ts';
import { bundleTerms, type People, people, target } from '../../../test/handshake-people.ts';
import { referenceBundle, referenceInitiate } from '../../../test/reference-handshake.ts';
import { seededKeys } from '../../../test/session-pair.ts';
import type { CryptoBackend } from '../backend.ts';
import { addDevice, createPerson, revokeDevice } from '../identity/identity.ts';
import { createNativeBackend } from '../native/native-backend.ts';
import { createPortableBackend } from '../portable/portable-backend.ts';
import { bundleBytesMax, decodeBundle, decodeBundleSecret, makeBundle, makeOneTimePrekey } from './bundle.ts';
import { initiate, peekMessage1, respond } from './handshake.ts';

const native = createNativeBackend();
const portable = await createPortableBackend();
const content = new Uint8Array(300).fill(7);
const week = 2_900;
const lowOrderPoint = new Uint8Array(32);

function start(all: People, once = false): NonNullable<ReturnType<typeof initiate>> {
  return initiate(all.crypto, { self: all.alice, to: target(all, once), content })!;
}

function answer(all: People, message1: Uint8Array, once = false): ReturnType<typeof respond> {
  return respond(all.crypto, {
    self: all.bob,
    bundle: all.bundle.bytes,
    bundleSecret: all.bundleSecret,
    oneTimeSecret: once ? all.oneTime.secret : undefined,
    message1,
  });
}

describe.for([native, portable])('$name', (backend) => {
  test.for([false, true])('both sides share a session (one-time prekey: %s)', (once) => {
    const all = people(backend, 1);
    const started = start(all, once);
    const peeked = peekMessage1(backend, started.message1)!;
    expect(peeked.bundleHash).toBe(hex(all.bundle.hash));
    expect(peeked.oneTimePrekeyId).toBe(once ? hex(all.oneTime.id) : undefined);
    expect(peeked.ephemeralHash).toMatch(/^[0-9a-f]{32}$/);
    const responded = answer(all, started.message1, once)!;
    expect(responded.content).toEqual(content);
    expect(responded.from).toEqual(all.alice.identity);
    expect(responded.fromDevice).toBe(all.alice.device.device);
    expect(responded.session.th2).toEqual(started.session.th2);
    expect([started.session.initiator, responded.session.initiator]).toEqual([true, false]);
    const reply = responded.session.seal(all.crypto, content, week);
    expect(started.session.open(all.crypto, reply, week)).toEqual({ content });
    const next = started.session.seal(all.crypto, content, week);
    expect(responded.session.open(all.crypto, next, week)).toEqual({ content });
  });

  test('every start is another session, and a replay is recognised by its ephemeral key', () => {
    const all = people(backend, 2);
    const [one, two] = [start(all), start(all)];
    expect(one.session.sid).not.toBe(two.session.sid);
    const names = [one, two, one].map(({ message1 }) => peekMessage1(backend, message1)!.ephemeralHash);
    expect(new Set(names).size).toBe(2);
  });

  test('unusable keys of the other side give no session', () => {
    const all = people(backend, 3);
    const to = target(all, true);
    const attempts = [
      { ...to, device: { ...to.device, agreementKey: lowOrderPoint } },
      { ...to, bundle: { ...to.bundle, signedPrekey: lowOrderPoint } },
      { ...to, bundle: { ...to.bundle, kemKey: new Uint8Array(1_184).fill(255) } },
      { ...to, bundle: { ...to.bundle, device: all.alice.device.device } },
      { ...to, oneTimePrekey: { id: all.oneTime.id, publicKey: all.bundle.signedPrekey } },
    ];
    for (const attempt of attempts) {
      expect(initiate(all.crypto, { self: all.alice, to: attempt, content })).toBeUndefined();
    }
    expect(initiate(all.crypto, { self: all.alice, to, content })).toBeDefined();
  });

  test('a bundle is what its device signed', () => {
    const { crypto, bob, bundle, bundleSecret } = people(backend, 4);
    const signingKey = bob.device.signing.publicKey;
    expect(decodeBundle(backend, bundle.bytes, signingKey)).toEqual(bundle);
    expect(bundle.bytes.length).toBe(1_347);
    const secrets = decodeBundleSecret(bundleSecret)!;
    expect(secrets.prekey.publicKey).toEqual(bundle.signedPrekey);
    expect(backend.mlkem768KeyPair(secrets.kemSeed).publicKey).toEqual(bundle.kemKey);
    expect(
      decodeBundle(backend, bundle.bytes, people(backend, 5).bob.device.signing.publicKey),
    ).toBeUndefined();
    for (let at = 0; at < bundle.bytes.length; at += 13) {
      const changed = Uint8Array.from(bundle.bytes);
      changed[at]! ^= 1;
      expect(decodeBundle(backend, changed, signingKey)).toBeUndefined();
    }
    expect(decodeBundle(backend, new Uint8Array(bundleBytesMax + 1), signingKey)).toBeUndefined();
    expect(() => makeBundle(crypto, bob.device, { ...bundleTerms, difficulty: 29 })).toThrow('terms');
  });
});

test('message 1 and bundle are those of the reference', () => {
  const drawn: Uint8Array[] = [];
  const all = people(portable, 6);
  const crypto = { backend: portable, keys: seededKeys(60) };
  const recorded = {
    backend: portable,
    keys: {
      bytes(length: number) {
        const bytes = crypto.keys.bytes(length);
        drawn.push(Uint8Array.from(bytes));
        return bytes;
      },
    },
  };
  const kem = {
    publicKey: (seed: Uint8Array) => portable.mlkem768KeyPair(seed).publicKey,
    encapsulate: (key: Uint8Array, entropy: Uint8Array) => portable.mlkem768Encapsulate(key, entropy),
    decapsulate: (ciphertext: Uint8Array, seed: Uint8Array) =>
      portable.mlkem768Decapsulate(ciphertext, seed)!,
  };
  const made = makeBundle(recorded, all.bob.device, bundleTerms);
  const device = hexDecode(all.bob.device.device)!;
  const bundleSecrets = { spk: drawn[0]!, kemSeed: drawn[1]! };
  const signingSeed = all.bob.device.signing.secretKey.slice(0, 32);
  expect(referenceBundle(kem, { ...bundleSecrets, signingSeed }, { device, ...bundleTerms })).toEqual(
    made.bundle.bytes,
  );

  for (const once of [false, true]) {
    const to = { ...target(all, once), bundle: made.bundle };
    const keys = seededKeys(61);
    const expected = referenceInitiate((length) => keys.bytes(length), kem, {
      self: {
        device: hexDecode(all.alice.device.device)!,
        agreementSecret: all.alice.device.agreement.secretKey,
        identity: all.alice.identity.bytes,
      },
      to: {
        person: all.bob.identity.person,
        device,
        signingPublic: all.bob.device.signing.publicKey,
        agreementPublic: all.bob.device.agreement.publicKey,
      },
      bundle: { bytes: made.bundle.bytes, spk: made.bundle.signedPrekey, kemKey: made.bundle.kemKey },
      oneTimePrekey: once ? all.oneTime.publicKey : undefined,
      content,
    });
    const started = initiate({ backend: portable, keys: seededKeys(61) }, { self: all.alice, to, content })!;
    expect(started.message1).toEqual(expected.message1);
    expect(started.session.encode()).toEqual(expected.session.encode());
  }
});

describe('refusals', () => {
  const all = people(native, 7);
  const { message1 } = start(all, true);

  test('any flipped bit, missing or surplus byte', () => {
    for (let at = 0; at < message1.length; at += at < 1_160 ? 5 : 41) {
      const changed = Uint8Array.from(message1);
      changed[at]! ^= 1 << (at % 8);
      expect(answer(all, changed, true)).toBeUndefined();
      expect(answer(all, message1.subarray(0, at), true)).toBeUndefined();
    }
    expect(answer(all, concat(message1, Uint8Array.of(0)), true)).toBeUndefined();
    expect(answer(all, message1, true)).toBeDefined();
  });

  test('keys of low order in the message', () => {
    const changed = Uint8Array.from(message1);
    changed.set(lowOrderPoint, 26);
    expect(answer(all, changed, true)).toBeUndefined();
  });

  test('other secrets than those it was made for', () => {
    expect(answer(all, message1, false)).toBeUndefined();
    const other = makeOneTimePrekey(all.crypto);
    expect(answer({ ...all, oneTime: other }, message1, true)).toBeUndefined();
    const bundle = makeBundle(all.crypto, all.bob.device, bundleTerms);
    expect(answer({ ...all, bundle: bundle.bundle }, message1, true)).toBeUndefined();
    expect(answer({ ...all, bundleSecret: bundle.secret }, message1, true)).toBeUndefined();
    expect(answer({ ...all, bob: people(native, 8).bob }, message1, true)).toBeUndefined();
    expect(answer({ ...all, bundleSecret: Uint8Array.of(1) }, message1, true)).toBeUndefined();
  });

  test('an initiator whose device is revoked, unknown or our own', () => {
    const initiator = createPerson(all.crypto, { seq: 1, deviceName: 'a' });
    const second = addDevice(all.crypto, { ...initiator, deviceName: 'b', seq: 2 })!;
    const asSecond = { device: second.device, identity: second.identity };
    const from = (self: People['alice']): Uint8Array =>
      initiate(all.crypto, { self, to: target(all, false), content })!.message1;
    expect(answer(all, from(asSecond))?.fromDevice).toBe(second.device.device);
    const revoked = revokeDevice(native, {
      identity: second.identity,
      root: initiator.root,
      device: second.device.device,
      cutoff: 3,
      seq: 4,
    });
    expect(revoked).toBeDefined();
    expect(answer(all, from({ ...asSecond, identity: revoked! }))).toBeUndefined();
    expect(answer(all, from({ device: second.device, identity: initiator.identity }))).toBeUndefined();
    expect(answer(all, from(all.bob))).toBeUndefined();
  });

  test('a thief of the certificate without its agreement key', () => {
    const stranger = createPerson(all.crypto, { seq: 1, deviceName: 'm' });
    const device = { ...all.alice.device, agreement: stranger.device.agreement };
    const forged = initiate(all.crypto, {
      self: { device, identity: all.alice.identity },
      to: target(all, false),
      content,
    })!;
    expect(answer(all, forged.message1)).toBeUndefined();
  });

  test('a message for another person with the same keys', () => {
    const to = target(all, false);
    const misnamed = { ...to, identity: all.alice.identity };
    const sent = initiate(all.crypto, { self: all.alice, to: misnamed, content })!;
    expect(answer(all, sent.message1)).toBeUndefined();
  });

  test('an identity that does not verify, sealed properly', () => {
    const identity = { ...all.alice.identity, bytes: Uint8Array.from(all.alice.identity.bytes) };
    identity.bytes[identity.bytes.length - 1]! ^= 1;
    const sent = initiate(all.crypto, { self: { ...all.alice, identity }, to: target(all, false), content })!;
    expect(answer(all, sent.message1)).toBeUndefined();
  });

  test('lengths that lie', () => {
    for (const length of [0, 255, 272, 1_041, 16_400, 2 ** 32 - 1]) {
      const changed = Uint8Array.from(message1);
      if (hex(changed.subarray(1_146, 1_150)) === hex(u32be(length))) continue;
      changed.set(u32be(length), 1_146);
      expect(peekMessage1(native, changed) && answer(all, changed, true)).toBeUndefined();
    }
  });
});

test('handshake secrets are wiped and given back', () => {
  const all = people(native, 9);
  const drawn: Uint8Array[] = [];
  let inUse = 0;
  const backend: CryptoBackend = {
    ...native,
    secrets: {
      allocate(length) {
        inUse++;
        return native.secrets.allocate(length);
      },
      release(bytes) {
        inUse--;
        native.secrets.release(bytes);
      },
      status: () => native.secrets.status(),
    },
  };
  const keys = {
    bytes(length: number) {
      const bytes = all.crypto.keys.bytes(length);
      if (length !== 24) drawn.push(bytes);
      return bytes;
    },
  };
  const crypto = { backend, keys };
  const started = initiate(crypto, { self: all.alice, to: target(all, false), content })!;
  expect(drawn.map((bytes) => bytes.length)).toEqual([32, 32, 32]);
  for (const bytes of drawn) expect(bytes.every((byte) => byte === 0)).toBe(true);
  const secretBefore = Uint8Array.from(all.bundleSecret);
  expect(answer({ ...all, crypto }, started.message1)).toBeDefined();
  expect(answer({ ...all, crypto }, started.message1.fill(1, -5))).toBeUndefined();
  expect(all.bundleSecret).toEqual(secretBefore);
  // Only the two sessions hold something: one block each, no week asked for yet.
  expect(inUse).toBe(2);
});
