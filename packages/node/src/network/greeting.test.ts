import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeGreeting, encodeGreeting, refusals, type Greeting } from './greeting.ts';

const turn = fc.integer({ min: 0, max: 0xffffffff });
const greeting: fc.Arbitrary<Greeting> = fc.oneof(
  fc.record({ type: fc.constantFrom('greeting' as const, 'accept' as const), turn }),
  fc.record({ type: fc.constant('refuse' as const), reason: fc.constantFrom(...refusals) }),
);

test('reads what it wrote', () => {
  fc.assert(
    fc.property(greeting, (value) => {
      expect(decodeGreeting(encodeGreeting(value))).toEqual(value);
    }),
  );
});

test('any other bytes are no greeting, and what is one is written in no other way', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 8 }), (bytes) => {
      const value = decodeGreeting(bytes);
      if (value !== undefined) expect(encodeGreeting(value)).toEqual(bytes);
    }),
    { numRuns: 20_000 },
  );
});

test('known bytes', () => {
  expect(encodeGreeting({ type: 'greeting', turn: 258 })).toEqual(Uint8Array.of(1, 0, 0, 1, 2));
  expect(encodeGreeting({ type: 'accept', turn: 0 })).toEqual(Uint8Array.of(2, 0, 0, 0, 0));
  expect(encodeGreeting({ type: 'refuse', reason: 'full' })).toEqual(Uint8Array.of(3, 1));
  expect(decodeGreeting(Uint8Array.of(3, 3))).toBeUndefined();
});
