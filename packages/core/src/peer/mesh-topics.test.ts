/**
 * Goal: what a node publishes keeps its numbers apart, whatever its clock and its person do; and strangers learn neither
 * which topics it follows nor how many.
 * Method: one Peer, commands by hand, a wall clock that is set back; the topics alone, with one link.
 */
import { expect, test } from 'vitest';
import { nodeAt } from '../../test/discoverer.ts';
import { meshParts } from '../../test/mesh-parts.ts';
import { PeerWorld } from '../../test/peer-world.ts';
import { hex, utf8 } from '../base/bytes.ts';
import type { LinkId } from '../base/ids.ts';
import { createNativeBackend } from '../crypto/native/native-backend.ts';
import { broadcastDefaults } from '../protocol/broadcast/config.ts';
import { linksDefaults } from '../protocol/links/links-contract.ts';
import { overlayDefaults } from '../protocol/overlay/overlay-config.ts';
import { decodeFrame } from '../wire/frame.ts';
import type { Command, Commands } from './contract.ts';
import { MeshTopics, shareOf, topicsMax } from './mesh-topics.ts';
import { Peer } from './peer.ts';

const backend = createNativeBackend();
const topic = '5a'.repeat(16);
const startWallMs = 1_800_000_000_000;

class Bench {
  readonly #peer: Peer;
  #nowMs = 1_000;

  constructor() {
    const node = new PeerWorld(backend, 1).node('alice');
    this.#peer = new Peer({ ...node.parts(), nowMs: this.#nowMs, wallMs: startWallMs });
  }

  command(name: 'follow' | 'unfollow' | 'publish', wallMs: number): Commands['publish']['out'] | undefined {
    const command: Command =
      name === 'follow'
        ? { name, in: { topic, peers: [] } }
        : name === 'unfollow'
          ? { name, in: { topic } }
          : { name, in: { topic, body: utf8('to all') } };
    const outputs = this.#peer.handle({ type: 'command', request: 1, command }, ++this.#nowMs, wallMs);
    const answer = outputs.find((output) => output.type === 'answer');
    expect(answer?.answer.ok, JSON.stringify(answer)).toBe(true);
    return name === 'publish' && answer?.answer.ok === true
      ? (answer.answer.out as Commands['publish']['out'])
      : undefined;
  }
}

test('no number comes twice, nor a lower one, when a topic is left and followed again with the clock set back', () => {
  const bench = new Bench();
  bench.command('follow', startWallMs);
  const first = bench.command('publish', startWallMs)!.sequence;
  expect(bench.command('publish', startWallMs)!.sequence, 'of one row').toBe(first + 1);
  bench.command('unfollow', startWallMs);
  bench.command('follow', startWallMs);
  expect(bench.command('publish', startWallMs)!.sequence, 'at the same moment').toBeGreaterThan(first + 1);
  bench.command('unfollow', startWallMs);
  bench.command('follow', startWallMs);
  expect(bench.command('publish', startWallMs - 3_600_000)!.sequence).toBeGreaterThan(first + 2);
});

test.each([0, 1, 3, 4, 5, 16])(
  'a stranger cannot count the topics: with %i it is shown a power of two',
  (count) => {
    const node = nodeAt(1);
    const { ground, one } = meshParts({
      nonces: () => ({ ours: new Uint8Array(32).fill(1), theirs: new Uint8Array(32).fill(2) }),
    });
    const config = { overlay: overlayDefaults, broadcast: broadcastDefaults };
    const topics = new MeshTopics(ground, config, () => {});
    for (let number = 1; number <= count; number++) topics.follow(new Uint8Array(16).fill(number));
    one.link(node, 'direct', false);
    const up = { remote: node.peer, address: node.address, path: 'direct', dialled: false } as const;
    const link = { type: 'open', link: 1 as LinkId, ...up, purpose: 'neighbour', promoted: false } as const;
    ground.turn.take();
    topics.linkOpen(ground.links.open(link));
    const frames = ground.turn
      .take()
      .flatMap((output) => (output.type === 'send' ? [decodeFrame(output.frame)!] : []));
    const follows = frames.filter((frame) => frame.type === 'follow');
    expect(follows.map((frame) => frame.topics.length)).toEqual([count <= 4 ? 4 : count <= 8 ? 8 : 16]);
    expect(new Set(follows[0]!.topics.map(hex)).size).toBe(follows[0]!.topics.length);
    // As where a link for a question becomes a neighbour's: what stays the same would tell which are ours.
    topics.linkClosed(1 as LinkId);
    topics.linkOpen(ground.links.open({ ...link, promoted: true }));
    const again = ground.turn
      .take()
      .flatMap((output) => (output.type === 'send' ? [decodeFrame(output.frame)!] : []));
    expect(again.filter((frame) => frame.type === 'follow')).toEqual(follows);
  },
);

test('all overlays together leave some of the 64 links to people, and each has three neighbours at least', () => {
  const { activeMax, leavesMax } = overlayDefaults.active;
  for (let count = 1; count <= topicsMax + 1; count++) {
    const share = shareOf(count);
    expect(Math.min(share.activeMax, activeMax) * count).toBeLessThanOrEqual(linksDefaults.linksMax - 4);
    expect(share.activeMax).toBeGreaterThanOrEqual(3);
  }
  const usual = shareOf(2);
  expect(usual.activeMax >= activeMax && usual.leavesMax >= leavesMax, 'one topic costs nothing').toBe(true);
});
