/** Goal: what comes of carrying out an output of an overlay waits until the outputs before it are carried out. */
import { expect, test } from 'vitest';
import { entryOf, nodeAt } from '../../test/discoverer.ts';
import { meshParts } from '../../test/mesh-parts.ts';
import type { LinkId } from '../base/ids.ts';
import { broadcastDefaults } from '../protocol/broadcast/config.ts';
import { overlayDefaults } from '../protocol/overlay/overlay-config.ts';
import { everybody, MeshTopics } from './mesh-topics.ts';

test('a link that ends while an overlay takes it as a neighbour is one first and then no longer', () => {
  const node = nodeAt(1);
  const [first, second] = [1 as LinkId, 2 as LinkId];
  const told: boolean[] = [];
  const { ground, one } = meshParts({
    drive: (input) => {
      // As where the links machine finds another link dead just now.
      if (input.type === 'hold' && !input.on) topics.linkClosed(second);
    },
    tell: (input) => {
      if (input.type === 'active') told.push(input.on);
    },
  });
  const { links } = ground;
  const config = { overlay: overlayDefaults, broadcast: broadcastDefaults };
  const topics = new MeshTopics(ground, config, () => {});
  one.link(node, 'direct', false);
  const up = { remote: node.peer, address: node.address, path: 'direct', dialled: false } as const;
  for (const link of [first, second]) {
    topics.linkOpen(links.open({ type: 'open', link, ...up, purpose: 'neighbour', promoted: false }));
    const records = [entryOf(node)];
    topics.onOverlayFrame(link, { type: 'neighbour', topic: everybody, wish: 'ask', records });
  }
  expect(told).toEqual([true, false, true, false]);
});
