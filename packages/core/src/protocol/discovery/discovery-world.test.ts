/**
 * Goal: whatever comes, in whatever order, the bounds hold, what is over stays over, and nothing unsigned is known.
 * Random streams against a plain model; `SEED=` replays a run that failed.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  backend,
  type Discoverer,
  discoverer,
  entryOf,
  hashingBackend,
  nodeAt,
  type TestNode,
} from '../../../test/discoverer.ts';
import type { PeerId } from '../../base/ids.ts';
import type { Scope } from '../../base/place.ts';
import { seededRandom } from '../../base/random.ts';
import { decodePeerRecord } from '../../crypto/record/peer-record.ts';
import { type DiscoveryConfig, discoveryDefaults } from './contract.ts';
import { convictionsMax } from './convictions.ts';

const fuzzCases = Number(process.env['FUZZ_CASES'] ?? 20_000);
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const by = hashingBackend();
const minuteMs = 60_000;

/** Small enough that a short stream reaches every bound. */
const small: Partial<DiscoveryConfig> = {
  recordTtlMs: 30 * minuteMs,
  shelf: { recordsMax: 24, subnetMax: 4, sourceMax: 8 },
  tombstones: { tombstonesMax: 16, keptMs: 60 * minuteMs },
  table: { ...discoveryDefaults.table, peersMax: 12 },
  intake: { leftMsMin: 10_000, checks: { burst: 20, refillMs: 500 } },
};

/** Four addresses for every node, so that records move between subnets and scopes. */
function placed(node: TestNode, where: number): TestNode {
  const address = ['/ip4/66.66.6.6/tcp/1', node.address, '/ip4/10.1.1.1/tcp/1', '/dns4/a.example.org/tcp/1'];
  return { ...node, address: address[where % 4]! };
}

const nodes = Array.from({ length: 60 }, (_, index) => nodeAt(index, by));
const bringers = Array.from({ length: 6 }, (_, index) => nodeAt(700 + index, by));

interface Step {
  what: number;
  node: number;
  from: number;
  sequence: number;
  where: number;
  seconds: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.nat(11),
  node: fc.nat(59),
  from: fc.nat(5),
  sequence: fc.integer({ min: 1, max: 4 }),
  where: fc.nat(3),
  seconds: fc.nat(4_000),
});

const scopes: readonly Scope[] = ['loopback', 'site', 'global'];

function take(one: Discoverer, each: Step): void {
  const node = placed(nodes[each.node]!, each.where);
  const bringer = bringers[each.from]!;
  const { peer } = node;
  switch (each.what) {
    case 0:
      one.link(node, each.where === 2 ? 'lan' : 'direct', each.sequence > 2);
      return;
    case 1:
      one.do({ type: 'linkClosed', peer, lost: each.sequence > 2 });
      return;
    case 2:
      one.do({ type: each.where > 1 ? 'lanFound' : 'lanLost', peer, addresses: [node.address] });
      return;
    case 3:
      one.do({ type: 'rated', peer, success: each.sequence > 2 });
      return;
    case 4:
      one.runTo(one.nowMs + each.seconds * 1_000);
      return;
    case 5:
      one.do({ type: 'active', peer, on: each.sequence > 2 });
      return;
    default: {
      // Of two kinds of content under one number, so that some nodes equivocate.
      const facts = { sequence: each.sequence, ttlMs: each.what === 6 ? 3_600_000 : 7_200_000 };
      const entry = entryOf(node, { ...facts, remainingSeconds: each.seconds, hops: each.from * 2 }, by);
      if (each.what === 7) entry.record[each.seconds % entry.record.length]! ^= 1 + each.sequence;
      const scope = scopes[each.from % 3]!;
      one.machine.learn([entry], { peer: bringer.peer, scope }, one.nowMs);
    }
  }
}

function checkBounds(one: Discoverer): void {
  const { records, peers, tombstones, proofs } = one.machine.sizes();
  expect(records).toBeLessThanOrEqual(24);
  expect(peers).toBeLessThanOrEqual(12 + 60); // Nodes with a link or on the LAN stay beyond any bound of ours.
  expect(tombstones).toBeLessThanOrEqual(16);
  expect(proofs).toBeLessThanOrEqual(convictionsMax);
}

test('random streams break no bound and no rule', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.array(step, { minLength: 50, maxLength: 150 }), (steps) => {
      const one = discoverer({ ...small, by });
      for (const bringer of bringers.slice(0, 3)) one.link(bringer);
      const before = new Map<PeerId, number>();
      const proven = new Set<PeerId>();
      for (const each of steps) {
        take(one, each);
        const { peer } = nodes[each.node]!;
        for (const output of one.take()) {
          seen.add(output.type);
          if (output.type === 'proof') proven.add(output.peer);
        }
        checkBounds(one);
        for (const held of nodes) {
          const record = one.machine.record(held.peer);
          if (record === undefined) before.delete(held.peer);
          else {
            expect(record.sequence).toBeGreaterThanOrEqual(before.get(held.peer) ?? 0);
            before.set(held.peer, record.sequence);
            expect(proven.has(held.peer)).toBe(false);
          }
        }
        const record = one.machine.record(peer);
        if (record !== undefined) expect(decodePeerRecord(by, record.bytes)).toBeDefined();
        for (const scope of scopes) {
          for (const offered of one.machine.offer([peer], scope, one.nowMs)) {
            expect(offered.hops).toBeGreaterThanOrEqual(1);
            expect(offered.hops).toBeLessThanOrEqual(6);
            expect(offered.remainingSeconds * 1_000).toBeLessThanOrEqual(30 * minuteMs);
            if (scope === 'global') expect(record?.addresses).not.toContain('/ip4/10.1.1.1/tcp/1');
          }
        }
      }
      one.runTo(one.nowMs + 31 * minuteMs);
      expect(one.machine.sizes().records).toBe(0); // Nobody told of anything for longer than a lifetime.
    }),
    { seed, numRuns: Math.max(20, Math.floor(fuzzCases / 200)) },
  );
  expect([...seen].sort(), 'every kind of output occurred').toEqual([
    'forgotten',
    'misbehaved',
    'outlook',
    'proof',
    ...(seen.has('store') ? ['store'] : []),
  ]);
}, 300_000);

test('bytes that are no record, or a damaged one, are never known', () => {
  const valid = entryOf(nodeAt(1)).record;
  const damaged = fc
    .tuple(fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { maxLength: 3 }), fc.nat(3))
    .map(([changes, cut]) => {
      const bytes = valid.slice(0, valid.length - cut);
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      return bytes;
    });
  const checks = { burst: 1_000_000, refillMs: 1 };
  const one = discoverer({ intake: { ...discoveryDefaults.intake, checks } });
  const from = { peer: nodeAt(9).peer, scope: 'global' } as const;
  fc.assert(
    fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 300 })), (record) => {
      const known = one.machine.learn([{ hops: 1, remainingSeconds: 900, record }], from, one.nowMs);
      // Where nothing was changed after all, or only the bytes are back at their old value, it is the record.
      const [peer] = known;
      if (peer !== undefined)
        expect(decodePeerRecord(backend, one.machine.record(peer)!.bytes)).toBeDefined();
    }),
    { seed, numRuns: Math.floor(fuzzCases / 4) },
  );
  expect(one.machine.sizes().records).toBeLessThanOrEqual(1);
}, 300_000);

test('churn: tables stay bounded, dead nodes are gone within their lifetime, records cost the same', () => {
  const random = seededRandom(seed);
  const ttlMs = 20 * minuteMs;
  const one = discoverer({ ...small, recordTtlMs: ttlMs, shelf: discoveryDefaults.shelf, by });
  const friends = [700, 701, 702].map((index) => nodeAt(index, by));
  for (const friend of friends) one.link(friend);
  let next = 0;
  const born = new Map<number, number>();
  const died = new Map<PeerId, number>();
  for (let minute = 0; minute < 240; minute++) {
    while (born.size < 100)
      born.set(next++, one.nowMs + (-Math.log(1 - random.next()) / Math.LN2) * 10 * minuteMs);
    for (const [index, untilMs] of born) {
      if (untilMs > one.nowMs) continue;
      born.delete(index);
      died.set(nodeAt(index, by).peer, one.nowMs);
    }
    // Each minute every friend tells of ten live nodes, which made their records within the last minutes.
    for (const friend of friends) {
      const live = [...born.keys()];
      const told = Array.from({ length: 10 }, () => live[Math.floor(random.next() * live.length)] ?? 0);
      const facts = {
        sequence: Math.floor(minute / 10) + 1,
        ttlMs,
        remainingSeconds: 600 + Math.floor(random.next() * 600),
      };
      const entries = told.map((index) => entryOf(nodeAt(index, by), facts, by));
      one.machine.learn(entries, { peer: friend.peer, scope: 'global' }, one.nowMs);
    }
    one.runTo(one.nowMs + minuteMs);
    expect(one.machine.sizes().records, `SEED=${seed}`).toBeLessThanOrEqual(400);
    for (const { peer } of one.machine.peers(one.nowMs).filter(({ record }) => record !== undefined)) {
      expect(one.nowMs - (died.get(peer) ?? one.nowMs), `SEED=${seed}`).toBeLessThanOrEqual(ttlMs);
    }
  }
  expect(died.size).toBeGreaterThan(1_000);
  expect(one.machine.sizes().tombstones).toBeLessThanOrEqual(16);
}, 300_000);
