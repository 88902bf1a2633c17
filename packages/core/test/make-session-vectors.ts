/**
 * Writes vectors/envelope.json, vectors/ratchet.json and vectors/handshake.json from the slow reference, so that the
 * implementation is not its own judge. Run once, when a page changes its version: the files are frozen, tests read them.
 *
 *   node packages/core/test/make-session-vectors.ts
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hex, hexDecode } from '../src/base/bytes.ts';
import { createPortableBackend } from '../src/crypto/portable/portable-backend.ts';
import { bundleTerms, people } from './handshake-people.ts';
import { referenceBundle, referenceInitiate } from './reference-handshake.ts';
import { type Draw, type ReferenceKem, ReferenceSession } from './reference-ratchet.ts';
import { seededKeys } from './session-pair.ts';
import type { EnvelopeVectors, HandshakeVectors, RatchetStep, RatchetVectors } from './session-vectors.ts';

const folder = fileURLToPath(new URL('../../../vectors/', import.meta.url));
const portable = await createPortableBackend();
const kem: ReferenceKem = {
  publicKey: (seed) => portable.mlkem768KeyPair(seed).publicKey,
  encapsulate: (key, entropy) => portable.mlkem768Encapsulate(key, entropy),
  decapsulate: (ciphertext, seed) => portable.mlkem768Decapsulate(ciphertext, seed)!,
};
const dayMs = 86_400_000;
const weekOf = (nowMs: number): number => Math.floor(nowMs / (7 * dayMs));
const common = 'Made from the slow reference (packages/core/test). All bytes in lower-case hex. ';

function recorder(seed: number): { draw: Draw; taken: () => string[] } {
  const keys = seededKeys(seed);
  let drawn: string[] = [];
  return {
    draw(length) {
      const bytes = keys.bytes(length);
      drawn.push(hex(bytes));
      return bytes;
    },
    taken() {
      const taken = drawn;
      drawn = [];
      return taken;
    },
  };
}

class Script {
  readonly steps: RatchetStep[] = [];
  readonly start: RatchetVectors['conversations'][number]['start'];
  #ends: Record<'initiator' | 'responder', ReferenceSession>;
  #recorder: ReturnType<typeof recorder>;
  #sealed: { by: 'initiator' | 'responder'; envelope: Uint8Array; week: number }[] = [];

  constructor(seed: number) {
    const keys = seededKeys(seed);
    const [th2, RK, EX, spk] = [64, 32, 32, 32].map((length) => keys.bytes(length));
    const theirs = portable.x25519KeyPair(Uint8Array.from(spk!)).publicKey;
    const shared = { th2: th2!, RK: RK!, EX: EX! };
    this.#ends = {
      initiator: new ReferenceSession(kem, { ...shared, initiator: true, theirs }),
      responder: new ReferenceSession(kem, { ...shared, initiator: false, ownSecret: spk! }),
    };
    this.#recorder = recorder(seed + 1);
    const { initiator, responder } = this.#ends;
    this.start = {
      th2: hex(th2!),
      RK: hex(RK!),
      EX: hex(EX!),
      spkSecret: hex(spk!),
      sid: hex(initiator.sid),
      initiatorState: hex(initiator.encode()),
      responderState: hex(responder.encode()),
    };
  }

  /** @returns the number of the envelope, for `open` */
  seal(by: 'initiator' | 'responder', content: Uint8Array, nowMs: number): number {
    const week = weekOf(nowMs);
    const end = this.#ends[by];
    const encapsulates = end.state.CKs === undefined && end.state.theirOffer !== undefined;
    const envelope = end.seal(this.#recorder.draw, content, week, nowMs);
    this.steps.push({
      do: 'seal',
      by,
      draws: this.#recorder.taken(),
      encapsulates,
      content: hex(content),
      week,
      nowMs,
      envelope: hex(envelope),
      state: hex(end.encode()),
    });
    return this.#sealed.push({ by, envelope, week }) - 1;
  }

  /** `harm`: changes a copy of the envelope first. */
  open(number: number, harm?: (envelope: Uint8Array) => void): void {
    const { by, envelope, week } = this.#sealed[number]!;
    const opener = by === 'initiator' ? 'responder' : 'initiator';
    const end = this.#ends[opener];
    const given = Uint8Array.from(envelope);
    harm?.(given);
    const got = end.open(given, week);
    const answer = 'content' in got ? { content: hex(got.content) } : got;
    this.steps.push({
      do: 'open',
      by: opener,
      envelope: hex(given),
      week,
      ...answer,
      state: hex(end.encode()),
    });
  }
}

function conversations(): RatchetVectors['conversations'] {
  const startMs = 1_700_000_000_000;
  const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index & 255);

  const turns = new Script(10);
  turns.open(turns.seal('initiator', bytes(5), startMs));
  turns.open(turns.seal('responder', bytes(0), startMs));
  turns.open(turns.seal('initiator', bytes(300), startMs));
  turns.open(turns.seal('responder', bytes(255), startMs));

  const disorder = new Script(20);
  const first = Array.from({ length: 5 }, (_, index) => disorder.seal('initiator', bytes(index), startMs));
  disorder.open(first[2]!);
  disorder.open(first[2]!);
  disorder.open(first[0]!);
  disorder.open(disorder.seal('responder', bytes(9), startMs));
  const second = Array.from({ length: 2 }, (_, index) => disorder.seal('initiator', bytes(index), startMs));
  disorder.open(second[1]!);
  disorder.open(first[4]!);
  disorder.open(first[1]!);
  disorder.open(first[1]!);
  disorder.open(first[3]!, (envelope) => (envelope[envelope.length - 1]! ^= 1));
  disorder.open(second[0]!, (envelope) => (envelope[3]! ^= 0x80));
  disorder.open(first[3]!);

  const mixing = new Script(30);
  mixing.open(mixing.seal('initiator', bytes(1), startMs));
  mixing.open(mixing.seal('responder', bytes(2), startMs));
  const dueMs = startMs + 7 * dayMs;
  mixing.open(mixing.seal('initiator', bytes(3), dueMs));
  const answers = [mixing.seal('responder', bytes(4), dueMs), mixing.seal('responder', bytes(5), dueMs)];
  mixing.open(answers[1]!);
  mixing.open(answers[0]!);
  mixing.open(mixing.seal('initiator', bytes(6), dueMs));
  return [
    { name: 'every message turns', start: turns.start, steps: turns.steps },
    { name: 'loss, disorder, repeats, damage', start: disorder.start, steps: disorder.steps },
    { name: 'a KEM secret after seven days', start: mixing.start, steps: mixing.steps },
  ];
}

function envelopes(): EnvelopeVectors {
  const keys = seededKeys(40);
  const [th2, RK, EX] = [64, 32, 32].map((length) => keys.bytes(length));
  const cases = ([true, false] as const).flatMap((initiator) => {
    const session = new ReferenceSession(kem, {
      initiator,
      th2: th2!,
      RK: RK!,
      EX: EX!,
      theirs: portable.x25519KeyPair(keys.bytes(32)).publicKey,
    });
    return [0, 2_900, 2 ** 32 - 1].map((week) => {
      const draw: Draw = (length) => keys.bytes(length);
      const before = session.state;
      const frame = session.sealFrame(draw, Uint8Array.of(1));
      session.state = before;
      const { tag, key, nonceKey } = session.week(true, week);
      const envelope = session.envelope(frame, week);
      return {
        direction: initiator ? 1 : 2,
        week,
        tag: hex(tag),
        key: hex(key),
        nonceKey: hex(nonceKey),
        frame: hex(frame),
        envelope: hex(envelope),
      };
    });
  });
  return { about: `${common}Page: docs/protocol/envelope.md.`, EX: hex(EX!), cases };
}

function handshakes(): HandshakeVectors {
  const { alice, bob, oneTime } = people(portable, 50);
  const keys = seededKeys(51);
  const [spk, kemSeed] = [32, 64].map((length) => keys.bytes(length));
  const device = hexDecode(bob.device.device)!;
  const signingSeed = bob.device.signing.secretKey.slice(0, 32);
  const bundle = referenceBundle(
    kem,
    { spk: spk!, kemSeed: kemSeed!, signingSeed },
    { device, ...bundleTerms },
  );
  const cases = [false, true].map((once) => {
    const { draw, taken } = recorder(once ? 53 : 52);
    const content = Uint8Array.from({ length: 40 }, (_, index) => index);
    const self = {
      device: hexDecode(alice.device.device)!,
      agreementSecret: alice.device.agreement.secretKey,
      identity: alice.identity.bytes,
    };
    const { message1, session, between } = referenceInitiate(draw, kem, {
      self,
      to: {
        person: bob.identity.person,
        device,
        signingPublic: bob.device.signing.publicKey,
        agreementPublic: bob.device.agreement.publicKey,
      },
      bundle: {
        bytes: bundle,
        spk: portable.x25519KeyPair(Uint8Array.from(spk!)).publicKey,
        kemKey: kem.publicKey(kemSeed!),
      },
      oneTimePrekey: once ? oneTime.publicKey : undefined,
      content,
    });
    const { th1, k1, c1, th2, k2 } = between;
    return {
      once,
      draws: taken(),
      content: hex(content),
      th1: hex(th1),
      k1: hex(k1),
      c1: hex(c1),
      th2: hex(th2),
      k2: hex(k2),
      sid: hex(session.sid),
      message1: hex(message1),
      initiatorState: hex(session.encode()),
    };
  });
  const party = (self: typeof alice): HandshakeVectors['initiator'] => ({
    person: self.identity.person,
    device: self.device.device,
    identity: hex(self.identity.bytes),
    signingSeed: hex(self.device.signing.secretKey.slice(0, 32)),
    agreementSecret: hex(self.device.agreement.secretKey),
  });
  return {
    about: `${common}Page: docs/protocol/handshake.md. draws: ephemeral secret, KEM entropy, ratchet secret, random24.`,
    initiator: party(alice),
    responder: party(bob),
    bundle: { bytes: hex(bundle), ...bundleTerms, spkSecret: hex(spk!), kemSeed: hex(kemSeed!) },
    oneTimePrekey: { id: hex(oneTime.id), publicKey: hex(oneTime.publicKey), secret: hex(oneTime.secret) },
    cases,
  };
}

const ratchet: RatchetVectors = {
  about: `${common}Page: docs/protocol/ratchet.md. state: the encoded state of the one who acts, after the step. draws: what was drawn for a seal, in order: [X25519 secret], [KEM entropy], [KEM seed], random24.`,
  conversations: conversations(),
};
for (const [name, vectors] of Object.entries({ envelope: envelopes(), ratchet, handshake: handshakes() })) {
  writeFileSync(`${folder}${name}.json`, `${JSON.stringify(vectors, undefined, 1)}\n`);
}
