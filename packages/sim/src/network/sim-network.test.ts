/** Goal: the simulated Internet has the manners and the faults of the real one. */
import type { LinkId } from '@kith/core/base/ids';
import { expect, test } from 'vitest';
import { type Behaviour, HostileNode } from '../hostile/hostile-node.ts';
import { createWorld, type World } from '../world/world.ts';
import type { HostOptions } from './internet.ts';
import { constantLatency } from './latency.ts';
import { fairWeather } from './weather.ts';

interface Heard {
  atMs: number;
  what: string;
}

interface Station {
  node: HostileNode;
  heard: Heard[];
  link: () => LinkId;
}

let stations = 0;

/** A bare node: only its network. */
function station(world: World, options: HostOptions = {}): Station {
  const heard: Heard[] = [];
  const note = (what: string): void => void heard.push({ atMs: Math.round(world.nowMs), what });
  const behaviour: Behaviour = {
    linkUp: (_, __, { path, dialled }) => note(`up ${path}${dialled ? ' dialled' : ''}`),
    linkDown: () => note('down'),
    frame: (_, __, frame) => note(`frame ${frame.length}`),
    dialFailed: () => note('failed'),
    lanFound: () => note('found'),
  };
  const node = new HostileNode(world, behaviour, { ...options, number: stations++ });
  node.start();
  const link = (): LinkId => [...node.links.keys()].at(-1)!;
  return { node, heard, link };
}

const world40 = (): Promise<World> => createWorld({ seed: 1, latency: constantLatency(40) });
const whats = ({ heard }: Station): string[] => heard.map(({ what }) => what);

test('a link takes three round trips, frames one way, and a close is heard', async () => {
  const world = await world40();
  const [a, b] = [station(world), station(world)];
  a.node.dial(undefined, b.node.addresses);
  await world.runFor(1_000);
  expect(a.heard).toEqual([{ atMs: 240, what: 'up direct dialled' }]);
  expect(b.heard).toEqual([{ atMs: 200, what: 'up direct' }]);
  a.node.say(a.link(), new Uint8Array(3).fill(7));
  a.node.close(a.link());
  await world.runFor(1_000);
  expect(b.heard.slice(1)).toEqual([
    { atMs: 1_040, what: 'frame 3' },
    { atMs: 1_040, what: 'down' },
  ]);
});

test('who is not there refuses, who has no power is silent', async () => {
  const world = await world40();
  const [a, b] = [station(world), world.addNode({})];
  b.crash('stays');
  a.node.dial(undefined, b.addresses);
  await world.runFor(10_000);
  expect(a.heard).toEqual([{ atMs: 80, what: 'failed' }]);
  b.start();
  b.crash('goes');
  a.node.dial(undefined, b.addresses);
  await world.runFor(10_000);
  expect(a.heard.at(-1)).toEqual({ atMs: 15_000, what: 'failed' });
});

test('a cut in one direction: what passes arrives, what does not comes when TCP sends it again, in order', async () => {
  const world = await world40();
  const [a, b] = [station(world), station(world)];
  a.node.dial(undefined, b.node.addresses);
  await world.runFor(1_000);
  world.internet.cutOneWay(new Set([a.node.host.host]), new Set([b.node.host.host]));
  for (let length = 1; length <= 5; length++) a.node.say(a.link(), new Uint8Array(length));
  b.node.say(b.link(), new Uint8Array(9));
  await world.runFor(5_000);
  expect(whats(b)).toEqual(['up direct']);
  expect(whats(a).at(-1)).toBe('frame 9');
  world.heal();
  // Sent again after 0.2, 0.6, 1.4 and 3 s in vain: next 6.2 s after the first time.
  await world.runFor(1_199);
  expect(whats(b)).toEqual(['up direct']);
  await world.runFor(5_000);
  expect(b.heard[1]).toEqual({ atMs: 1_000 + 6_200 + 40, what: 'frame 1' });
  expect(whats(b).slice(1)).toEqual(['frame 1', 'frame 2', 'frame 3', 'frame 4', 'frame 5']);
});

test('nobody notices a cut by what little it sends; who fills its system is given up after half a minute', async () => {
  const world = await world40();
  const [quiet, loud, other] = [station(world), station(world), station(world)];
  for (const each of [quiet, loud]) each.node.dial(undefined, other.node.addresses);
  await world.runFor(1_000);
  world.internet.part((host) => host);
  quiet.node.say(quiet.link(), new Uint8Array(10));
  const taken = Array.from({ length: 400 }, () => loud.node.say(loud.link(), new Uint8Array(676), 'bulk'));
  // The system takes 87,040 bytes, of 680 each; 256 more wait in the class.
  expect(taken.filter(Boolean)).toHaveLength(128 + 256);
  await world.runFor(29_000);
  expect(whats(loud).at(-1)).toBe('up direct dialled');
  await world.runFor(2_000);
  expect(whats(loud).at(-1)).toBe('down');
  await world.runFor(600_000);
  expect(whats(quiet).at(-1)).toBe('up direct dialled');
  // After a quarter of an hour the system gives up as well.
  await world.runFor(600_000);
  expect(whats(quiet).at(-1)).toBe('down');
});

test('whoever lost its power says nothing; once it has some again it knows of no link', async () => {
  const world = await world40();
  const [a, b] = [station(world), world.addNode({})];
  a.node.dial(undefined, b.addresses);
  await world.runFor(1_000);
  b.crash('goes');
  a.node.say(a.link(), new Uint8Array(3));
  await world.runFor(300_000);
  expect(whats(a).at(-1)).not.toBe('down');
  b.start();
  await world.runFor(240_000);
  expect(whats(a).at(-1)).toBe('down');
});

test('in bad weather links are made late, and differently each time', async () => {
  const world = await world40();
  world.weather = { ...fairWeather, jitter: 0.5, lossDelay: 0.3 };
  const target = station(world);
  const took: number[] = [];
  for (let count = 0; count < 30; count++) {
    const each = station(world);
    const fromMs = world.nowMs;
    each.node.dial(undefined, target.node.addresses);
    await world.runFor(60_000);
    took.push(each.heard[0]!.atMs - fromMs);
  }
  expect(Math.min(...took)).toBeGreaterThan(240);
  expect(Math.max(...took)).toBeGreaterThan(1_240);
  expect(new Set(took).size).toBeGreaterThan(20);
});

test('bandwidth: a queue, higher classes first, and a class that fills', async () => {
  const world = await world40();
  const [a, b] = [station(world, { bytesPerMs: 1 }), station(world)];
  a.node.dial(undefined, b.node.addresses);
  await world.runFor(1_000);
  for (let count = 0; count < 3; count++) a.node.say(a.link(), new Uint8Array(960), 'bulk');
  a.node.say(a.link(), new Uint8Array(60), 'control');
  await world.runFor(10_000);
  expect(b.heard.slice(1)).toEqual([
    { atMs: 2_040, what: 'frame 960' },
    { atMs: 2_140, what: 'frame 60' },
    { atMs: 3_140, what: 'frame 960' },
    { atMs: 4_140, what: 'frame 960' },
  ]);
  const taken = Array.from({ length: 300 }, () => a.node.say(a.link(), new Uint8Array(60), 'bulk'));
  expect(taken.filter(Boolean)).toHaveLength(1 + 256); // One is on the line.
});

test('weather: late, lost, twice, out of order', async () => {
  const heardIn = async (weather: object): Promise<number[]> => {
    const world = await world40();
    const [a, b] = [station(world), station(world)];
    a.node.dial(undefined, b.node.addresses);
    await world.runFor(1_000);
    world.weather = { ...fairWeather, ...weather };
    for (let length = 1; length <= 200; length++) {
      a.node.say(a.link(), new Uint8Array(length).fill(0x12), 'message');
      await world.runFor(1);
    }
    await world.runFor(60_000);
    return b.heard.slice(1).map(({ what }) => Number(what.split(' ')[1]));
  };
  const inOrder = Array.from({ length: 200 }, (_, index) => index + 1);
  expect(await heardIn({ jitter: 0.5, lossDelay: 0.1 })).toEqual(inOrder);
  const lost = await heardIn({ lose: 0.2 });
  expect(lost.length).toBeGreaterThan(120);
  expect(lost.length).toBeLessThan(190);
  expect((await heardIn({ repeat: 0.2 })).length).toBeGreaterThan(220);
  const mixed = await heardIn({ reorderMs: 100 });
  expect(mixed).not.toEqual(inOrder);
  expect(mixed.toSorted((a, b) => a - b)).toEqual(inOrder);
});

test('boxes: who may come in, by kind', async () => {
  const world = await world40();
  const [outside, other] = [station(world), station(world)];
  const comesIn = async (nat: 'full-cone' | 'restricted' | 'symmetric', from: Station): Promise<boolean> => {
    const inside = station(world, { nat });
    inside.node.dial(undefined, outside.node.addresses);
    await world.runFor(1_000);
    const before = inside.heard.length;
    from.node.dial(undefined, [`/ip4/${inside.node.host.publicIp}/tcp/20000`]);
    await world.runFor(10_000);
    return inside.heard.slice(before).some(({ what }) => what.startsWith('up'));
  };
  expect(await comesIn('full-cone', other)).toBe(true);
  expect(await comesIn('restricted', other)).toBe(false);
  expect(await comesIn('symmetric', other)).toBe(false);
});

test('a forwarded port lets everybody in, but whoever is behind it does not know where', async () => {
  const world = await world40();
  const [outside, inside] = [station(world), station(world, { nat: 'forwarded' })];
  expect(inside.node.addresses.filter((each) => !each.startsWith('/ip4/192.168.'))).toEqual([]);
  outside.node.dial(undefined, [`/ip4/${inside.node.host.publicIp}/tcp/4001`]);
  await world.runFor(1_000);
  expect(whats(inside)).toEqual(['up direct']);
});

test('a link through a box that is silent for too long is dead without a word', async () => {
  const world = await world40();
  const [a, b] = [station(world, { nat: 'symmetric' }), station(world)];
  a.node.dial(undefined, b.node.addresses);
  await world.runFor(250_000);
  a.node.say(a.link(), new Uint8Array(1));
  await world.runFor(301_000);
  a.node.say(a.link(), new Uint8Array(2));
  await world.runFor(10_000);
  expect(whats(b)).toEqual(['up direct', 'frame 1']);
});

test('a LAN: heard by mDNS, private addresses that mean nothing elsewhere', async () => {
  const world = await world40();
  const [a, b, far] = [
    station(world, { lan: 'x' }),
    station(world, { lan: 'x' }),
    station(world, { lan: 'y' }),
  ];
  await world.runFor(1_000);
  expect([whats(a), whats(b), whats(far)]).toEqual([['found'], ['found'], []]);
  const near = b.node.addresses.filter((address) => address.startsWith('/ip4/10.'));
  expect(near).toHaveLength(1);
  a.node.dial(undefined, near);
  far.node.dial(b.node.id, near);
  await world.runFor(10_000);
  expect(whats(a)).toEqual(['found', 'up lan dialled']);
  expect(whats(far)).toEqual(['failed']);
});
