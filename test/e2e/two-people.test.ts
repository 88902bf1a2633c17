/**
 * Two people talk, from nothing: real nodes in processes of their own, first on a LAN of two network namespaces
 * without any route out, then over loopback with addresses given.
 */
import type { Peer } from '@kith/api/shapes';
import { afterEach, expect, onTestFailed, test } from 'vitest';
import { skipAloud } from '../skip.ts';
import { createLan, namespacesMissing } from './namespaces.ts';
import { createStage, freePort, type Home, type RunningNode, type Stage } from './node-process.ts';
import {
  askFirst,
  keepHouse,
  knowEachOther,
  talk,
  talkToAbsent,
  waitInVain,
  type Pair,
} from './two-people.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function openStage(): Stage {
  const stage = createStage();
  cleanups.push(stage.clear);
  onTestFailed(() => console.error(stage.report()));
  return stage;
}

/** With no address given. */
function onLan(): Pair {
  const lan = createLan({ hosts: 2, ipv4: true, ipv6: 'link-local' });
  cleanups.push(() => lan.remove());
  const stage = openStage();
  const ann = stage.home('ann', { namespace: lan.hosts[0] });
  const ben = stage.home('ben', { namespace: lan.hosts[1] });
  return { ann, ben, annUp: () => ann.up(), benUp: () => ben.up() };
}

/** With addresses given, and nothing else tried. */
async function onLoopback(): Promise<Pair> {
  const stage = openStage();
  const ann = stage.home('ann');
  const ben = stage.home('ben');
  const [annAddress, benAddress] = [await loopbackAddress(), await loopbackAddress()];
  const given = ['--lan', 'off', '--listen'];
  return {
    ann,
    ben,
    annUp: () => ann.up([...given, annAddress, '--bootstrap', benAddress]),
    benUp: () => ben.up([...given, benAddress, '--bootstrap', annAddress]),
  };
}

async function loopbackAddress(): Promise<string> {
  return `/ip4/127.0.0.1/tcp/${await freePort()}`;
}

/** Both running, and ben's node, which some stories stop. */
async function start(pair: Pair): Promise<{ annNode: RunningNode; benNode: RunningNode }> {
  const [annNode, benNode] = await Promise.all([pair.annUp(), pair.benUp()]);
  return { annNode, benNode };
}

/** Waits for a link of that kind; the event comes as soon as it stands. */
async function untilLinked(home: Home, link: string): Promise<void> {
  const events = await home.follow();
  await events.until(`a ${link} link`, (event) => event.event === 'peer' && event.data.link === link);
  await events.close();
  const peers = await home.list<Peer>(['peers']);
  expect(peers.map((peer) => peer.link)).toContain(link);
}

const missing = namespacesMissing();
if (missing === undefined) {
  test('on a LAN without any route: found, connected, told, kept for the absent', async () => {
    const pair = onLan();
    const { annNode, benNode } = await start(pair);
    await Promise.all([untilLinked(pair.ann, 'lan'), untilLinked(pair.ben, 'lan')]);
    await talk(pair);
    await talkToAbsent(pair, benNode);
    await keepHouse(pair, annNode);
  });

  test('on a LAN: a plain card asks first', async () => {
    const pair = onLan();
    await start(pair);
    await askFirst(pair);
    await knowEachOther(pair);
  });
} else {
  skipAloud('two people on a LAN in two network namespaces', missing);
}

test('over loopback: connected, told, kept for the absent, waited for in vain', async () => {
  const pair = await onLoopback();
  const { annNode, benNode } = await start(pair);
  await talk(pair);
  await talkToAbsent(pair, benNode);
  await keepHouse(pair, annNode);
});

test('over loopback: a wait that ends leaves the message queued', async () => {
  const pair = await onLoopback();
  const { benNode } = await start(pair);
  await talk(pair);
  await waitInVain(pair, benNode);
});

test('over loopback: a plain card asks first; names, safety numbers, blocking, removing', async () => {
  const pair = await onLoopback();
  await start(pair);
  await askFirst(pair);
  await knowEachOther(pair);
});
