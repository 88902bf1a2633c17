/**
 * Goal: nodes find each other, dial no more than they should, and settle on one link each, while links break,
 * nodes restart under new network ids and dials fail.
 * Method: first the rules one by one; then a world of six nodes on a virtual clock, every choice drawn from a
 * seed. Replay one failure with:  SEED=1234 vitest run packages/core/src/protocol/links
 */
import { expect, test } from 'vitest';
import type { LinkId, PeerId } from '../../base/ids.ts';
import { invariant } from '../../base/invariant.ts';
import { type Random, seededKeySource, seededRandom } from '../../base/random.ts';
import { createNativeBackend } from '../../crypto/native/native-backend.ts';
import { decodeFrame, encodeFrame } from '../../wire/frame.ts';
import type { Recognisable } from './acquaintances.ts';
import { Dialling, diallingDefaults, type Taken } from './dialling.ts';
import { Links, linksDefaults, type LinksConfig, type LinksInput, type LinksOutput } from './links.ts';

const backend = createNativeBackend();
const self = 'node-m' as PeerId;
const startMs = 1_000_000;

function machine(config: LinksConfig = linksDefaults): { links: Links; feed: Feed } {
  const crypto = { backend, keys: seededKeySource(seededRandom(1)) };
  const links = new Links(crypto, config, seededRandom(1));
  links.handle({ type: 'listening', self, addresses: ['/ip4/192.0.2.1/tcp/1'] }, startMs);
  return { links, feed: (input, nowMs) => links.handle(input, nowMs).filter(({ type }) => type !== 'send') };
}

type Feed = (input: LinksInput, nowMs: number) => LinksOutput[];

function dials(outputs: LinksOutput[]): Extract<LinksOutput, { type: 'dial' }>[] {
  return outputs.filter((output) => output.type === 'dial');
}

function found(remote: string): LinksInput {
  return {
    type: 'lanFound',
    remote: remote as PeerId,
    addresses: [`/ip4/192.0.2.2/tcp/${remote.length}${remote}`],
  };
}

test('the lower network id dials at once, the higher after a second, neither when a link stands', () => {
  const { links, feed } = machine();
  const lower = dials(feed(found('node-z'), startMs));
  expect(lower).toMatchObject([{ remote: 'node-z', why: 'found on the local network' }]);
  expect(dials(feed(found('node-a'), startMs))).toEqual([]);
  expect(links.nextWakeMs()).toBe(startMs + diallingDefaults.yieldMs);
  expect(dials(feed({ type: 'wake' }, startMs + 999))).toEqual([]);
  expect(dials(feed({ type: 'wake' }, startMs + 1_000))).toMatchObject([{ remote: 'node-a' }]);
  expect(dials(feed(found('node-b'), startMs))).toEqual([]);
  const up = {
    link: 1 as LinkId,
    remote: 'node-b' as PeerId,
    address: '/x',
    path: 'lan',
    dialled: false,
  } as const;
  feed({ type: 'linkUp', ...up }, startMs + 500);
  expect(dials(feed({ type: 'wake' }, startMs + 2_000))).toEqual([]);
});

test('a node with a link is not dialled, whatever its addresses are by now', () => {
  const remotes = new Set(['node-z' as PeerId]);
  const taken = (): Taken => ({ remotes, addresses: new Set(), ids: new Set() });
  const dialling = new Dialling(diallingDefaults, { taken, room: () => true }, seededRandom(1));
  dialling.lanFound('node-z' as PeerId, { addresses: ['/ip4/192.0.2.9/tcp/9'], lower: true }, startMs);
  expect(dialling.dialDue(startMs)).toEqual([]);
  expect(dialling.nextWakeMs()).toBe(Infinity);
  remotes.clear();
  expect(dialling.dialDue(startMs).length).toBe(1);
});

test('a dial ends when the other node was faster, and its place is free again', () => {
  const { feed } = machine();
  for (let round = 0; round < 2; round++) {
    for (let number = 0; number < 8; number++) {
      const remote = `node-z${round}${number}` as PeerId;
      expect(dials(feed(found(remote), startMs)).length, `${round} ${number}`).toBe(1);
      const up = { link: (round * 8 + number) as LinkId, remote, path: 'lan', dialled: false } as const;
      feed({ type: 'linkUp', ...up, address: `/ip4/198.51.100.1/tcp/${number}` }, startMs);
    }
  }
});

test('what failed is tried again after a back-off that doubles to a quarter of an hour', () => {
  const { links, feed } = machine();
  let nowMs = startMs;
  let ceilingMs = diallingDefaults.retryMsMin;
  feed({ type: 'want', id: 'friend', addresses: ['/ip4/203.0.113.1/tcp/1'], why: 'test' }, nowMs);
  let [dial] = dials(feed({ type: 'wake' }, nowMs));
  for (let attempt = 1; attempt < 15; attempt++) {
    expect(dial, `attempt ${attempt}`).toMatchObject({ remote: undefined, why: 'test' });
    feed({ type: 'dialFailed', dial: dial!.dial }, nowMs);
    const waitMs = links.nextWakeMs()! - nowMs;
    expect(waitMs).toBeGreaterThanOrEqual(ceilingMs / 2);
    expect(waitMs).toBeLessThanOrEqual(ceilingMs);
    nowMs += waitMs;
    [dial] = dials(feed({ type: 'wake' }, nowMs));
    ceilingMs = Math.min(ceilingMs * 2, diallingDefaults.retryMsMax);
  }
  feed({ type: 'dialFailed', dial: dial!.dial }, nowMs);
  nowMs += diallingDefaults.retryMsMin;
  expect(dials(feed({ type: 'wake' }, nowMs))).toEqual([]);
  expect(dials(feed({ type: 'hurry' }, nowMs)).length, 'the person acted').toBe(1);
  feed({ type: 'unwant', id: 'friend' }, nowMs);
  feed({ type: 'dialFailed', dial: dial!.dial + 1 }, nowMs);
  expect(links.nextWakeMs()).toBeUndefined();
});

test('new addresses of a want are tried at once, known ones, our own and those under way are not', () => {
  const { feed } = machine();
  const want = (addresses: string[], id = 'friend'): LinksOutput[] => {
    feed({ type: 'want', id, addresses, why: 'test' }, startMs);
    return feed({ type: 'wake' }, startMs);
  };
  expect(dials(want(['/ip4/192.0.2.1/tcp/1', '/ip4/192.0.2.1/tcp/1/p2p/me'])), 'our own').toEqual([]);
  const [dial] = dials(want(['/ip4/192.0.2.1/tcp/1', '/ip4/203.0.113.1/tcp/1']));
  expect(dial?.addresses).toEqual(['/ip4/203.0.113.1/tcp/1']);
  expect(dials(want(['/ip4/203.0.113.1/tcp/1'], 'same address')), 'under way').toEqual([]);
  const up = { link: 1 as LinkId, remote: 'node-a' as PeerId, path: 'direct', dialled: true } as const;
  feed({ type: 'linkUp', ...up, address: '/ip4/203.0.113.1/tcp/1/p2p/node-a' }, startMs);
  expect(dials(feed({ type: 'wake' }, startMs + 9_000)), 'a link leads there').toEqual([]);
});

test('a name that was dialled counts as reached by whatever address it led to', () => {
  const { links, feed } = machine();
  feed({ type: 'want', id: 'start', addresses: ['/dns4/example.org/tcp/1'], why: 'given' }, startMs);
  expect(dials(feed({ type: 'wake' }, startMs)).length).toBe(1);
  const up = { link: 1 as LinkId, remote: 'node-a' as PeerId, path: 'direct', dialled: true } as const;
  feed({ type: 'linkUp', ...up, address: '/ip4/203.0.113.1/tcp/1' }, startMs);
  expect(dials(feed({ type: 'wake' }, startMs + 9_000))).toEqual([]);
  feed({ type: 'linkDown', link: up.link }, startMs + 9_000);
  expect(links.nextWakeMs()).toBeGreaterThan(startMs + 9_000);
  expect(dials(feed({ type: 'wake' }, links.nextWakeMs()!)).length).toBe(1);
});

test('at most eight dials are under way, and one without an answer is given up', () => {
  const { links, feed } = machine();
  for (let number = 0; number < 20; number++) {
    const id = `friend ${number}`;
    feed({ type: 'want', id, addresses: [`/ip4/203.0.113.${number}/tcp/1`], why: 'test' }, startMs);
  }
  expect(dials(feed({ type: 'wake' }, startMs)).length).toBe(8);
  expect(links.nextWakeMs()).toBe(startMs + diallingDefaults.dialMsMax);
  expect(dials(feed({ type: 'wake' }, startMs + diallingDefaults.dialMsMax)).length).toBe(8);
});

test('forged mDNS answers make us neither scan a network nor forget whom we reached', () => {
  const { links, feed } = machine();
  feed(
    {
      type: 'linkUp',
      link: 1 as LinkId,
      remote: 'node-a' as PeerId,
      address: '/x',
      path: 'lan',
      dialled: true,
    },
    startMs,
  );
  feed({ type: 'linkDown', link: 1 as LinkId }, startMs);
  let count = 0;
  for (let number = 0; number < 3_000; number++) {
    for (const { dial } of dials(feed(found(`node-z${number}`), startMs))) {
      count++;
      feed({ type: 'dialFailed', dial }, startMs);
    }
  }
  for (let wake = 0; wake < 400 && links.nextWakeMs()! < startMs + 10_000; wake++) {
    const nowMs = links.nextWakeMs()!;
    for (const { dial } of dials(feed({ type: 'wake' }, nowMs))) {
      count++;
      feed({ type: 'dialFailed', dial }, nowMs);
    }
  }
  expect(count).toBeLessThanOrEqual(
    diallingDefaults.lanDials.burst + 10_000 / diallingDefaults.lanDials.refillMs,
  );
  const peers = links.peers(startMs);
  expect(peers.length).toBeLessThanOrEqual(1_024);
  expect(peers.some(({ remote }) => remote === 'node-a')).toBe(true);
});

test('who sent us away for want of room is left alone for a while', () => {
  const { links, feed } = machine();
  const [dial] = dials(feed(found('node-z'), startMs));
  const up = {
    link: 1 as LinkId,
    remote: 'node-z' as PeerId,
    address: dial!.addresses[0]!,
    path: 'lan',
  } as const;
  feed({ type: 'linkUp', ...up, dialled: true }, startMs);
  feed({ type: 'frame', link: up.link, frame: { type: 'goodbye', reason: 2 } }, startMs);
  expect(links.nextWakeMs()! - startMs).toBeGreaterThanOrEqual(16_000);
});

// The world.

const config: LinksConfig = { ...linksDefaults, linksMax: 4, linksFew: 3, graceMs: 2_000 };
const contacts = [
  [0, 1],
  [0, 2],
  [1, 2],
  [3, 4],
] as const;
const faultsMs = 600_000;
const healMs = 1_200_000;

interface WorldLink {
  ends: [{ node: Node; link: LinkId }, { node: Node; link: LinkId }];
  up: boolean;
}

class Node {
  readonly number: number;
  readonly random: Random;
  starts = 0;
  self = '' as PeerId;
  machine!: Links;
  dials = new Map<number, PeerId | undefined>();
  links = new Map<LinkId, { world: WorldLink; remote: PeerId; ids: Set<string> }>();

  constructor(number: number, random: Random) {
    this.number = number;
    this.random = random;
  }

  get address(): string {
    return `/ip4/192.0.2.${this.number}/tcp/1`;
  }
}

class World {
  readonly trace: string[] = [];
  readonly kinds = new Set<string>();
  readonly #random: Random;
  readonly #nodes: Node[];
  readonly #agenda: { atMs: number; act: () => void }[] = [];
  #nowMs = startMs;
  #nextLink = 1;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.#nodes = Array.from({ length: 6 }, (_, number) => new Node(number, this.#random));
    for (const node of this.#nodes) this.#at(this.#upTo(5_000), () => this.#start(node));
    for (let count = 0; count < 30; count++) this.#at(this.#upTo(faultsMs), () => this.#fault());
    this.#at(faultsMs, () => this.#announceAll());
  }

  run(): void {
    for (let step = 0; this.#nowMs < startMs + healMs; step++) {
      invariant(step < 50_000, 'the world comes to rest');
      this.#agenda.sort((a, b) => a.atMs - b.atMs);
      const atMs = this.#agenda[0]?.atMs ?? Infinity;
      const sleeper = this.#sleeper();
      const wakeMs = sleeper?.machine.nextWakeMs() ?? Infinity;
      if (Math.min(atMs, wakeMs) === Infinity) break;
      this.#nowMs = Math.max(this.#nowMs, Math.min(atMs, wakeMs));
      if (sleeper !== undefined && wakeMs < atMs) this.#feed(sleeper, { type: 'wake' });
      else this.#agenda.shift()!.act();
    }
    this.#checkHealed();
  }

  /** The node that has to be woken first. */
  #sleeper(): Node | undefined {
    const awake = this.#nodes.filter(({ starts }) => starts > 0);
    const due = (node: Node): number => node.machine.nextWakeMs() ?? Infinity;
    return awake.toSorted((a, b) => due(a) - due(b))[0];
  }

  #start(node: Node): void {
    for (const { world } of node.links.values()) this.#break(world);
    node.starts++;
    node.self = `${'zyxabc'[(node.number + node.starts) % 6]}${node.number}.${node.starts}` as PeerId;
    node.dials.clear();
    node.links.clear();
    const crypto = { backend, keys: seededKeySource(this.#random) };
    node.machine = new Links(crypto, config, this.#random);
    this.#feed(node, { type: 'listening', self: node.self, addresses: [node.address] });
    this.#feed(node, { type: 'recognisable', entries: acquaintancesOf(node.number) });
    for (const { id } of acquaintancesOf(node.number)) {
      if (!this.#chance(0.5)) continue;
      const address = `/ip4/192.0.2.${id}/tcp/1`;
      this.#feed(node, { type: 'want', id, addresses: [address], why: 'test' });
    }
    this.#announceAll();
  }

  /** mDNS: everybody hears everybody, sooner or later. */
  #announceAll(): void {
    for (const hearer of this.#nodes) {
      for (const other of this.#nodes) {
        if (hearer === other || other.starts === 0 || hearer.starts === 0) continue;
        const input: LinksInput = { type: 'lanFound', remote: other.self, addresses: [other.address] };
        const start = hearer.starts;
        this.#after(this.#upTo(300), () => {
          if (hearer.starts === start) this.#feed(hearer, input);
        });
      }
    }
  }

  #fault(): void {
    const node = this.#nodes[this.#upTo(this.#nodes.length)]!;
    if (node.starts === 0) return;
    if (this.#chance(0.3)) {
      const gone = node.self;
      this.#start(node);
      for (const other of this.#nodes) {
        if (other !== node && other.starts > 0) this.#feed(other, { type: 'lanLost', remote: gone });
      }
      return;
    }
    const [first] = node.links.values();
    if (first !== undefined) this.#break(first.world);
  }

  #feed(node: Node, input: LinksInput): void {
    for (const output of node.machine.handle(input, this.#nowMs)) this.#carryOut(node, output);
    invariant(node.machine.size <= config.linksMax, 'at most linksMax links');
    invariant(node.dials.size <= config.dialling.dialsMax, 'at most dialsMax dials');
    const wakeMs = node.machine.nextWakeMs() ?? Infinity;
    invariant(input.type !== 'wake' || wakeMs > this.#nowMs, 'what is due was done');
  }

  #carryOut(node: Node, output: LinksOutput): void {
    this.kinds.add(output.type);
    this.trace.push(`${this.#nowMs} ${node.self} ${output.type}`);
    if (output.type === 'dial') this.#dial(node, output);
    if (output.type === 'close') {
      const open = node.links.get(output.link);
      if (open !== undefined) this.#break(open.world);
    }
    if (output.type === 'send') this.#deliver(node, output.link, output.frame);
    if (output.type === 'recognised') {
      const open = node.links.get(output.link)!;
      const other = open.world.ends.find((end) => end.node !== node)!.node;
      invariant(`${other.number}` === output.id, 'recognised as who it is');
      const known = acquaintancesOf(node.number).some(({ id }) => id === output.id);
      invariant(known, 'only contacts are recognised');
      invariant(!open.ids.has(output.id), 'recognised is said once');
      open.ids.add(output.id);
    }
    if (output.type === 'lost') {
      const open = node.links.get(output.link);
      invariant(open === undefined || open.ids.delete(output.id), 'lost is what was recognised');
    }
  }

  #dial(node: Node, output: Extract<LinksOutput, { type: 'dial' }>): void {
    const { dial, remote, addresses } = output;
    const linked = [...node.links.values()].some((open) => open.remote === remote && open.world.up);
    invariant(!linked, 'a node with a link is not dialled');
    invariant(remote === undefined || ![...node.dials.values()].includes(remote), 'no two dials to one node');
    invariant(!addresses.includes(node.address), 'our own address is not dialled');
    node.dials.set(dial, remote);
    const start = node.starts;
    this.#after(5 + this.#upTo(200), () => {
      if (node.starts !== start) return;
      node.dials.delete(dial);
      const target = this.#nodes.find((other) => addresses.includes(other.address));
      const wrong =
        target === undefined || target.starts === 0 || (remote !== undefined && target.self !== remote);
      if (wrong || this.#chance(this.#nowMs < startMs + faultsMs ? 0.3 : 0)) {
        this.#feed(node, { type: 'dialFailed', dial });
      } else this.#connect(node, target);
    });
  }

  #connect(from: Node, to: Node): void {
    const ends: WorldLink['ends'] = [
      { node: from, link: this.#nextLink++ as LinkId },
      { node: to, link: this.#nextLink++ as LinkId },
    ];
    const world: WorldLink = { ends, up: true };
    const [mine, theirs] = ends;
    from.links.set(mine.link, { world, remote: to.self, ids: new Set() });
    to.links.set(theirs.link, { world, remote: from.self, ids: new Set() });
    const common = { type: 'linkUp', path: 'lan' } as const;
    this.#feed(from, { ...common, link: mine.link, remote: to.self, address: to.address, dialled: true });
    const inbound = { ...common, link: theirs.link, remote: from.self, dialled: false };
    if (to.links.has(theirs.link)) this.#feed(to, { ...inbound, address: `${from.address}${mine.link}` });
  }

  #deliver(node: Node, link: LinkId, frame: Uint8Array): void {
    const open = node.links.get(link);
    const other = open?.world.ends.find((end) => end.node !== node);
    if (open === undefined || other === undefined) return;
    // In order: every frame takes the same time.
    this.#after(20, () => {
      const decoded = decodeFrame(frame);
      invariant(decoded !== undefined && encodeFrame(decoded).length === frame.length, 'frames decode');
      if (other.node.links.has(other.link)) {
        this.#feed(other.node, { type: 'frame', link: other.link, frame: decoded });
      }
    });
  }

  #break(world: WorldLink): void {
    if (!world.up) return;
    world.up = false;
    for (const { node, link } of world.ends) {
      const start = node.starts;
      this.#after(30, () => {
        if (node.starts !== start || !node.links.has(link)) return;
        this.#feed(node, { type: 'linkDown', link });
        invariant(node.links.get(link)!.ids.size === 0, 'what was recognised on a link is lost with it');
        node.links.delete(link);
      });
    }
  }

  #checkHealed(): void {
    for (const [a, b] of contacts) {
      const first = this.#nodes[a]!;
      const second = this.#nodes[b]!;
      const seen = first.machine.linksOf(`${b}`).length + second.machine.linksOf(`${a}`).length;
      invariant(seen === 2, `nodes ${a} and ${b} know each other over one link, not ${seen} halves`);
    }
  }

  #at(ms: number, act: () => void): void {
    this.#agenda.push({ atMs: startMs + ms, act });
  }

  #after(ms: number, act: () => void): void {
    this.#agenda.push({ atMs: this.#nowMs + ms, act });
  }

  #chance(probability: number): boolean {
    return this.#random.next() < probability;
  }

  #upTo(limit: number): number {
    return Math.floor(this.#random.next() * limit);
  }
}

function acquaintancesOf(number: number): Recognisable[] {
  return contacts
    .filter((pair) => (pair as readonly number[]).includes(number))
    .map(([a, b]) => {
      const key = new Uint8Array(32).fill(a * 16 + b + 1);
      return { id: `${a === number ? b : a}`, key, lists: true, checks: true };
    });
}

test('six nodes settle on one recognised link per pair of contacts in 100 seeded worlds', () => {
  const only = process.env['SEED'];
  const worlds = Number(process.env['WORLDS'] ?? 100);
  const seeds = only === undefined ? Array.from({ length: worlds }, (_, seed) => seed) : [Number(only)];
  const kinds = new Set<string>();
  for (const seed of seeds) {
    const world = new World(seed);
    try {
      world.run();
    } catch (cause) {
      throw new Error(`replay with SEED=${seed}: ${String(cause)}`, { cause });
    }
    for (const kind of world.kinds) kinds.add(kind);
  }
  if (only !== undefined) return;
  expect([...kinds].toSorted()).toEqual(['close', 'dial', 'lost', 'peer', 'recognised', 'send']);
});

test('a seed replays to the same trace', () => {
  const traces = [new World(7), new World(7)].map((world) => {
    world.run();
    return world.trace;
  });
  expect(traces[0]!.length).toBeGreaterThan(100);
  expect(traces[0]).toEqual(traces[1]);
});
