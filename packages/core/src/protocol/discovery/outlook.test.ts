/**
 * Goal: in planted worlds a person reads what is so, or that it is probably so, and no alarm for what happens daily.
 */
import { expect, test } from 'vitest';
import { type Discoverer, discoverer, entryOf, nodeAt, type TestNode } from '../../../test/discoverer.ts';
import { seededRandom } from '../../base/random.ts';
import type { OutlookState } from './outlook.ts';

const minuteMs = 60_000;
const wide = (from: number, count: number): TestNode[] =>
  Array.from({ length: count }, (_, at) => nodeAt(from + at));
const atHome: TestNode = { ...nodeAt(500), address: '/ip4/192.168.1.9/tcp/1' };

const state = (one: Discoverer): OutlookState => one.machine.outlook().state;
/** States told since the last call. */
const told = (one: Discoverer): OutlookState[] =>
  one.take().flatMap((output) => (output.type === 'outlook' ? [output.outlook.state] : []));
const lose = (one: Discoverer, nodes: readonly TestNode[], lost = true): void => {
  for (const { peer } of nodes) one.do({ type: 'linkClosed', peer, lost });
};
const failTo = (one: Discoverer, nodes: readonly TestNode[]): void => {
  for (const { peer } of nodes) one.do({ type: 'rated', peer, success: false });
};

/** Eight neighbours for twenty minutes. */
function settled(): { one: Discoverer; nodes: TestNode[] } {
  const one = discoverer();
  const nodes = wide(1, 8);
  for (const node of nodes) one.link(node);
  one.runTo(one.nowMs + 20 * minuteMs);
  expect(told(one)).toEqual(['connected']);
  return { one, nodes };
}

/** Half of the neighbours fall silent, and dials to them and to others there fail. */
function cutOff(): { one: Discoverer; here: TestNode[]; there: TestNode[] } {
  const { one, nodes } = settled();
  const [here, there] = [nodes.slice(0, 4), nodes.slice(4)];
  lose(one, there);
  one.runTo(one.nowMs + 5_000);
  failTo(one, there);
  one.runTo(one.nowMs + minuteMs);
  return { one, here, there };
}

test('alone: from the start, and ten seconds after the last link went', () => {
  const one = discoverer();
  one.do({ type: 'wake' });
  expect(one.machine.outlook()).toMatchObject({
    state: 'alone',
    detail: 'No other node has been found yet.',
  });
  one.link(nodeAt(1));
  expect(state(one)).toBe('connected');
  lose(one, [nodeAt(1)]);
  one.runTo(one.nowMs + 9_999);
  expect(state(one)).toBe('connected');
  one.runTo(one.nowMs + 1);
  expect(one.machine.outlook().detail).toBe('No other node can be reached at the moment.');
  expect(told(one)).toEqual(['connected', 'alone']);
});

test('local only: a quiet person on a LAN is told so, with no alarm in a day', () => {
  const one = discoverer();
  one.link(atHome, 'lan');
  expect(one.machine.outlook().detail).toBe('Only nodes on this local network can be reached.');
  one.runTo(one.nowMs + 1_440 * minuteMs);
  expect(told(one)).toEqual(['local-only']);
});

test('local only: the wider network went while the LAN works', () => {
  const { one, nodes } = settled();
  one.link(atHome, 'lan');
  lose(one, nodes);
  one.runTo(one.nowMs + 29_999);
  expect(state(one)).not.toBe('local-only');
  one.runTo(one.nowMs + 1);
  expect(state(one)).toBe('local-only');
  expect(one.machine.outlook().detail).toContain('probably cut off');
});

test('probably cut off: half of the neighbours went at once and dials fail', () => {
  const { one } = cutOff();
  expect(told(one)).toEqual(['probably-cut-off']);
  expect(one.machine.outlook()).toMatchObject({ wide: 4, missing: 4 });
  expect(one.machine.outlook().detail).toMatch(/^Probably cut off/);
});

test('probably cut off lasts while nothing changes, and ends when nobody is expected any more', () => {
  const { one } = cutOff();
  told(one);
  one.runTo(one.nowMs + 115 * minuteMs);
  expect(told(one)).toEqual([]);
  one.runTo(one.nowMs + 10 * minuteMs);
  expect(told(one)).toEqual(['connected']);
});

test('merging: the missing are back; after a minute it is one network', () => {
  const { one, there } = cutOff();
  told(one);
  one.link(there[0]!);
  one.runTo(one.nowMs + 1_000);
  expect(told(one)).toEqual([]); // One alone may just have been away.
  one.link(there[1]!);
  expect(told(one)).toEqual(['merging']);
  one.runTo(one.nowMs + minuteMs);
  expect(told(one)).toEqual(['connected']);
});

test('merging: after a calm time very many nodes are heard of at once', () => {
  const one = discoverer();
  const nodes = wide(1, 6);
  for (const node of nodes) {
    one.link(node);
    one.machine.learn([entryOf(node)], { peer: node.peer, scope: 'global' }, one.nowMs);
  }
  one.runTo(one.nowMs + 20 * minuteMs);
  for (const node of nodes) {
    one.machine.learn([entryOf(node, { sequence: 2 })], { peer: node.peer, scope: 'global' }, one.nowMs);
  }
  told(one);
  const others = wide(100, 10).map((node) => entryOf(node));
  one.machine.learn(others, { peer: nodes[0]!.peer, scope: 'global' }, one.nowMs);
  one.runTo(one.nowMs + 1);
  expect(told(one)).toEqual(['merging']);
  one.runTo(one.nowMs + minuteMs);
  expect(told(one)).toEqual(['connected']);
});

test('no merging while a node gets to know a network', () => {
  const one = discoverer();
  one.link(nodeAt(1));
  for (let index = 2; index < 400; index++) {
    one.machine.learn([entryOf(nodeAt(index))], { peer: nodeAt(1).peer, scope: 'global' }, one.nowMs);
    one.runTo(one.nowMs + 2_000);
  }
  expect(told(one)).toEqual(['connected']);
});

test('no merging where it was not calm before', () => {
  const one = discoverer();
  one.link(nodeAt(1));
  const hear = (from: number, count: number): void => {
    const entries = wide(from, count).map((node) => entryOf(node));
    one.machine.learn(entries, { peer: nodeAt(1).peer, scope: 'global' }, one.nowMs);
  };
  hear(10, 4);
  one.runTo(one.nowMs + 5 * minuteMs);
  hear(100, 20);
  one.runTo(one.nowMs + 6 * minuteMs);
  hear(200, 14);
  one.runTo(one.nowMs + minuteMs);
  expect(told(one)).toEqual(['connected']);
});

test('no alarm: neighbours leave one by one, also with a broken link', () => {
  const { one, nodes } = settled();
  for (const [index, node] of nodes.entries()) {
    lose(one, [node]);
    failTo(one, [node]);
    one.link(nodeAt(50 + index));
    one.runTo(one.nowMs + minuteMs);
  }
  expect(told(one)).toEqual([]);
});

test('no alarm: half of the links end with a goodbye, or break while dials go well', () => {
  const { one, nodes } = settled();
  lose(one, nodes.slice(4), false);
  failTo(one, nodes.slice(4));
  one.runTo(one.nowMs + 5 * minuteMs);
  for (const node of nodes.slice(4)) one.link(node);
  one.runTo(one.nowMs + 5 * minuteMs);
  lose(one, nodes.slice(4));
  one.runTo(one.nowMs + 5_000);
  for (const node of nodes.slice(4)) one.link(node);
  one.runTo(one.nowMs + 20 * minuteMs);
  expect(told(one)).toEqual([]);
});

test('no alarm: a few of many went at once', () => {
  const one = discoverer();
  const nodes = wide(1, 20);
  for (const node of nodes) one.link(node);
  one.runTo(one.nowMs + 20 * minuteMs);
  lose(one, nodes.slice(0, 6));
  failTo(one, nodes.slice(0, 6));
  one.runTo(one.nowMs + 20 * minuteMs);
  expect(told(one)).toEqual(['connected']);
});

test.each([
  ['nobody was dialled', 0, 0],
  ['most dials went well', 4, 5],
])('no alarm: half of the links broke, and %s', (_, failing, well) => {
  const { one, nodes } = settled();
  lose(one, nodes.slice(4));
  one.runTo(one.nowMs + 5_000);
  failTo(one, nodes.slice(4, 4 + failing));
  for (const node of wide(20, well)) one.link(node);
  one.runTo(one.nowMs + 20 * minuteMs);
  expect(told(one)).toEqual([]);
});

test.each([
  ['machine time goes on', 8 * 60 * minuteMs, 0],
  ['machine time stands still', 0, 8 * 60 * minuteMs],
])('no alarm: a laptop sleeps and wakes, where %s', (_, machineMs, wallMs) => {
  const { one, nodes } = settled();
  one.nowMs += machineMs;
  one.sleptMs = wallMs;
  one.do({ type: 'wake' });
  lose(one, nodes.slice(0, 7));
  failTo(one, nodes.slice(0, 7));
  for (const node of wide(20, 5)) one.link(node);
  one.runTo(one.nowMs + minuteMs);
  lose(one, nodes.slice(7));
  failTo(one, nodes.slice(7));
  one.runTo(one.nowMs + 30 * minuteMs);
  expect(told(one)).toEqual([]);
});

test.each([1, 2, 3, 4, 5])(
  'no alarm: a day of churn with a median session of ten minutes, seed %i',
  (seed) => {
    const random = seededRandom(seed);
    const one = discoverer();
    let next = 0;
    const live: { node: TestNode; untilMs: number }[] = [];
    for (let second = 0; second < 86_400; second += 5) {
      for (const leaver of live.filter(({ untilMs }) => untilMs <= one.nowMs)) {
        live.splice(live.indexOf(leaver), 1);
        lose(one, [leaver.node]);
        failTo(one, [leaver.node]);
      }
      while (live.length < 8) {
        const node = nodeAt(next++);
        const sessionMs = (-Math.log(1 - random.next()) / Math.LN2) * 10 * minuteMs;
        one.link(node);
        live.push({ node, untilMs: one.nowMs + sessionMs });
        if (random.next() < 0.5) failTo(one, [nodeAt(next++)]);
      }
      one.runTo(one.nowMs + 5_000);
    }
    expect(told(one)).toEqual(['connected']);
  },
);

test('it does not flap: a link beyond the LAN that comes and goes changes nothing', () => {
  const one = discoverer();
  one.link(atHome, 'lan');
  one.link(nodeAt(1));
  told(one);
  for (let times = 0; times < 30; times++) {
    lose(one, [nodeAt(1)]);
    one.runTo(one.nowMs + 8_000);
    one.link(nodeAt(1));
    one.runTo(one.nowMs + 8_000);
  }
  expect(told(one)).toEqual([]);
});

test('nothing wakes a node that is alone and knows nobody', () => {
  const one = discoverer();
  one.do({ type: 'wake' });
  expect(one.machine.nextWakeMs()).toBeUndefined();
});
