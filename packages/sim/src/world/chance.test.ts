/** Goal: one seed gives one world of chance, and no use of it shifts another. */
import { expect, test } from 'vitest';
import { streamOf } from './chance.ts';

const draws = (seed: number, purpose: string): number[] => {
  const stream = streamOf(seed, purpose);
  return Array.from({ length: 8 }, () => stream.word());
};

test('streams replay, and differ by seed and purpose', () => {
  expect(draws(1, 'a')).toEqual(draws(1, 'a'));
  const first = new Set<number>();
  for (let seed = 0; seed < 200; seed++) {
    for (const purpose of ['a', 'b', 'node/1', 'node/2', 'node/12']) first.add(draws(seed, purpose)[0]!);
  }
  expect(first.size).toBe(1_000);
});

test('numbers are spread evenly, and bytes are all kinds of bytes', () => {
  const stream = streamOf(3, 'even');
  const counts = new Uint32Array(10);
  for (let draw = 0; draw < 100_000; draw++) counts[stream.below(10)]!++;
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  expect(new Set(stream.bytes(5_001)).size).toBe(256);
  expect(stream.bytes(7)).toHaveLength(7);
  const normals = Array.from({ length: 20_000 }, () => stream.normal());
  const mean = normals.reduce((sum, value) => sum + value, 0) / normals.length;
  expect(Math.abs(mean)).toBeLessThan(0.05);
});

test('a sample has no item twice and leaves the list as it is', () => {
  const items = Array.from({ length: 50 }, (_, index) => index);
  const sample = streamOf(1, 's').sample(items, 20);
  expect(new Set(sample).size).toBe(20);
  expect(items[0]).toBe(0);
  expect(streamOf(1, 's').sample(items, 99)).toHaveLength(50);
});
