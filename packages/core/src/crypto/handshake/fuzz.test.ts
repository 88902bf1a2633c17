/**
 * Goal: no bytes of a peer or a disk make a decoder of handshake, ratchet or envelope throw, and none but the real ones
 * are accepted. FUZZ_CASES says how many; a failure prints seed and path.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hex } from '../../base/bytes.ts';
import { damagedBytes, fuzzCases } from '../../../test/damaged-bytes.ts';
import { people, target } from '../../../test/handshake-people.ts';
import { sessionPair } from '../../../test/session-pair.ts';
import { createNativeBackend } from '../native/native-backend.ts';
import { mixingMs, Session } from '../ratchet/session.ts';
import { decodeBundle } from './bundle.ts';
import { initiate, peekMessage1, respond } from './handshake.ts';

/** Only for hanging: a busy machine or many cases are no failure. */
const timeout = 3_600_000;
const backend = createNativeBackend();
const week = 2_900;
const text = Uint8Array.of(1, 2, 3);
const all = people(backend, 90);
const [withOnce, without] = [true, false].map(
  (once) => initiate(all.crypto, { self: all.alice, to: target(all, once), content: text })!.message1,
);

test('bundles', { timeout }, () => {
  const signingKey = all.bob.device.signing.publicKey;
  fc.assert(
    fc.property(damagedBytes([all.bundle.bytes, all.bob.identity.bytes]), (bytes) => {
      const bundle = decodeBundle(backend, bytes, signingKey);
      if (bundle !== undefined) expect(hex(bundle.bytes)).toBe(hex(all.bundle.bytes));
    }),
    { numRuns: fuzzCases },
  );
});

test('message 1, as far as a stranger gets without a valid one', { timeout }, () => {
  const real = new Set([hex(without!)]);
  fc.assert(
    fc.property(damagedBytes([withOnce!, without!]), (message1) => {
      const peeked = peekMessage1(backend, message1);
      if (peeked === undefined) return;
      expect(peeked.bundleHash).toHaveLength(32);
      const responded = respond(all.crypto, {
        self: all.bob,
        bundle: all.bundle.bytes,
        bundleSecret: all.bundleSecret,
        oneTimeSecret: undefined,
        message1,
      });
      if (responded !== undefined) expect(real).toContain(hex(message1));
      responded?.session.release();
    }),
    // An answer costs some 30 times as much as a decoder.
    { numRuns: Math.ceil(fuzzCases / 20) },
  );
});

/** States of every kind: fresh, waiting, with skipped keys, with an offer and with an answer. */
function states(): Uint8Array[] {
  const { crypto, initiator, responder } = sessionPair(backend, 91);
  const found: Uint8Array[] = [];
  const keep = (): void => void found.push(initiator.encode(), responder.encode());
  keep();
  const late = [0, 1, 2, 3].map(() => initiator.seal(crypto, text, week, 0));
  responder.open(crypto, late[3]!, week);
  responder.open(crypto, late[1]!, week);
  keep();
  initiator.open(crypto, responder.seal(crypto, text, week), week);
  responder.open(crypto, initiator.seal(crypto, text, week, mixingMs), week);
  keep();
  initiator.open(crypto, responder.seal(crypto, text, week), week);
  keep();
  return found;
}

test('encoded states: what decodes is its own encoding', { timeout }, () => {
  const samples = states();
  let decoded = 0;
  fc.assert(
    fc.property(damagedBytes(samples), (bytes) => {
      const session = Session.decode(backend, bytes);
      if (session === undefined) return;
      decoded++;
      expect(hex(session.encode())).toBe(hex(bytes));
      session.release();
    }),
    { numRuns: fuzzCases },
  );
  expect(decoded).toBeGreaterThan(0);
});

test('envelopes and frames: nothing but the real ones opens, and the state stays', { timeout }, () => {
  const { crypto, initiator, responder } = sessionPair(backend, 92);
  responder.open(crypto, initiator.seal(crypto, text, week), week);
  initiator.open(crypto, responder.seal(crypto, text, week), week);
  const others = sessionPair(backend, 93).initiator;
  const envelopes = [initiator.seal(crypto, text, week), responder.seal(crypto, text, week)];
  const frames = [initiator.sealFrame(crypto, text), others.sealFrame(crypto, text)];
  const before = responder.encode();
  const real = new Set([envelopes[0]!, frames[0]!].map(hex));
  const samples = [...envelopes, ...frames];
  fc.assert(
    fc.property(damagedBytes(samples), fc.boolean(), (bytes, bare) => {
      if (real.has(hex(bytes))) return;
      const got = bare ? responder.openFrame(crypto, bytes) : responder.open(crypto, bytes, week);
      expect(got).toHaveProperty('failed');
      expect(hex(responder.encode())).toBe(hex(before));
    }),
    { numRuns: fuzzCases },
  );
  expect(responder.open(crypto, envelopes[0]!, week)).toEqual({ content: text });
});
