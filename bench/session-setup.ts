import { decodeBundle, makeBundle } from '@kith/core/crypto/handshake/bundle';
import { initiate, respond } from '@kith/core/crypto/handshake/handshake';
import { createPerson } from '@kith/core/crypto/identity/identity';
import { createNativeBackend } from '@kith/core/crypto/native/native-backend';
import { agreementFloor } from './floors/agreement.ts';
import type { Bench, Round } from './harness/bench.ts';
import { sideBySide } from './harness/side-by-side.ts';

/** libsignal with Kyber, both sides, on two shared cores where the floor ran 14,343 agreements/s. */
const libsignalPerSecond = 498;
const content = new Uint8Array(200).fill(65);

async function run(): Promise<Round> {
  const backend = createNativeBackend();
  const crypto = { backend, keys: { bytes: (length: number) => backend.randomBytes(length) } };
  const alice = createPerson(crypto, { seq: 1, deviceName: 'alice' });
  const bob = createPerson(crypto, { seq: 2, deviceName: 'bob' });
  const [device] = bob.identity.devices;
  if (device === undefined) throw new Error('a new person has a device');
  const made = makeBundle(crypto, bob.device, { seq: 1, notAfterWallMs: 1, difficulty: 0 });

  /** All that both sides do once the bundle and the identity of the responder are at hand. */
  const setUp = (sessions: number): void => {
    for (let index = 0; index < sessions; index += 1) {
      const bundle = decodeBundle(backend, made.bundle.bytes, device.signingKey);
      if (bundle === undefined) throw new Error('the bundle does not verify');
      const started = initiate(crypto, {
        self: alice,
        to: { identity: bob.identity, device, bundle },
        content,
      });
      if (started === undefined) throw new Error('no session was started');
      const { message1 } = started;
      const secrets = { bundle: bundle.bytes, bundleSecret: made.secret, oneTimeSecret: undefined };
      const responded = respond(crypto, { self: bob, ...secrets, message1 });
      if (responded === undefined) throw new Error('message 1 was refused');
      started.session.release();
      responded.session.release();
    }
  };
  const counts = { product: 8, floor: 150, turns: 50 };
  const { productPerSecond, floorPerSecond } = sideBySide(setUp, agreementFloor(), counts);
  return {
    figures: { sessionsPerSecond: productPerSecond },
    floors: { agreementsPerSecond: floorPerSecond },
  };
}

export const bench: Bench = {
  about: 'session set-up with ML-KEM, both sides: bundle and identity verified, message 1 sealed and opened',
  goals: [
    {
      what: 'sessions/s (docs/benchmarks.md: 1.5 times libsignal)',
      value: ({ figures }) => figures['sessionsPerSecond'] ?? 0,
      sense: 'atLeast',
      limit: 1.5 * libsignalPerSecond,
    },
  ],
  run,
};
