/**
 * Goal: of what neighbours say about nodes only the signed, the newest and the near enough is believed, for no longer
 * than its lifetime, and nothing they say costs more than their allowance.
 */
import { expect, test, vi } from 'vitest';
import {
  backend,
  type Discoverer,
  discoverer,
  entryOf,
  hashingBackend,
  nodeAt,
  recordOf,
} from '../../../test/discoverer.ts';
import { decodeProof } from '../../crypto/record/equivocation.ts';
import { discoveryDefaults } from './contract.ts';
import { convictionsMax } from './convictions.ts';
import { RecordShelf } from './record-shelf.ts';

const neighbour = nodeAt(900);
const far = { peer: neighbour.peer, scope: 'global' } as const;
const node = nodeAt(1);

/** One with a link to `neighbour`. */
function linked(settings: Parameters<typeof discoverer>[0] = {}): Discoverer {
  const one = discoverer(settings);
  one.link(neighbour);
  one.take();
  return one;
}

test('a record is taken, offered with what is left of it and one hop more, and ends', () => {
  const one = linked();
  const entry = entryOf(node, { hops: 2, remainingSeconds: 97 });
  expect(one.machine.learn([entry], far, one.nowMs)).toEqual([node.peer]);
  expect(one.machine.candidate(node.peer)).toMatchObject({
    addresses: [node.address],
    scope: 'global',
    lan: false,
  });
  one.nowMs += 40_000;
  const offered = [{ hops: 3, remainingSeconds: 57, record: entry.record }];
  expect(one.machine.offer([node.peer], 'global', one.nowMs)).toEqual(offered);
  one.runTo(one.nowMs + 56_999);
  expect(one.take().filter(({ type }) => type === 'forgotten')).toEqual([]);
  one.runTo(one.nowMs + 1);
  expect(one.machine.record(node.peer)).toBeUndefined();
  expect(one.machine.candidate(node.peer)).toBeUndefined();
  expect(one.take()).toContainEqual({ type: 'forgotten', peer: node.peer });
});

test('a lifetime is the shortest of what its maker, the bringer and our setting allow', () => {
  const ends = (settingMs: number, ttlMs: number, remainingSeconds: number): number => {
    const one = linked({ recordTtlMs: settingMs });
    one.machine.learn([entryOf(node, { ttlMs, remainingSeconds })], far, one.nowMs);
    return one.machine.offer([node.peer], 'global', one.nowMs)[0]?.remainingSeconds ?? 0;
  };
  expect(ends(3_600_000, 7_200_000, 65_535)).toBe(3_600);
  expect(ends(7_200_000, 1_800_000, 65_535)).toBe(1_800);
  expect(ends(7_200_000, 7_200_000, 60)).toBe(60);
  expect(ends(7_200_000, 7_200_000, 9)).toBe(0); // It is not worth taking, and no liar buries a record with it.
});

test('the same record again lives no longer than its lifetime and no shorter, and is not verified again', () => {
  const by = hashingBackend();
  const one = linked({ by });
  const mine = nodeAt(1, by);
  const entry = entryOf(mine, { ttlMs: 100_000, remainingSeconds: 100, hops: 4 }, by);
  one.machine.learn([entry], far, one.nowMs);
  expect(by.verified).toBe(1);
  for (const remainingSeconds of [7_200, 0]) {
    expect(one.machine.learn([{ ...entry, remainingSeconds, hops: 2 }], far, one.nowMs)).toEqual([mine.peer]);
  }
  expect(by.verified).toBe(1);
  expect(one.machine.offer([mine.peer], 'global', one.nowMs)).toMatchObject([
    { hops: 3, remainingSeconds: 100 },
  ]);
});

test('what ended does not come back, a newer one does', () => {
  const one = linked();
  const entry = entryOf(node, { sequence: 7, ttlMs: 60_000, remainingSeconds: 60 });
  one.machine.learn([entry], far, one.nowMs);
  one.runTo(one.nowMs + 60_000);
  const again = { ...entry, remainingSeconds: 7_200 };
  expect(one.machine.learn([again, entryOf(node, { sequence: 6 })], far, one.nowMs)).toEqual([]);
  expect(one.machine.learn([entryOf(node, { sequence: 8 })], far, one.nowMs)).toEqual([node.peer]);
});

test('who brings a record first cannot bury it: others may say that it lasts, up to its lifetime', () => {
  const one = linked();
  const short = entryOf(node, { sequence: 7, ttlMs: 3_600_000, remainingSeconds: 10 });
  const honest = { ...short, remainingSeconds: 1_800 };
  const left = (): number | undefined =>
    one.machine.offer([node.peer], 'global', one.nowMs)[0]?.remainingSeconds;
  const firstMs = one.nowMs;
  one.machine.learn([short], far, one.nowMs);
  one.runTo(firstMs + 5_000);
  one.machine.learn([honest], far, one.nowMs);
  expect(left(), 'while it is held').toBe(1_800);
  one.machine.learn([{ ...short, remainingSeconds: 65_535 }], far, one.nowMs);
  expect(left(), 'never beyond its lifetime from when it first came').toBe(3_595);

  const other = linked();
  other.machine.learn([short], far, other.nowMs);
  other.runTo(other.nowMs + 10_000);
  expect(other.machine.record(node.peer), 'it ended as it was said').toBeUndefined();
  expect(other.machine.learn([entryOf(node, { sequence: 6 })], far, other.nowMs)).toEqual([]);
  expect(other.machine.learn([{ ...short, remainingSeconds: 7_200 }], far, other.nowMs)).toEqual([node.peer]);
  const again = other.machine.offer([node.peer], 'global', other.nowMs);
  expect(again).toMatchObject([{ remainingSeconds: 3_590 }]);
  other.runTo(other.nowMs + 3_590_000);
  expect(other.machine.learn([honest], far, other.nowMs), 'then it is over').toEqual([]);
});

test('the highest number wins, in whatever order they come', () => {
  const one = linked();
  for (const sequence of [5, 9, 2, 8]) one.machine.learn([entryOf(node, { sequence })], far, one.nowMs);
  expect(one.machine.record(node.peer)?.sequence).toBe(9);
  // The node is known, so the older record still names somebody.
  expect(one.machine.learn([entryOf(node, { sequence: 3 })], far, one.nowMs)).toEqual([node.peer]);
});

test('two under one number prove the node wrong: it is dropped, and refused from then on', () => {
  const one = linked();
  const other = { sequence: 4, addresses: ['/ip4/9.9.9.9/tcp/9'] };
  one.machine.learn([entryOf(node, { sequence: 4 })], far, one.nowMs);
  expect(one.machine.learn([entryOf(node, other)], far, one.nowMs)).toEqual([]);
  expect(one.machine.nextWakeMs()).toBe(one.nowMs);
  one.runTo(one.nowMs);
  const proof = one.take().find((output) => output.type === 'proof');
  expect(proof?.peer).toBe(node.peer);
  expect(decodeProof(backend, proof!.proof)).toHaveLength(2);
  expect(one.machine.learn([entryOf(node, { sequence: 99 })], far, one.nowMs)).toEqual([]);
  one.do({ type: 'lanFound', peer: node.peer, addresses: [node.address] });
  expect(one.machine.candidate(node.peer)).toBeUndefined();
});

test('a forged second record under one number convicts nobody', () => {
  const one = linked();
  one.machine.learn([entryOf(node, { sequence: 4 })], far, one.nowMs);
  const forged = recordOf(node, { sequence: 4, addresses: ['/ip4/9.9.9.9/tcp/9'] }).bytes.slice();
  forged[forged.length - 40]! ^= 1;
  const entry = { hops: 1, remainingSeconds: 900, record: forged };
  expect(one.machine.learn([entry], far, one.nowMs)).toEqual([node.peer]);
  one.runTo(one.nowMs);
  expect(one.take()).toEqual([{ type: 'misbehaved', peer: neighbour.peer, reason: 'forged-record' }]);
  expect(one.machine.proofs()).toEqual([]);
});

test('proofs are kept for a bounded number of nodes, the newest', () => {
  const one = linked({ intake: { ...discoveryDefaults.intake, checks: { burst: 1_000, refillMs: 1 } } });
  for (let index = 0; index < convictionsMax + 5; index++) {
    const bad = nodeAt(index);
    const two = [entryOf(bad), entryOf(bad, { addresses: ['/ip4/9.9.9.9/tcp/9'] })];
    one.machine.learn(two, far, one.nowMs);
  }
  expect(one.machine.proofs()).toHaveLength(convictionsMax);
  expect(one.machine.proofs().at(-1)?.peer).toBe(nodeAt(convictionsMax + 4).peer);
  expect(one.machine.proofs().some(({ peer }) => peer === nodeAt(0).peer)).toBe(false);
});

test.each([
  ['a global one from anywhere', '/ip4/11.2.3.4/tcp/1', ['loopback', 'site', 'global']],
  ['one of a site from there only', '/ip4/192.168.1.4/tcp/1', ['loopback', 'site']],
  ['one of this machine from itself only', '/ip4/127.0.0.1/tcp/1', ['loopback']],
  ['IPv6 alike', '/ip6/fd00::7/tcp/1', ['loopback', 'site']],
] as const)('scope: %s', (_, address, from) => {
  for (const scope of ['loopback', 'site', 'global'] as const) {
    const one = linked();
    // A wide address beside the narrow one does not widen it.
    const addresses = [...new Set(['/ip4/11.2.3.4/tcp/1', address])];
    const learned = one.machine.learn([entryOf(node, { addresses })], { ...far, scope }, one.nowMs);
    expect(learned, scope).toEqual(from.some((each) => each === scope) ? [node.peer] : []);
    for (const to of ['loopback', 'site', 'global'] as const) {
      const offered = one.machine.offer([node.peer], to, one.nowMs).length === 1;
      expect(offered, `from ${scope} to ${to}`).toBe(
        learned.length === 1 && from.some((each) => each === to),
      );
    }
  }
});

test('a name in a record is nothing to dial: whoever owns it may have it lead into our own network', () => {
  const one = linked();
  for (const name of ['dns4/printer.example.org', 'dns6/a.example.org', 'dns/192-168-1-1.example.org']) {
    const addresses = [`/${name}/tcp/9100`, '/ip4/11.2.3.4/tcp/1'];
    expect(one.machine.learn([entryOf(node, { addresses })], far, one.nowMs), name).toEqual([]);
    expect(one.machine.learn([entryOf(node, { addresses: addresses.toReversed() })], far, one.nowMs)).toEqual(
      [],
    );
  }
  expect(one.machine.candidate(node.peer)).toBeUndefined();
});

test('scope: what is known already is nothing that somebody further away can name', () => {
  const one = linked();
  const entry = entryOf(node, { addresses: ['/ip4/192.168.1.4/tcp/1'] });
  expect(one.machine.learn([entry], { ...far, scope: 'site' }, one.nowMs)).toEqual([node.peer]);
  expect(one.machine.learn([entry], far, one.nowMs)).toEqual([]);
});

test('hops: beyond the limit a record is used and not passed on; nobody but its maker brings it over none', () => {
  const one = linked({ hopLimit: 2 });
  const offered = (entry: ReturnType<typeof entryOf>, peer = node.peer): number[] => {
    one.machine.learn([entry], far, one.nowMs);
    return one.machine.offer([peer], 'global', one.nowMs).map(({ hops }) => hops);
  };
  expect(offered(entryOf(node, { hops: 255 }))).toEqual([]);
  expect(one.machine.candidate(node.peer)).toBeDefined();
  expect(offered(entryOf(node, { hops: 2 }))).toEqual([]);
  expect(offered(entryOf(node, { hops: 0 }))).toEqual([2]);
  expect(offered(entryOf(neighbour, { hops: 77 }), neighbour.peer)).toEqual([1]);
});

test('signatures are checked up to an allowance; what is beyond is ignored, and known nodes cost nothing', () => {
  const by = hashingBackend();
  const one = linked({ by });
  const { burst, refillMs } = discoveryDefaults.intake.checks;
  const entries = Array.from({ length: burst + 20 }, (_, index) => entryOf(nodeAt(index, by), {}, by));
  expect(one.machine.learn(entries, far, one.nowMs)).toHaveLength(burst);
  expect(by.verified).toBe(burst);
  expect(one.machine.learn(entries.slice(0, burst), far, one.nowMs)).toHaveLength(burst);
  one.nowMs += refillMs * 5;
  expect(one.machine.learn(entries, far, one.nowMs)).toHaveLength(burst + 5);
  expect(by.verified).toBe(burst + 5);
});

test('without allowance nothing is weighed either: on a full shelf that costs more than a signature', () => {
  const by = hashingBackend();
  const one = linked({ by });
  const { burst } = discoveryDefaults.intake.checks;
  const entries = Array.from({ length: burst + 50 }, (_, index) => entryOf(nodeAt(index, by), {}, by));
  const weighed = vi.spyOn(RecordShelf.prototype, 'roomFor');
  one.machine.learn(entries, far, one.nowMs);
  expect(weighed.mock.calls.length).toBe(burst);
  expect(one.machine.sizes().ignored).toBe(50);
  weighed.mockRestore();
});

test('a new link does not bring a new allowance', () => {
  const by = hashingBackend();
  const one = linked({ by });
  const { burst } = discoveryDefaults.intake.checks;
  let next = 0;
  for (let round = 0; round < 4; round++) {
    const entries = Array.from({ length: burst }, () => entryOf(nodeAt(next++, by), {}, by));
    one.machine.learn(entries, far, one.nowMs);
    one.do({ type: 'linkClosed', peer: neighbour.peer, lost: false });
    one.link(neighbour);
  }
  expect(by.verified).toBe(burst);
});

test('our own record, damaged ones and noise are nothing to learn', () => {
  const one = linked();
  const self = nodeAt(1_000_000);
  const { record } = entryOf(node);
  const entries = [record.subarray(1), record.subarray(0, 50), Uint8Array.of(1), recordOf(self).bytes];
  const learned = one.machine.learn(
    entries.map((each) => ({ hops: 0, remainingSeconds: 900, record: each })),
    far,
    one.nowMs,
  );
  expect(learned).toEqual([]);
  expect(one.machine.sizes().records).toBe(0);
});

test('a record does not keep the frame that carried it in memory', () => {
  const one = linked();
  const { record } = entryOf(node);
  const frame = new Uint8Array(60_000);
  frame.set(record, 100);
  const view = frame.subarray(100, 100 + record.length);
  one.machine.learn([{ hops: 1, remainingSeconds: 900, record: view }], far, one.nowMs);
  expect(one.machine.record(node.peer)?.bytes.buffer.byteLength).toBe(record.length);
});
