/** Goal: strangers who call and hang up do not have us write to the disk as often as they like. */
import { expect, test } from 'vitest';
import { strangers } from '../../test/acquainted.ts';
import type { PeerId } from '../base/ids.ts';
import { createNativeBackend } from '../crypto/native/native-backend.ts';
import { PeerNews, peerNewsDefaults } from './peer-news.ts';
import { Turn } from './turn.ts';

test('of a thousand callers in a minute a few are written down, of each its going too', () => {
  const { world, alice } = strangers(createNativeBackend(), 1);
  world.run(10_000);
  const told: string[] = [];
  let writes = 0;
  world.watchers.push((node, output) => {
    if (node !== alice) return;
    if (output.type === 'store') writes += 1;
    if (output.type === 'event' && output.row.event === 'peer') told.push(output.row.data);
  });
  for (let number = 0; number < 1_000; number++) {
    const link = world.newLink();
    const address = `/ip4/${20 + (number % 80)}.1.1.1/tcp/1`;
    const remote = `peer-${number}` as PeerId;
    alice.input({ type: 'linkUp', link, remote, address, path: 'direct', dialled: false });
    alice.input({ type: 'linkDown', link, reason: 'closed' });
    world.run(60);
  }
  const { burst, refillMs } = peerNewsDefaults.far;
  const most = burst + Math.ceil(60_000 / refillMs);
  expect(told.length).toBeGreaterThan(0);
  expect(told.length).toBeLessThanOrEqual(most * 2);
  expect(told.filter((each) => each.includes('"none"'))).toHaveLength(told.length / 2);
  expect(writes).toBeLessThanOrEqual(told.length + 10);
});

test('a node whose coming was not told does not go; callers from afar hide nobody on the LAN', () => {
  const turn = new Turn(0);
  turn.begin(1_000_000, 1_000_000);
  const news = new PeerNews(turn, {
    near: { burst: 1, refillMs: 1_000 },
    far: { burst: 1, refillMs: 1_000 },
  });
  const seen = (): number => turn.take().filter(({ type }) => type === 'event').length;
  news.changed('peer-a' as PeerId, 'direct');
  news.changed('peer-b' as PeerId, 'direct');
  news.changed('peer-b' as PeerId, 'none');
  expect(seen()).toBe(1);
  news.changed('peer-c' as PeerId, 'lan');
  news.changed('peer-a' as PeerId, 'none');
  expect(seen()).toBe(2);
});
