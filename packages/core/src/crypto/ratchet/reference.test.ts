/**
 * Goal: the implementation is what docs/protocol/{ratchet,envelope}.md say, to the byte.
 * Method: random conversations (fast-check prints seed and path of a failure), the same keys and nonces drawn on both
 * sides; every envelope, answer and encoded state must equal those of the slow reference.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ReferenceSession } from '../../../test/reference-ratchet.ts';
import { seededKeys, sessionPair } from '../../../test/session-pair.ts';
import { createNativeBackend } from '../native/native-backend.ts';
import { createPortableBackend } from '../portable/portable-backend.ts';
import { mixingMs } from './session.ts';

const native = createNativeBackend();
const portable = await createPortableBackend();
/** ML-KEM draws its own randomness in the native backend, so conversations that mix compare on the portable one. */
const kem = {
  publicKey: (seed: Uint8Array) => portable.mlkem768KeyPair(seed).publicKey,
  encapsulate: (key: Uint8Array, entropy: Uint8Array) => portable.mlkem768Encapsulate(key, entropy),
  decapsulate: (ciphertext: Uint8Array, seed: Uint8Array) => portable.mlkem768Decapsulate(ciphertext, seed)!,
};

type Step =
  | { do: 'seal'; by: 0 | 1; size: number; burst: number; days: number }
  | { do: 'open'; pick: number; keep: boolean; flip: number | undefined };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('seal' as const),
    by: fc.constantFrom(0 as const, 1 as const),
    size: fc.constantFrom(0, 1, 255, 256, 700, 3_071),
    burst: fc.constantFrom(1, 1, 1, 2, 5, 20),
    days: fc.constantFrom(0, 0, 0, 1, 4),
  }),
  fc.record({
    do: fc.constant('open' as const),
    pick: fc.nat(1_000),
    keep: fc.boolean(),
    flip: fc.oneof(
      { weight: 6, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.nat(100_000) },
    ),
  }),
);

function converse(backend: typeof native, seed: number, steps: Step[]): { kems: number; opened: number } {
  const pair = sessionPair(backend, seed);
  const { th2, rootKey: RK, exporter: EX, prekeySecret } = pair.start;
  const sessions = [pair.initiator, pair.responder];
  const theirs = portable.x25519KeyPair(Uint8Array.from(prekeySecret)).publicKey;
  const references = [
    new ReferenceSession(kem, { initiator: true, th2, RK, EX, theirs }),
    new ReferenceSession(kem, { initiator: false, th2, RK, EX, ownSecret: prekeySecret }),
  ];
  const crypto = { backend, keys: seededKeys(seed + 1) };
  const referenceKeys = seededKeys(seed + 1);
  const underway: { to: 0 | 1; envelope: Uint8Array }[] = [];
  let nowMs = 1_700_000_000_000;
  let opened = 0;
  let kems = 0;
  const agree = (index: number): void =>
    expect(sessions[index]!.encode()).toEqual(references[index]!.encode());

  for (const each of steps) {
    const week = Math.floor(nowMs / mixingMs);
    if (each.do === 'seal') {
      nowMs += each.days * 86_400_000;
      const { by } = each;
      // Nobody but the initiator can begin.
      if (by === 1 && references[1]!.state.theirs === undefined) continue;
      for (let copy = 0; copy < each.burst; copy++) {
        const content = new Uint8Array(each.size).fill(copy + 1);
        const envelope = sessions[by]!.seal(crypto, content, week, nowMs);
        const expected = references[by]!.seal((length) => referenceKeys.bytes(length), content, week, nowMs);
        expect(envelope).toEqual(expected);
        if (references[by]!.state.answer !== undefined) kems++;
        underway.push({ to: by === 0 ? 1 : 0, envelope });
      }
      agree(by);
    } else if (underway.length > 0) {
      const index = each.pick % underway.length;
      const { to, envelope } = underway[index]!;
      const given = Uint8Array.from(envelope);
      if (each.flip !== undefined) given[each.flip % given.length]! ^= 1;
      const got = sessions[to]!.open(crypto, given, week);
      expect(got).toEqual(references[to]!.open(given, week));
      if ('content' in got) opened++;
      if (!each.keep && each.flip === undefined) underway.splice(index, 1);
      agree(to);
    }
  }
  return { kems, opened };
}

/** Only for hanging: a busy machine or many cases are no failure. */
const timeout = 3_600_000;
const runs = Number(process.env['PROPERTY_RUNS'] ?? 40);

test.for([portable, native])(
  'random conversations agree with the reference ($name)',
  { timeout },
  (backend) => {
    let opened = 0;
    fc.assert(
      fc.property(fc.nat(), fc.array(step, { minLength: 20, maxLength: 40, size: 'max' }), (seed, steps) => {
        // Without KEM mixing (under 50 messages, under 7 days) the native backend must agree too.
        const classical = steps
          .slice(0, 25)
          .map((each) => (each.do === 'seal' ? { ...each, burst: 1, days: 0 } : each));
        opened += converse(backend, seed, backend === portable ? steps : classical).opened;
      }),
      { numRuns: runs },
    );
    expect(opened).toBeGreaterThan(runs);
  },
);

test('long conversations mix KEM secrets as the reference does', { timeout }, () => {
  let kems = 0;
  fc.assert(
    fc.property(
      fc.nat(),
      fc.array(fc.tuple(fc.nat(6), fc.nat(6)), { minLength: 25, maxLength: 40 }),
      (seed, rounds) => {
        const steps = rounds.flatMap(([burst, lost], index): Step[] => {
          const by = index % 2 === 0 ? 0 : 1;
          const seal: Step = { do: 'seal', by, size: 3, burst: burst + 1, days: 0 };
          const opens = Array.from({ length: Math.max(1, burst + 1 - lost) }, (): Step => {
            return { do: 'open', pick: 1_000 - (index % 3), keep: false, flip: undefined };
          });
          return [seal, ...opens];
        });
        kems += converse(portable, seed, steps).kems;
      },
    ),
    { numRuns: Math.ceil(runs / 4) },
  );
  expect(kems).toBeGreaterThan(0);
});
