import { expect, test } from 'vitest';
import { Lifetimes, lifetimesMax } from './lifetimes.ts';

function storage(): Pick<Storage, 'getItem' | 'setItem'> {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
  };
}

test('each conversation keeps its own, also where the window is loaded anew, until it is taken back', () => {
  const kept = storage();
  const before = new Lifetimes(() => kept);
  before.choose('a', 3_600_000);
  before.choose('b', 60_000);
  const after = new Lifetimes(() => kept);
  expect([after.of('a'), after.of('b'), after.of('c')]).toEqual([3_600_000, 60_000, null]);
  after.choose('a', null);
  expect([after.of('a'), new Lifetimes(() => kept).of('a')]).toEqual([null, null]);
});

test('there are so many; the one chosen longest ago is forgotten', () => {
  const lifetimes = new Lifetimes(storage);
  lifetimes.choose('first', 1_000);
  for (let n = 1; n < lifetimesMax; n++) lifetimes.choose(`c${n}`, 1_000);
  lifetimes.choose('first', 2_000);
  lifetimes.choose('one more', 1_000);
  expect([lifetimes.of('first'), lifetimes.of('c1'), lifetimes.of('c2')]).toEqual([2_000, null, 1_000]);
});

test('a storage that is forbidden or holds something else harms nothing', () => {
  const forbidden = new Lifetimes(() => {
    throw new Error('forbidden');
  });
  forbidden.choose('a', 1_000);
  expect(forbidden.of('a')).toBe(1_000);
  for (const held of ['{', '5', 'null', '[1,["a","x"],["a",-1],["a",null],[]]']) {
    const lifetimes = new Lifetimes(() => ({ getItem: () => held, setItem: () => undefined }));
    expect(lifetimes.of('a'), held).toBeNull();
  }
});
