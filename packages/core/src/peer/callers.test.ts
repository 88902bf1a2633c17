/** Goal: strangers who call and hang up, each time as somebody else, keep us from nobody. */
import { expect, test } from 'vitest';
import { strangers } from '../../test/acquainted.ts';
import { nodeAt } from '../../test/discoverer.ts';
import type { PeerOutput } from './contract.ts';
import { encodeFrame } from '../wire/frame.ts';
import { createNativeBackend } from '../crypto/native/native-backend.ts';

test('after thousands of callers a node heard on the LAN is dialled and known', () => {
  const { world, alice } = strangers(createNativeBackend(), 1);
  world.announce();
  world.run(10_000);
  for (let number = 0; number < 1_100; number++) {
    const link = world.newLink();
    const { peer: remote, address } = nodeAt(10_000 + number);
    alice.input({ type: 'linkUp', link, remote, address, path: 'direct', dialled: false });
    const nonce = new Uint8Array(32).fill(7);
    const hello = encodeFrame({ type: 'hello', major: 1, minor: 1, nonce, purpose: 'neighbour' });
    alice.input({ type: 'frame', link, frame: hello });
    alice.input({ type: 'linkDown', link, reason: 'closed' });
    world.run(60);
  }
  const dials: Extract<PeerOutput, { type: 'dial' }>[] = [];
  world.watchers.push((node, output) => {
    if (node === alice && output.type === 'dial') dials.push(output);
  });
  const friend = nodeAt(1);
  const addresses = ['/ip4/192.168.1.4/tcp/4001'];
  alice.input({ type: 'lanFound', remote: friend.peer, addresses });
  world.run(10_000);
  expect(dials.some(({ remote }) => remote === friend.peer)).toBe(true);
  expect(alice.execute('peers', {}).map(({ id }) => id)).toContain(friend.peer);
});
