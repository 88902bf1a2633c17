/** Whom to dial, when and how often: the rules one by one. The world they live in: links-world.test.ts. */
import { expect, test } from 'vitest';
import type { LinkId, PeerId } from '../../base/ids.ts';
import { seededKeySource, seededRandom } from '../../base/random.ts';
import { createNativeBackend } from '../../crypto/native/native-backend.ts';
import type { Taken } from './dial-target.ts';
import { Dialling } from './dialling.ts';
import { diallingDefaults } from './dialling-config.ts';
import { Links } from './links.ts';
import { linksDefaults, type LinksConfig, type LinksInput, type LinksOutput } from './links-contract.ts';

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
  expect(lower).toMatchObject([{ remote: 'node-z', why: 'lan' }]);
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
  const taken = (): Taken => ({
    has: (remote) => remotes.has(remote),
    leads: () => false,
    recognises: () => false,
    question: () => undefined,
  });
  const dialling = new Dialling(diallingDefaults, { taken, room: () => true }, seededRandom(1));
  dialling.lanFound('node-z' as PeerId, { addresses: ['/ip4/192.0.2.9/tcp/9'], lower: true }, startMs);
  expect(dialling.dialDue(startMs)).toEqual([]);
  expect(dialling.nextWakeMs()).toBe(Infinity);
  remotes.clear();
  dialling.linksChanged();
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
  feed({ type: 'want', id: 'friend', addresses: ['/ip4/203.0.113.1/tcp/1'], why: 'bootstrap' }, nowMs);
  let [dial] = dials(feed({ type: 'wake' }, nowMs));
  for (let attempt = 1; attempt < 15; attempt++) {
    expect(dial, `attempt ${attempt}`).toMatchObject({ remote: undefined, why: 'bootstrap' });
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

test('some wants are hurried and the others wait on', () => {
  const { feed } = machine();
  for (const [number, id] of ['anchor/0', 'friend'].entries()) {
    const addresses = [`/ip4/203.0.113.${number}/tcp/1`];
    feed({ type: 'want', id, addresses, why: 'bootstrap' }, startMs);
  }
  let nowMs = startMs;
  for (let round = 0; round < 200; round++) {
    nowMs += diallingDefaults.retryMsMin;
    for (const { dial } of dials(feed({ type: 'wake' }, nowMs))) feed({ type: 'dialFailed', dial }, nowMs);
  }
  nowMs += diallingDefaults.retryMsMin;
  expect(dials(feed({ type: 'wake' }, nowMs))).toEqual([]);
  const hurried = dials(feed({ type: 'hurry', wants: ['anchor/'] }, nowMs));
  expect(hurried.map(({ addresses }) => addresses)).toEqual([['/ip4/203.0.113.0/tcp/1']]);
});

test('new addresses of a want are tried at once, known ones, our own and those under way are not', () => {
  const { feed } = machine();
  const want = (addresses: string[], id = 'friend'): LinksOutput[] => {
    feed({ type: 'want', id, addresses, why: 'bootstrap' }, startMs);
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
  feed({ type: 'want', id: 'start', addresses: ['/dns4/example.org/tcp/1'], why: 'bootstrap' }, startMs);
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
    feed({ type: 'want', id, addresses: [`/ip4/203.0.113.${number}/tcp/1`], why: 'bootstrap' }, startMs);
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
  expect(links.nodes).toBeLessThanOrEqual(1_024);
  expect(links.addressesOf('node-a' as PeerId)).toEqual(['/x']);
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
