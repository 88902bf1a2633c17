/** Goal: both backends give the frozen vectors of handshake, ratchet and envelope (vectors/*.json). */
import { describe, expect, test } from 'vitest';
import { hex } from '../../base/bytes.ts';
import type { DeviceId } from '../../base/ids.ts';
import type { KeySource } from '../../base/random.ts';
import type { EnvelopeVectors, HandshakeVectors, RatchetVectors } from '../../../test/session-vectors.ts';
import { fromHex, readVectors } from '../../../test/vector-file.ts';
import type { CryptoBackend } from '../backend.ts';
import { decodeIdentity, type DeviceKeys } from '../identity/identity.ts';
import { createNativeBackend } from '../native/native-backend.ts';
import { createPortableBackend } from '../portable/portable-backend.ts';
import { Mailbox } from '../ratchet/mailbox.ts';
import { Session } from '../ratchet/session.ts';
import { decodeBundle } from './bundle.ts';
import { type HandshakeSelf, initiate, peekMessage1, respond } from './handshake.ts';
import { encodeCbor } from '../../base/cbor.ts';

const backends = [createNativeBackend(), await createPortableBackend()];

/** Gives what a vector says was drawn, and fails when something else is asked for. */
function listed(draws: string[]): KeySource & { left: () => number } {
  const rest = draws.map(fromHex);
  return {
    bytes(length) {
      const bytes = rest.shift();
      expect(bytes?.length).toBe(length);
      return bytes!;
    },
    left: () => rest.length,
  };
}

describe.for(backends)('$name', (backend) => {
  test('envelopes', () => {
    const { EX, cases } = readVectors<EnvelopeVectors>('envelope.json');
    expect(cases.length).toBeGreaterThan(3);
    for (const { direction, week, tag, frame, envelope } of cases) {
      const sender = new Mailbox(backend, fromHex(EX), direction === 1);
      const receiver = new Mailbox(backend, fromHex(EX), direction === 2);
      expect(sender.tags(week).send).toBe(tag);
      expect(receiver.tags(week).receive).toBe(tag);
      expect(hex(sender.seal(fromHex(frame), week))).toBe(envelope);
      expect(hex(receiver.open(fromHex(envelope), week)!)).toBe(frame);
    }
  });

  test('conversations', () => {
    const { conversations } = readVectors<RatchetVectors>('ratchet.json');
    const seen = new Set<string>();
    for (const { start, steps } of conversations) {
      const states = { initiator: start.initiatorState, responder: start.responderState };
      const rows = new Map<string, Uint8Array>();
      expect(startStates(backend, start)).toEqual(states);
      for (const step of steps) {
        // Every step begins from the stored state, so a backend need not repeat what it cannot (encapsulation).
        const before = fromHex(states[step.by]);
        const session = Session.decode(backend, before, (key) => rows.get(key)?.slice())!;
        expect(session.sid).toBe(start.sid);
        states[step.by] = step.state;
        if (step.do === 'open') {
          const got = session.open({ backend, keys: listed([]) }, fromHex(step.envelope), step.week);
          seen.add('failed' in got ? got.failed : 'content');
          expect('failed' in got ? got.failed : hex(got.content)).toBe(step.failed ?? step.content);
        } else if (step.encapsulates && backend.name === 'native') {
          continue;
        } else {
          const keys = listed(step.draws);
          const envelope = session.seal({ backend, keys }, fromHex(step.content), step.week, step.nowMs);
          expect(hex(envelope)).toBe(step.envelope);
          expect(keys.left()).toBe(0);
        }
        expect(hex(session.encode())).toBe(step.state);
        const { put, removed } = session.takeSkipped();
        for (const { key, value } of put) rows.set(key, value);
        for (const key of removed) rows.delete(key);
      }
    }
    expect([...seen].toSorted()).toEqual(['content', 'envelope', 'old']);
  });

  test('handshakes', () => {
    const vectors = readVectors<HandshakeVectors>('handshake.json');
    const [alice, bob] = [party(backend, vectors.initiator), party(backend, vectors.responder)];
    const [device] = bob.identity.devices;
    const bundle = decodeBundle(backend, fromHex(vectors.bundle.bytes), device!.signingKey)!;
    const { seq, notAfterWallMs, difficulty } = vectors.bundle;
    expect(bundle).toMatchObject({ seq, notAfterWallMs, difficulty, device: vectors.responder.device });
    const { oneTimePrekey: once } = vectors;
    const secret = encodeCbor([
      1,
      fromHex(vectors.bundle.spkSecret),
      bundle.signedPrekey,
      fromHex(vectors.bundle.kemSeed),
    ]);
    for (const each of vectors.cases) {
      const oneTimePrekey = { id: fromHex(once.id), publicKey: fromHex(once.publicKey) };
      const to = { identity: bob.identity, device: device!, bundle, ...(each.once && { oneTimePrekey }) };
      if (backend.name === 'portable') {
        const keys = listed(each.draws);
        const started = initiate({ backend, keys }, { self: alice, to, content: fromHex(each.content) })!;
        expect(hex(started.message1)).toBe(each.message1);
        expect(hex(started.session.encode())).toBe(each.initiatorState);
      }
      const message1 = fromHex(each.message1);
      expect(peekMessage1(backend, message1)?.oneTimePrekeyId).toBe(each.once ? once.id : undefined);
      const answered = respond(
        { backend, keys: listed([]) },
        {
          self: bob,
          bundle: bundle.bytes,
          bundleSecret: secret,
          oneTimeSecret: each.once ? fromHex(once.secret) : undefined,
          message1,
        },
      )!;
      expect(answered.session.sid).toBe(each.sid);
      expect(hex(answered.session.th2)).toBe(each.th2);
      expect(hex(answered.content)).toBe(each.content);
      expect(answered.from.person).toBe(vectors.initiator.person);
    }
  });
});

function startStates(
  backend: CryptoBackend,
  start: RatchetVectors['conversations'][number]['start'],
): { initiator: string; responder: string } {
  const own = backend.x25519KeyPair(fromHex(start.spkSecret));
  const shared = { th2: fromHex(start.th2), rootKey: fromHex(start.RK), exporter: fromHex(start.EX) };
  const initiator = Session.start(backend, { ...shared, initiator: true, theirs: own.publicKey });
  const responder = Session.start(backend, { ...shared, initiator: false, own });
  return { initiator: hex(initiator.encode()), responder: hex(responder.encode()) };
}

function party(backend: CryptoBackend, given: HandshakeVectors['initiator']): HandshakeSelf {
  const device: DeviceKeys = {
    device: given.device as DeviceId,
    signing: backend.ed25519KeyPair(fromHex(given.signingSeed)),
    agreement: backend.x25519KeyPair(fromHex(given.agreementSecret)),
  };
  return { device, identity: decodeIdentity(backend, fromHex(given.identity))! };
}
