/** Goal: the list of skipped keys is a set with four maxima, and its store never holds more or less than it says. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hex } from '../../base/bytes.ts';
import { createNativeBackend } from '../native/native-backend.ts';
import {
  indexBytes,
  skippedChainsMax,
  skippedIndexBytesMax,
  SkippedKeys,
  skippedPerChainMax,
  skippedPerSessionMax,
} from './skipped-keys.ts';

const backend = createNativeBackend();
const chainKey = (number: number): Uint8Array => new Uint8Array(32).fill(number);
const keysFrom = (start: number, count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, index) => new Uint8Array(32).fill((start + index) & 255));

function stored(): { skipped: SkippedKeys; rows: Map<string, Uint8Array>; drain: () => void } {
  const rows = new Map<string, Uint8Array>();
  const lookup = (key: string): Uint8Array | undefined => rows.get(key)?.slice();
  const skipped = new SkippedKeys(backend, 'ab', { chains: [], lookup });
  const drain = (): void => {
    const { put, removed } = skipped.drain();
    for (const { key, value } of put) rows.set(key, value);
    for (const key of removed) expect(rows.delete(key)).toBe(true);
  };
  return { skipped, rows, drain };
}

test('holds what a plain set would, below the maxima, whether drained or not', () => {
  const step = fc.record({
    chain: fc.nat(3),
    gap: fc.nat(200),
    add: fc.nat(5),
    remove: fc.option(fc.nat(2_000), { nil: undefined }),
    drain: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
      const { skipped, rows, drain } = stored();
      const model = new Set<string>();
      const next = [0, 0, 0, 0];
      for (const { chain, gap, add, remove, drain: now } of steps) {
        const start = next[chain]! + gap;
        skipped.add(chainKey(chain), start, keysFrom(start, add));
        for (let n = start; n < start + add; n++) model.add(`${chain}/${n}`);
        next[chain] = start + add;
        if (remove !== undefined) {
          skipped.remove(chainKey(chain), remove);
          model.delete(`${chain}/${remove}`);
        }
        if (now) drain();
      }
      for (const chain of [0, 1, 2, 3]) {
        for (let n = 0; n < next[chain]!; n++) {
          const found = skipped.find(chainKey(chain), n);
          expect(found && found[0]).toBe(model.has(`${chain}/${n}`) ? n & 255 : undefined);
        }
        expect(skipped.hasChain(chainKey(chain))).toBe(
          [...model].some((name) => name.startsWith(`${chain}/`)),
        );
      }
      drain();
      expect(rows.size).toBe(model.size);
    }),
    { numRuns: 100 },
  );
});

test('a chain keeps its newest thousand', () => {
  const { skipped, rows, drain } = stored();
  for (let start = 0; start < 1_500; start += 500) skipped.add(chainKey(1), start, keysFrom(start, 400));
  drain();
  expect(rows.size).toBe(skippedPerChainMax);
  expect(skipped.find(chainKey(1), 199)).toBeUndefined();
  expect(skipped.find(chainKey(1), 200)).toBeDefined();
});

test('a session keeps two thousand, forty chains and 4,200 bytes of ranges', () => {
  const full = stored();
  for (let chain = 0; chain < 5; chain++) full.skipped.add(chainKey(chain), 0, keysFrom(0, 500));
  full.drain();
  expect(full.rows.size).toBe(skippedPerSessionMax);
  expect(full.skipped.hasChain(chainKey(0))).toBe(false);

  const wide = stored();
  for (let chain = 0; chain < skippedChainsMax + 3; chain++)
    wide.skipped.add(chainKey(chain), 0, keysFrom(0, 2));
  expect(wide.skipped.chains.length).toBe(skippedChainsMax);
  expect(hex(wide.skipped.chains[0]!.dh)).toBe('03'.repeat(32));

  const scattered = stored();
  for (let n = 0; n < 800; n++) {
    for (const chain of [1, 2, 3]) scattered.skipped.add(chainKey(chain), n * 200, keysFrom(n, 1));
    expect(indexBytes(scattered.skipped.chains)).toBeLessThanOrEqual(skippedIndexBytesMax);
  }
  scattered.drain();
  expect(scattered.rows.size).toBeGreaterThan(1_000);
});

test('what was used before it was stored never reaches the store, and is wiped', () => {
  const { skipped, rows, drain } = stored();
  skipped.add(chainKey(1), 0, keysFrom(0, 3));
  skipped.remove(chainKey(1), 1);
  drain();
  expect([...rows.keys()]).toEqual([`ab/${hex(chainKey(1))}/0`, `ab/${hex(chainKey(1))}/2`]);
  expect(skipped.find(chainKey(1), 1)).toBeUndefined();
  rows.set(`ab/${hex(chainKey(1))}/0`, Uint8Array.of(1)); // A row that is no key.
  expect(skipped.find(chainKey(1), 0)).toBeUndefined();
});
