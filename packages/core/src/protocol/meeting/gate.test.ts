/**
 * Goal: a gate opens for the token, or the work, done for these very bytes, and for nothing else.
 * Method: a gate that holds, then every bit of what it covers flipped in turn.
 */
import { expect, test } from 'vitest';
import { createNativeBackend } from '../../crypto/native/native-backend.ts';
import { gateHash, type GateSubject, Miner, tokenMac, tokenMacMatches, workMatches } from './gate.ts';

const backend = createNativeBackend();
const token = new Uint8Array(32).fill(1);
const subject: GateSubject = {
  tag: new Uint8Array(16).fill(2),
  nonce: new Uint8Array(24).fill(3),
  sealed: new Uint8Array(50).fill(4),
};
const start = Uint8Array.of(1, 2, 3, 4);

/** The bytes with each of their bits flipped, one at a time. */
function* flips(bytes: Uint8Array): Generator<Uint8Array> {
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const copy = Uint8Array.from(bytes);
    copy[bit >> 3]! ^= 1 << (bit & 7);
    yield copy;
  }
}

function* otherSubjects(): Generator<GateSubject> {
  for (const part of ['tag', 'nonce', 'sealed'] as const) {
    for (const bytes of flips(subject[part])) yield { ...subject, [part]: bytes };
  }
  // The same bytes, cut elsewhere.
  yield { ...subject, nonce: subject.nonce.slice(0, 23), sealed: Uint8Array.of(3, ...subject.sealed) };
  yield { ...subject, sealed: subject.sealed.slice(0, 49) };
}

test('a token opens the gate for the bytes it was spent on, and for no others', () => {
  const mac = tokenMac(backend, token, subject);
  expect(mac).toHaveLength(32);
  expect(tokenMacMatches(backend, token, { subject, mac })).toBe(true);
  for (const other of otherSubjects()) {
    expect(tokenMacMatches(backend, token, { subject: other, mac })).toBe(false);
  }
  for (const other of flips(token)) expect(tokenMacMatches(backend, other, { subject, mac })).toBe(false);
  for (const other of flips(mac)) {
    expect(tokenMacMatches(backend, token, { subject, mac: other })).toBe(false);
  }
});

test('work opens the gate at its difficulty and below, for the bytes it was done for', () => {
  const bits = 12;
  const solution = new Miner(backend, subject, { bits, start }).step(2 ** 20)!;
  expect(solution).toHaveLength(8);
  expect(solution.subarray(0, 4)).toEqual(start);
  for (const easier of [0, 1, bits - 1, bits]) {
    expect(workMatches(backend, easier, { subject, solution })).toBe(true);
  }
  expect(workMatches(backend, 40, { subject, solution })).toBe(false);
  // One in 4,096 other subjects passes by chance; two at once would be a fault.
  const passed = [...otherSubjects()].filter((other) =>
    workMatches(backend, bits, { subject: other, solution }),
  );
  expect(passed.length).toBeLessThan(3);
});

test('leading zero bits are counted one by one', () => {
  const hash = gateHash(backend, subject);
  for (let bits = 0; bits <= 14; bits++) {
    const solution = new Miner(backend, subject, { bits, start }).step(2 ** 20)!;
    const digest = backend.blake2b(32, undefined, hash, solution);
    const text = [...digest].map((byte) => byte.toString(2).padStart(8, '0')).join('');
    const zeros = text.indexOf('1');
    expect(zeros).toBeGreaterThanOrEqual(bits);
    expect(workMatches(backend, zeros, { subject, solution })).toBe(true);
    expect(workMatches(backend, zeros + 1, { subject, solution })).toBe(false);
  }
});

test('the search goes on where it stopped, in steps of the size asked for', () => {
  const whole = new Miner(backend, subject, { bits: 10, start }).step(2 ** 20);
  const miner = new Miner(backend, subject, { bits: 10, start });
  let steps = 0;
  let solution: Uint8Array | undefined;
  for (; solution === undefined; steps++) solution = miner.step(7);
  expect(solution).toEqual(whole);
  expect(steps).toBeGreaterThan(1);
  expect(new Miner(backend, subject, { bits: 60, start }).step(100)).toBeUndefined();
});
