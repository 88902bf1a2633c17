/** Goal: how near a link is decides what it may be told, so what cannot be read counts as far. */
import { expect, test } from 'vitest';
import type { LinkId, PeerId } from '../base/ids.ts';
import { MeshLinks } from './mesh-links.ts';

test.each([
  ['/ip4/45.1.2.3/tcp/5', 'direct', 'global'],
  ['/ip4/45.1.2.3/tcp/5', 'lan', 'site'],
  ['/ip4/240.1.2.3/tcp/5', 'direct', 'global'],
  ['/ip6/4000::1/tcp/5', 'direct', 'global'],
  ['/unknown', 'relayed', 'global'],
  ['/unknown', 'lan', 'site'],
  ['/ip4/192.168.1.2/tcp/5', 'direct', 'site'],
  ['/ip6zone/eth0/ip6/fe80::7/tcp/5', 'lan', 'site'],
  ['/ip4/127.0.0.1/tcp/5', 'lan', 'loopback'],
] as const)('%s, %s: %s', (address, path, scope) => {
  const opened = { type: 'open', link: 1 as LinkId, remote: 'node-a' as PeerId, dialled: false } as const;
  const link = new MeshLinks().open({ ...opened, address, path, purpose: 'neighbour', promoted: false });
  expect(link.scope).toBe(scope);
});
