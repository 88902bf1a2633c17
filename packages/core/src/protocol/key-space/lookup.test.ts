/** Goal: the invariants of lookup.ts, and that a liar spoils no more than the run that met it. */
import { expect, test } from 'vitest';
import type { PeerId } from '../../base/ids.ts';
import { Lookup, lookupDefaults, type NodeFacts } from './lookup.ts';

const key = new Uint8Array(32);

/** A node so far from the key, in a subnet of its own unless one is named. */
function node(far: number, subnet = `subnet ${far}`): NodeFacts {
  const place = new Uint8Array(32);
  for (let at = 5, rest = far; at >= 0; at--, rest = Math.floor(rest / 256)) place[at] = rest % 256;
  return { peer: `at ${far}` as PeerId, place, subnet };
}

const from = (first: number, count: number, step = 1): NodeFacts[] =>
  Array.from({ length: count }, (_, index) => node(first + index * step));

/** Asks, one answer after the other, until nobody is left. @returns whom, in order. */
function runAll(
  lookup: Lookup,
  answer: (
    peer: PeerId,
  ) =>
    | { names: NodeFacts[]; value?: { bytes: Uint8Array; sequence: number }; subnet?: string | undefined }
    | undefined,
  paths: readonly number[] = [0, 1, 2],
): PeerId[] {
  const asked: PeerId[] = [];
  for (;;) {
    const now = paths.map((path) => lookup.next(path)).filter((peer) => peer !== undefined);
    if (now.length === 0) return asked;
    asked.push(...now);
    for (const peer of now) {
      const answered = answer(peer);
      if (answered === undefined) lookup.failed(peer);
      else {
        const { names, value, subnet = `subnet ${peer.slice('at '.length)}` } = answered;
        lookup.answered({ peer, subnet }, names, value);
      }
    }
  }
}

test('each is asked once, and no more than there are questions', () => {
  const lookup = new Lookup(key, from(1_000_000, 30, 1_000), 50, lookupDefaults);
  let next = 900_000;
  const asked = runAll(lookup, () => ({ names: from((next -= 40), 20) }));
  expect(asked.length).toBe(lookupDefaults.questionsMax);
  expect(new Set(asked).size).toBe(asked.length);
});

test('a path goes on to the nearest named, and ends where the neighbourhood has answered', () => {
  const lookup = new Lookup(key, from(1_000_000, 30, 1_000), 60, { ...lookupDefaults, agreement: Infinity });
  const near = from(1, 20);
  const asked = runAll(lookup, () => ({ names: near }));
  expect(asked.slice(0, 3)).toEqual([0, 1, 2].map((root) => node(1_000_000 + root * 1_000).peer));
  expect(lookup.result().holders).toEqual(near.map(({ peer }) => peer));
  expect(asked.length).toBeLessThanOrEqual(23);
});

test('who is gone ends no run: it goes on to the next that was named, but not past four in a row', () => {
  const roots = [node(1_000_000), node(1_001_000)];
  const named = from(10, 8);
  const askedWith = (gone: number): PeerId[] => {
    const dead = new Set(named.slice(0, gone).map(({ peer }) => peer));
    const lookup = new Lookup(key, roots, undefined, { ...lookupDefaults, paths: 1 });
    const answer = (peer: PeerId): { names: NodeFacts[] } | undefined =>
      dead.has(peer) ? undefined : { names: peer === roots[0]!.peer ? named : [] };
    return runAll(lookup, answer, [0]);
  };
  const other = roots[1]!.peer;
  const three = askedWith(3);
  expect(three.slice(0, 5)).toEqual([roots[0]!, ...named.slice(0, 4)].map(({ peer }) => peer));
  expect(three.indexOf(other)).toBeGreaterThan(4);
  expect(askedWith(8).indexOf(other)).toBe(5);
});

test('with no names to be counted nobody is asked but the entries of our own', () => {
  const roots = from(1_000, 10);
  const lookup = new Lookup(key, roots, undefined, { ...lookupDefaults, namesMax: 0 });
  expect(lookup.wanted(roots[0]!.peer), 'a question asks for one at least').toBe(1);
  const asked = runAll(lookup, () => ({ names: from(1, 20) }));
  expect(asked.toSorted()).toEqual(roots.map(({ peer }) => peer).toSorted());
});

test('liars who name each other end no search: another run finds what is denser', () => {
  const roots = from(1_000_000, 30, 1_000);
  const honestRoot = roots[20]!.peer;
  const liars = from(3, 20, 9);
  const near = from(1, 20, 3);
  const value = { bytes: Uint8Array.of(1), sequence: 2 };
  const isNear = new Set(near.map(({ peer }) => peer));
  const lookup = new Lookup(key, roots, 60, lookupDefaults);
  const asked = runAll(lookup, (peer) => {
    if (peer === honestRoot) return { names: near };
    return isNear.has(peer) ? { names: near, value } : { names: liars };
  });
  expect(asked).toContain(honestRoot);
  expect(lookup.result().value).toEqual(value.bytes);
  expect(lookup.result().hops).toBe(2);
});

test('several equal answers from a dense place end it early; an older one is not believed over a newer', () => {
  const near = from(1, 20);
  const lookup = new Lookup(key, from(1_000, 3), 60, lookupDefaults);
  const older = node(1).peer;
  const asked = runAll(lookup, (peer) => {
    const sequence = peer === older ? 1 : 2;
    return { names: near, value: { bytes: Uint8Array.of(sequence), sequence } };
  });
  expect(asked.length).toBeLessThan(10);
  const { value, agreed } = lookup.result();
  expect(value).toEqual(Uint8Array.of(2));
  expect(agreed).toBeGreaterThanOrEqual(lookupDefaults.agreement);
});

test('liars who agreed before the place was dense end nothing: who stands nearer is asked first', () => {
  const liars = [2, 4, 6, 8].map((far) => node(far));
  const isLiar = new Set(liars.map(({ peer }) => peer));
  const near = from(1, 20);
  const far = node(500);
  const newest = { bytes: Uint8Array.of(2), sequence: 2 };
  // The fourth liar answers together with the honest node that names who stands between them.
  const lookup = new Lookup(key, [...liars, far], 60, lookupDefaults);
  const asked = runAll(lookup, (peer) => {
    if (isLiar.has(peer)) return { names: liars, value: { bytes: Uint8Array.of(1), sequence: 1 } };
    return peer === far.peer ? { names: near } : { names: near, value: newest };
  });
  expect(asked.slice(0, 4).toSorted()).toEqual([...isLiar]);
  expect(lookup.result().value).toEqual(Uint8Array.of(2));
});

test('who stands nearest and says nothing, or may not be asked, holds no search up', () => {
  const near = from(2, 20);
  const newest = { bytes: Uint8Array.of(2), sequence: 2 };
  const ask = (nearest: NodeFacts, isSilent: boolean): number => {
    const lookup = new Lookup(key, [nearest, ...from(900, 3)], 60, lookupDefaults);
    let asked = 0;
    const open: (PeerId | undefined)[] = [undefined, undefined, undefined];
    for (let turn = 0; turn < 60; turn++) {
      for (const path of [0, 1, 2]) open[path] ??= lookup.next(path);
      const waiting = open.filter((peer) => peer !== undefined && !(isSilent && peer === nearest.peer));
      if (waiting.length === 0) return asked;
      for (const [path, peer] of open.entries()) {
        if (peer === undefined || (isSilent && peer === nearest.peer)) continue;
        open[path] = undefined;
        asked++;
        const isNear = near.some((each) => each.peer === peer);
        const subnet = isNear ? `subnet ${peer.slice('at '.length)}` : 'crowded';
        lookup.answered({ peer, subnet }, near, isNear ? newest : undefined);
      }
    }
    throw new Error('a search without an end');
  };
  expect(ask(node(1), true)).toBeLessThan(14);
  expect(ask(node(1, 'crowded'), false)).toBeLessThan(14);
});

test('of one subnet two are asked, however many are named', () => {
  const crowd = Array.from({ length: 20 }, (_, index) => node(index + 1, 'one'));
  const lookup = new Lookup(key, from(1_000, 30), 60, lookupDefaults);
  const asked = runAll(lookup, () => ({ names: crowd }));
  expect(asked.filter((peer) => crowd.some((each) => each.peer === peer)).length).toBe(2);
});

test('a subnet counts by where the answer came from: what a record claims makes no crowd of one machine', () => {
  const near = from(1, 20);
  const lookup = new Lookup(key, from(1_000, 30), 60, { ...lookupDefaults, agreement: Infinity });
  const isNear = new Set(near.map(({ peer }) => peer));
  runAll(lookup, (peer) => ({ names: near, subnet: isNear.has(peer) ? 'one' : undefined }));
  expect(lookup.result().holders.filter((peer) => isNear.has(peer))).toHaveLength(2);

  const value = { bytes: Uint8Array.of(1), sequence: 1 };
  const fooled = new Lookup(key, from(1_000, 30), 60, lookupDefaults);
  const answer = (peer: PeerId): ReturnType<Parameters<typeof runAll>[1]> =>
    isNear.has(peer) ? { names: near, subnet: 'one', value } : { names: near };
  runAll(fooled, answer);
  expect(fooled.result().agreed, 'an older value agreed on by one machine').toBeLessThan(
    lookupDefaults.agreement,
  );
});

test('who fails is no holder; answers nobody waits for change nothing', () => {
  const lookup = new Lookup(key, from(10, 5), undefined, lookupDefaults);
  lookup.answered({ peer: node(99).peer, subnet: undefined }, from(1, 3), undefined);
  lookup.failed(node(10).peer);
  const asked = runAll(lookup, (peer) => (peer === node(11).peer ? undefined : { names: [] }));
  expect(asked.length).toBe(5);
  expect(lookup.result().holders).not.toContain(node(11).peer);
  expect(lookup.result()).toMatchObject({ asked: 5, failed: 1, value: undefined });
});

test('with nobody to ask it ends at once', () => {
  const lookup = new Lookup(key, [], undefined, lookupDefaults);
  expect(lookup.next(0)).toBeUndefined();
  expect(lookup.result()).toMatchObject({ holders: [], hops: 0 });
});
