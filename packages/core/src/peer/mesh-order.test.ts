/** Goal: what comes of carrying out an output of an overlay waits until the outputs before it are carried out. */
import { expect, test } from 'vitest';
import { discoverer, entryOf, nodeAt } from '../../test/discoverer.ts';
import type { LinkId } from '../base/ids.ts';
import { seededKeySource, seededRandom } from '../base/random.ts';
import { createNativeBackend } from '../crypto/native/native-backend.ts';
import { broadcastDefaults } from '../protocol/broadcast/config.ts';
import { overlayDefaults } from '../protocol/overlay/overlay-config.ts';
import { MeshLinks } from './mesh-links.ts';
import { everybody, MeshTopics } from './mesh-topics.ts';
import { Turn } from './turn.ts';

test('a link that ends while an overlay takes it as a neighbour is one first and then no longer', () => {
  const crypto = { backend: createNativeBackend(), keys: seededKeySource(seededRandom(1)) };
  const turn = new Turn(0);
  const one = discoverer();
  turn.begin(one.nowMs, one.nowMs);
  const self = nodeAt(1_000_000);
  const node = nodeAt(1);
  const links = new MeshLinks();
  const [first, second] = [1 as LinkId, 2 as LinkId];
  const told: boolean[] = [];
  const topics: MeshTopics = new MeshTopics(
    {
      crypto,
      random: seededRandom(1),
      turn,
      networkKey: self.keys,
      self: self.peer,
      links,
      discovery: one.machine,
      drive: (input) => {
        // As where the links machine finds another link dead just now.
        if (input.type === 'hold' && !input.on) topics.linkClosed(second);
      },
      tell: (input) => {
        if (input.type === 'active') told.push(input.on);
      },
      reach: () => true,
      dismiss: () => {},
      known: () => {},
      nonces: () => undefined,
    },
    { overlay: overlayDefaults, broadcast: broadcastDefaults },
    () => {},
  );
  one.link(node, 'direct', false);
  const up = { remote: node.peer, address: node.address, path: 'direct', dialled: false } as const;
  for (const link of [first, second]) {
    topics.linkOpen(links.open({ type: 'open', link, ...up, purpose: 'neighbour', promoted: false }));
    const records = [entryOf(node)];
    topics.onOverlayFrame(link, { type: 'neighbour', topic: everybody, wish: 'ask', records });
  }
  expect(told).toEqual([true, false, true, false]);
});
