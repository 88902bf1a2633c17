/** Goal: the stand-in agrees with itself, refuses what an owner did not make, and takes the time of the real. */
import { utf8 } from '@kith/core/base/bytes';
import { expect, test } from 'vitest';
import { acquaint, say } from '../scenarios/acquaint.ts';
import { streamOf } from '../world/chance.ts';
import { createWorld } from '../world/world.ts';
import { Meter, nativePrices } from './meter.ts';
import { createRealCrypto } from './real-crypto.ts';
import { createStandIn } from './stand-in.ts';

const random = streamOf(1, 'test');
const flipped = (bytes: Uint8Array, at: number): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  copy[at]! ^= 1;
  return copy;
};

test('a signature holds for its message and its signer alone', async () => {
  const backend = await createStandIn(random, new Meter());
  const [alice, mallory] = [
    backend.ed25519KeyPair(random.bytes(32)),
    backend.ed25519KeyPair(random.bytes(32)),
  ];
  const message = utf8('pay nobody');
  const signature = backend.ed25519Sign(message, alice.secretKey);
  expect(backend.ed25519Verify(signature, message, alice.publicKey)).toBe(true);
  expect(backend.ed25519Verify(signature, utf8('pay me'), alice.publicKey)).toBe(false);
  expect(backend.ed25519Verify(signature, message, mallory.publicKey)).toBe(false);
  expect(
    backend.ed25519Verify(backend.ed25519Sign(message, mallory.secretKey), message, alice.publicKey),
  ).toBe(false);
  for (const at of [0, 31, 32, 63]) {
    expect(backend.ed25519Verify(flipped(signature, at), message, alice.publicKey)).toBe(false);
  }
  // A secret key with somebody else's public half signs as its own seed, which is not alice's.
  const mixed = Uint8Array.from([...mallory.secretKey.subarray(0, 32), ...alice.publicKey]);
  expect(backend.ed25519Verify(backend.ed25519Sign(message, mixed), message, alice.publicKey)).toBe(false);
  expect(backend.ed25519Verify(random.bytes(64), message, random.bytes(32))).toBe(false);
  expect(backend.ed25519Verify(new Uint8Array(3), message, alice.publicKey)).toBe(false);
});

test('both sides of an exchange agree, and nobody else', async () => {
  const backend = await createStandIn(random, new Meter());
  const [a, b, c] = [1, 2, 3].map(() => backend.x25519KeyPair(random.bytes(32)));
  const shared = backend.x25519(a!.secretKey, b!.publicKey);
  expect(backend.x25519(b!.secretKey, a!.publicKey)).toEqual(shared);
  expect(backend.x25519(c!.secretKey, a!.publicKey)).not.toEqual(shared);
  expect(backend.x25519(c!.secretKey, b!.publicKey)).not.toEqual(shared);
  expect(backend.x25519(a!.secretKey, new Uint8Array(32))).toBeUndefined();
  expect(backend.x25519(a!.secretKey, random.bytes(32))).toHaveLength(32);
});

test('a capsule opens for its key; another key or a changed capsule gives something else', async () => {
  const backend = await createStandIn(random, new Meter());
  const [own, other] = [backend.mlkem768KeyPair(random.bytes(64)), backend.mlkem768KeyPair(random.bytes(64))];
  const made = backend.mlkem768Encapsulate(own.publicKey, random.bytes(32))!;
  expect(backend.mlkem768Decapsulate(made.ciphertext, own.secretKey)).toEqual(made.sharedSecret);
  expect(backend.mlkem768Decapsulate(made.ciphertext, other.secretKey)).not.toEqual(made.sharedSecret);
  expect(backend.mlkem768Decapsulate(flipped(made.ciphertext, 900), own.secretKey)).not.toEqual(
    made.sharedSecret,
  );
  expect(backend.mlkem768Encapsulate(random.bytes(1_184), random.bytes(32))).toBeUndefined();
});

test('real crypto costs the node at work its time too', async () => {
  const meter = new Meter();
  const backend = await createRealCrypto(random, meter);
  let workedMs = 0;
  meter.worker = { work: (ms) => void (workedMs += ms) };
  const keys = backend.ed25519KeyPair(new Uint8Array(32).fill(1));
  const message = new Uint8Array(9);
  expect(backend.ed25519Verify(backend.ed25519Sign(message, keys.secretKey), message, keys.publicKey)).toBe(
    true,
  );
  const { ed25519KeyPair = 0, ed25519Sign = 0, ed25519Verify = 0 } = nativePrices;
  expect(workedMs).toBeCloseTo(ed25519KeyPair + ed25519Sign + ed25519Verify);
});

test('each operation costs the node at work its time', async () => {
  const meter = new Meter();
  const backend = await createStandIn(random, meter, {
    ed25519KeyPair: 1,
    ed25519Sign: 10,
    ed25519Verify: 100,
  });
  let workedMs = 0;
  meter.worker = { work: (ms) => void (workedMs += ms) };
  const { secretKey, publicKey } = backend.ed25519KeyPair(random.bytes(32));
  backend.ed25519Verify(backend.ed25519Sign(publicKey, secretKey), publicKey, publicKey);
  expect(workedMs).toBe(111);
});

test('a world on it: people meet and talk, slower where crypto is dear, and a forged card is refused', async () => {
  const lived = async (factor: number): Promise<{ tookMs: number; code: string }> => {
    const meter = new Meter();
    const backend = await createStandIn(streamOf(1, 'backend'), meter, {
      x25519: factor,
      ed25519Verify: factor,
    });
    const world = await createWorld({ seed: 1, backend, meter });
    const [alice, bob] = ['alice', 'bob'].map((name) => world.addNode({ name, lan: 'home' }));
    await world.runFor(5_000);
    acquaint(alice!, bob!);
    await world.runFor(20_000);
    say(alice!, { to: 'bob', text: 'hello' });
    const fromMs = world.nowMs;
    const isThere = (): boolean => bob!.events.some(({ event }) => event === 'message');
    expect(world.runUntil(isThere, 60_000)).toBe(true);
    const { card } = bob!.command('makeCard', { once: false, expiresInMs: undefined });
    const forged = card.slice(0, -8) + (card.endsWith('AAAAAAAA') ? 'BBBBBBBB' : 'AAAAAAAA');
    let code = 'taken';
    alice!.submit('add', { card: forged, name: 'x' }, (outcome) => {
      code = outcome.ok ? 'taken' : outcome.error.code;
    });
    await world.runFor(1_000);
    return { tookMs: world.nowMs - 1_000 - fromMs, code };
  };
  const [cheap, dear] = [await lived(0), await lived(100)];
  expect(cheap.code).toBe('bad-card');
  expect(dear.tookMs).toBeGreaterThan(cheap.tookMs + 50);
});
