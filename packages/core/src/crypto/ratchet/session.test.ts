/** Goal: what a session does with one message, one by one: limits, answers, hedging, wiping, KEM mixing. */
import { afterEach, describe, expect, test } from 'vitest';
import { concat, hex, u32be } from '../../base/bytes.ts';
import { seededKeys, sessionPair, startedPair } from '../../../test/session-pair.ts';
import type { CryptoBackend } from '../backend.ts';
import { createNativeBackend } from '../native/native-backend.ts';
import { createPortableBackend } from '../portable/portable-backend.ts';
import { fixedBytes, frameBytesMax } from './frame.ts';
import { contentBytesMax, paddedSizes } from './padding.ts';
import { mixingMessages, Session } from './session.ts';
import { encodedSessionBytesMax } from './session-state.ts';
import { skippedChainsMax, skippedPerChainMax, skippedPerSessionMax } from './skipped-keys.ts';

const native = createNativeBackend();
const portable = await createPortableBackend();
const text = Uint8Array.of(104, 105);
const week = 2_900;
const envelopeOverhead = 1 + 16 + 24 + 16;
const frameOverhead = fixedBytes + 24 + 16;

/** A backend that counts secret memory in use and notes whether it was zero when given back. */
function watched(backend: CryptoBackend): {
  backend: CryptoBackend;
  inUse: () => number;
  dirty: () => number;
} {
  const held = new Set<Uint8Array>();
  let dirty = 0;
  const { secrets } = backend;
  return {
    backend: {
      ...backend,
      secrets: {
        allocate(length) {
          const bytes = secrets.allocate(length);
          held.add(bytes);
          return bytes;
        },
        release(bytes) {
          held.delete(bytes);
          const view = bytes.subarray();
          secrets.release(bytes);
          if (view.some((byte) => byte !== 0)) dirty++;
        },
        status: () => secrets.status(),
      },
    },
    inUse: () => held.size,
    dirty: () => dirty,
  };
}

describe.for([native, portable])('$name', (backend) => {
  test('a conversation in both directions', () => {
    const { crypto, initiator, responder } = sessionPair(backend, 1);
    for (let round = 0; round < 3; round++) {
      for (const [from, to] of [
        [initiator, responder],
        [responder, initiator],
      ] as const) {
        for (const content of [text, new Uint8Array(0), new Uint8Array(3_000).fill(round)]) {
          expect(to.open(crypto, from.seal(crypto, content, week), week)).toEqual({ content });
        }
      }
    }
    expect(initiator.sid).toBe(responder.sid);
    expect(initiator.sid).toMatch(/^[0-9a-f]{32}$/);
    expect([initiator.initiator, responder.initiator]).toEqual([true, false]);
  });

  test('a content is padded to one of five sizes, and the largest fits', () => {
    const { crypto, initiator, responder } = sessionPair(backend, 2);
    const sizes = [0, 255, 256, 1_023, 1_024, 3_071, 3_072, 16_383, 16_384, contentBytesMax].map((length) => {
      const content = new Uint8Array(length).fill(0x80);
      const envelope = initiator.seal(crypto, content, week);
      expect(responder.open(crypto, envelope, week)).toEqual({ content });
      return envelope.length - envelopeOverhead - frameOverhead;
    });
    expect(sizes).toEqual(paddedSizes.flatMap((size) => [size, size]));
    expect(() => initiator.seal(crypto, new Uint8Array(contentBytesMax + 1), week)).toThrow(
      'at most 28671 bytes',
    );
  });

  test('the weekly tag: the week before and after open, another does not', () => {
    const { crypto, initiator, responder } = sessionPair(backend, 3);
    const seal = (): Uint8Array => initiator.seal(crypto, text, week);
    const envelope = seal();
    expect(hex(envelope.subarray(1, 17))).toBe(responder.tags(week).receive);
    expect(initiator.tags(week)).toEqual({
      send: responder.tags(week).receive,
      receive: responder.tags(week).send,
    });
    expect(initiator.tags(week).send).not.toBe(initiator.tags(week + 1).send);
    expect(initiator.tags(week).send).not.toBe(initiator.tags(week).receive);
    expect(responder.open(crypto, envelope, week + 2)).toEqual({ failed: 'envelope' });
    expect(responder.open(crypto, envelope, week - 2)).toEqual({ failed: 'envelope' });
    expect(responder.open(crypto, envelope, week + 1)).toEqual({ content: text });
    expect(responder.open(crypto, seal(), week - 1)).toEqual({ content: text });
    expect(responder.open(crypto, initiator.seal(crypto, text, 0), 0)).toEqual({ content: text });
  });

  test('a repeat is old, in the same chain and after the chain', () => {
    const { crypto, initiator, responder } = sessionPair(backend, 4);
    const first = initiator.seal(crypto, text, week);
    responder.open(crypto, first, week);
    expect(responder.open(crypto, first, week)).toEqual({ failed: 'old' });
    const answer = responder.seal(crypto, text, week);
    initiator.open(crypto, answer, week);
    responder.open(crypto, initiator.seal(crypto, text, week), week);
    expect(responder.open(crypto, first, week)).toEqual({ failed: 'old' });
    initiator.open(crypto, responder.seal(crypto, text, week), week);
    responder.open(crypto, initiator.seal(crypto, text, week), week);
    initiator.open(crypto, responder.seal(crypto, text, week), week);
    // Two chains later its key is forgotten: it then looks like a new chain that does not open.
    expect(responder.open(crypto, first, week)).toHaveProperty('failed');
  });

  test('a plaintext without its padding is refused, though its seal is right', () => {
    const { crypto, initiator, responder } = sessionPair(backend, 22);
    const careless: CryptoBackend = {
      ...backend,
      xchachaSeal: (key, nonce, ad, plaintext) => backend.xchachaSeal(key, nonce, ad, plaintext.fill(0)),
    };
    const frame = initiator.sealFrame({ ...crypto, backend: careless }, text);
    const before = responder.encode();
    expect(responder.openFrame(crypto, frame)).toEqual({ failed: 'forged' });
    expect(responder.encode()).toEqual(before);
  });

  test('a ratchet key of low order is refused', () => {
    const { start, crypto, initiator, responder } = sessionPair(backend, 5);
    responder.open(crypto, initiator.seal(crypto, text, week), week);
    responder.seal(crypto, text, week);
    for (const point of ['00'.repeat(32), `01${'00'.repeat(31)}`, `ecff${'ff'.repeat(29)}7f`]) {
      const frame = startedPair(backend, start).initiator.sealFrame(crypto, text);
      frame.set(Uint8Array.from(Buffer.from(point, 'hex')), 17);
      frame.set(u32be(1), 49); // As many as came before, so that the key itself is looked at.
      const before = responder.encode();
      const agreed: (Uint8Array | undefined)[] = [];
      const watching: CryptoBackend = {
        ...backend,
        x25519(secretKey, publicKey) {
          agreed.push(backend.x25519(secretKey, publicKey));
          return agreed.at(-1);
        },
      };
      expect(responder.openFrame({ ...crypto, backend: watching }, frame)).toEqual({ failed: 'forged' });
      expect(agreed).toEqual([undefined]);
      expect(responder.encode()).toEqual(before);
    }
  });

  test('the encoded state goes on where it was, and a damaged one is none', () => {
    const { crypto, initiator, responder } = sessionPair(backend, 6);
    let [left, right] = [initiator, responder];
    for (let index = 0; index < 120; index++) {
      const envelope = left.seal(crypto, text, week, index);
      left = Session.decode(backend, left.encode())!;
      right = Session.decode(backend, right.encode())!;
      expect(right.open(crypto, envelope, week)).toEqual({ content: text });
      if (index % 3 === 0) [left, right] = [right, left];
    }
    const state = left.encode();
    expect(Session.decode(backend, state)!.encode()).toEqual(state);
    for (let length = 0; length < state.length; length += 7) {
      expect(Session.decode(backend, state.subarray(0, length))).toBeUndefined();
    }
    expect(Session.decode(backend, concat(state, Uint8Array.of(0)))).toBeUndefined();
    expect(Session.decode(backend, concat(Uint8Array.of(2), state.subarray(1)))).toBeUndefined();
    expect(Session.decode(backend, new Uint8Array(encodedSessionBytesMax + 1).fill(1))).toBeUndefined();
  });
});

describe('a copied profile with a copied random generator', () => {
  test('repeats a message key, never a key and a nonce for two plaintexts', () => {
    const { crypto, initiator, responder } = sessionPair(native, 7);
    responder.open(crypto, initiator.seal(crypto, text, week), week);
    const copies = [0, 1, 0].map((content) => {
      const copy = Session.decode(native, initiator.encode())!;
      return copy.sealFrame({ backend: native, keys: seededKeys(70) }, Uint8Array.of(content));
    });
    const [one, other, again] = copies.map((frame) => ({
      header: hex(frame.subarray(0, fixedBytes)),
      nonce: hex(frame.subarray(fixedBytes, fixedBytes + 24)),
    }));
    expect(one!.header).toBe(other!.header);
    expect(one!.nonce).not.toBe(other!.nonce);
    expect(one).toEqual(again);
  });

  test('and neither does the envelope', () => {
    const { initiator } = sessionPair(native, 8);
    const nonces = [1, 2].map((content) => {
      const copy = Session.decode(native, initiator.encode())!;
      return hex(
        copy.seal({ backend: native, keys: seededKeys(80) }, Uint8Array.of(content), week).subarray(17, 41),
      );
    });
    expect(nonces[0]).not.toBe(nonces[1]);
  });
});

describe('limits', () => {
  test('a thousand missing open, one more is a gap, and the gap closes when others arrive', () => {
    const { crypto, initiator, responder } = sessionPair(native, 9);
    const envelopes = Array.from({ length: skippedPerChainMax + 2 }, () =>
      initiator.seal(crypto, text, week),
    );
    const before = responder.encode();
    expect(responder.open(crypto, envelopes.at(-1)!, week)).toEqual({ failed: 'gap' });
    expect(responder.encode()).toEqual(before);
    expect(responder.open(crypto, envelopes[0]!, week)).toEqual({ content: text });
    expect(responder.open(crypto, envelopes.at(-1)!, week)).toEqual({ content: text });
    expect(responder.takeSkipped().put).toHaveLength(skippedPerChainMax);
    expect(responder.encode().length).toBeLessThan(500);
    for (const envelope of envelopes.slice(1, -1)) {
      expect(responder.open(crypto, envelope, week)).toEqual({ content: text });
    }
    expect(responder.takeSkipped().removed).toHaveLength(skippedPerChainMax);
  });

  test('a gap in the chain that goes on is bounded too', () => {
    const { crypto, initiator, responder } = sessionPair(native, 21);
    responder.open(crypto, initiator.seal(crypto, text, week), week);
    const late = Array.from({ length: skippedPerChainMax + 2 }, () => initiator.seal(crypto, text, week));
    const before = responder.encode();
    expect(responder.open(crypto, late.at(-1)!, week)).toEqual({ failed: 'gap' });
    expect(responder.encode()).toEqual(before);
    expect(responder.open(crypto, late.at(-2)!, week)).toEqual({ content: text });
    expect(responder.open(crypto, late.at(-1)!, week)).toEqual({ content: text });
  });

  test('what a new chain says about the old one is bounded too', () => {
    const { crypto, initiator, responder } = sessionPair(native, 10);
    responder.open(crypto, initiator.seal(crypto, text, week), week);
    const late = Array.from({ length: skippedPerChainMax + 1 }, () => initiator.seal(crypto, text, week));
    initiator.open(crypto, responder.seal(crypto, text, week), week);
    const next = initiator.seal(crypto, text, week);
    expect(responder.open(crypto, next, week)).toEqual({ failed: 'gap' });
    expect(responder.open(crypto, late[0]!, week)).toEqual({ content: text });
    expect(responder.open(crypto, next, week)).toEqual({ content: text });
    expect(responder.open(crypto, late.at(-1)!, week)).toEqual({ content: text });
  });

  test('a session keeps two thousand skipped keys in forty chains; the oldest go first', () => {
    const { crypto, initiator, responder } = sessionPair(native, 11);
    const lost: Uint8Array[][] = [];
    for (let chain = 0; chain < skippedChainsMax + 5; chain++) {
      lost.push(Array.from({ length: 70 }, () => initiator.seal(crypto, text, week)));
      responder.open(crypto, initiator.seal(crypto, text, week), week);
      initiator.open(crypto, responder.seal(crypto, text, week), week);
      expect(responder.encode().length).toBeLessThanOrEqual(encodedSessionBytesMax);
    }
    const { put, removed } = responder.takeSkipped();
    expect(put.length).toBe(skippedPerSessionMax);
    expect(removed).toEqual([]);
    const opens = lost.map((chain) =>
      chain.map((envelope) => 'content' in responder.open(crypto, envelope, week)).filter(Boolean),
    );
    // 2,000 keys are the newest 28 chains and 40 of the one before; of it the last 40.
    expect(opens.map((chain) => chain.length)).toEqual([
      ...Array.from({ length: 16 }, () => 0),
      40,
      ...Array.from({ length: 28 }, () => 70),
    ]);
  });

  test('scattered losses stay below 8 KiB', () => {
    const { crypto, initiator, responder } = sessionPair(native, 12);
    let largest = 0;
    for (let chain = 0; chain < 3; chain++) {
      for (let index = 0; index < 1_900; index++) {
        const envelope = initiator.seal(crypto, text, week);
        if (index % 2 === 1) responder.open(crypto, envelope, week);
        largest = Math.max(largest, index % 100 === 1 ? responder.encode().length : 0);
      }
      initiator.open(crypto, responder.seal(crypto, text, week), week);
    }
    expect(largest).toBeGreaterThan(4_000);
    expect(largest).toBeLessThanOrEqual(encodedSessionBytesMax);
  });
});

describe('wiping', () => {
  const watch = watched(native);
  afterEach(() => expect(watch.dirty()).toBe(0));

  test('release gives back and wipes all secret memory, skipped keys too; twice is harmless', () => {
    const before = watch.inUse();
    const { crypto, initiator, responder } = sessionPair(watch.backend, 13);
    initiator.seal(crypto, text, week);
    initiator.seal(crypto, text, week);
    responder.open(crypto, initiator.seal(crypto, text, week), week);
    expect(watch.inUse()).toBeGreaterThan(before + 3);
    for (const session of [initiator, responder, initiator]) session.release();
    expect(watch.inUse()).toBe(before);
    expect(() => initiator.seal(crypto, text, week)).toThrow('released');
  });

  test('a session with a store holds skipped keys only until they are taken', () => {
    const { crypto, initiator, responder } = sessionPair(watch.backend, 14);
    const rows = new Map<string, Uint8Array>();
    const decoded = Session.decode(watch.backend, responder.encode(), (key) => rows.get(key)?.slice())!;
    const late = initiator.seal(crypto, text, week);
    decoded.open(crypto, initiator.seal(crypto, text, week), week);
    const held = watch.inUse();
    const { put } = decoded.takeSkipped();
    expect(put).toHaveLength(1);
    expect(put[0]!.key).toBe(`${decoded.sid}/${put[0]!.key.split('/')[1]}/0`);
    expect(watch.inUse()).toBe(held - 1);
    expect(decoded.open(crypto, late, week)).toEqual({ failed: 'old' }); // Its row is not there yet.
    rows.set(put[0]!.key, put[0]!.value);
    expect(decoded.open(crypto, late, week)).toEqual({ content: text });
    expect(decoded.takeSkipped()).toEqual({ put: [], removed: [put[0]!.key] });
    expect(decoded.open(crypto, late, week)).toEqual({ failed: 'old' });
  });

  test('keys drawn for a chain and an offer are wiped at once', () => {
    const drawn: Uint8Array[] = [];
    const source = seededKeys(15);
    const keys = {
      bytes(length: number) {
        const bytes = source.bytes(length);
        if (length !== 24) drawn.push(bytes);
        return bytes;
      },
    };
    const { initiator } = sessionPair(native, 15);
    for (let index = 0; index <= mixingMessages; index++)
      initiator.seal({ backend: native, keys }, text, week);
    expect(drawn.map((bytes) => bytes.length)).toEqual([32, 64]);
    for (const bytes of drawn) expect(bytes.every((byte) => byte === 0)).toBe(true);
  });
});

test('the longest frame is as long as said', () => {
  expect(frameBytesMax).toBe(57 + 1_184 + 1_088 + 24 + 28_672 + 16);
});
