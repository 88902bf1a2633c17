import { expect, test } from 'vitest';
import { floodTimes, partSizes, quantile } from './graph.ts';

test('parts of a graph', () => {
  const edges = [
    [1, 2],
    [2, 3],
    [4, 5],
    [5, 99],
  ] as const;
  expect(partSizes([1, 2, 3, 4, 5, 6], edges)).toEqual([3, 2, 1]);
  expect(partSizes([], [])).toEqual([]);
  const chain = Array.from({ length: 10_000 }, (_, id) => id);
  expect(
    partSizes(
      chain,
      chain.slice(1).map((id) => [id - 1, id] as const),
    ),
  ).toEqual([10_000]);
});

test('quantiles', () => {
  expect([0, 0.5, 0.99, 1].map((share) => quantile([5, 1, 3, 2, 4], share))).toEqual([1, 3, 5, 5]);
  expect(quantile([], 0.5)).toBe(0);
});

test('a flood takes the shortest ways', () => {
  const ways: Record<number, [number, number][]> = {
    1: [
      [2, 10],
      [3, 1],
    ],
    3: [
      [2, 2],
      [4, 50],
    ],
    2: [
      [4, 5],
      [1, 10],
    ],
  };
  expect([...floodTimes(1, (node) => ways[node] ?? [])]).toEqual([
    [1, 0],
    [3, 1],
    [2, 3],
    [4, 8],
  ]);
});
