/**
 * Goal: what a node publishes keeps its numbers apart, whatever its clock and its person do.
 * Method: one Peer, commands by hand, a wall clock that is set back.
 */
import { expect, test } from 'vitest';
import { PeerWorld } from '../../test/peer-world.ts';
import { utf8 } from '../base/bytes.ts';
import { createNativeBackend } from '../crypto/native/native-backend.ts';
import type { Command, Commands } from './contract.ts';
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
