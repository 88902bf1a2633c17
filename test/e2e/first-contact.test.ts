/**
 * What a person sees while the first contact is made, between real nodes: how far it has come and why it comes no further,
 * people on the same local network, and a node that dies and comes back.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { ApiClient } from '@kith/api/client';
import type { Nearby, Reach } from '@kith/api/settings-shapes';
import { afterEach, expect, onTestFailed, test } from 'vitest';
import { skipAloud } from '../skip.ts';
import { contactOf, untilConnected } from './conversation.ts';
import { within } from './deadline.ts';
import { createLan, namespacesMissing } from './namespaces.ts';
import { createStage, freePort, type Home, type Stage } from './node-process.ts';

/** How often a person's screen asks. */
const askEveryMs = 100;

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

async function apiOf(home: Home): Promise<ApiClient> {
  return (await home.connect()).api;
}

/** Asks again, as a screen does, until the answer fits. */
async function until<Answer>(
  what: string,
  ask: () => Promise<Answer>,
  fits: (answer: Answer) => boolean,
): Promise<Answer> {
  const asking = async (): Promise<Answer> => {
    for (;;) {
      const answer = await ask();
      if (fits(answer)) return answer;
      await pause(askEveryMs);
    }
  };
  return await within(asking(), what);
}

test('an address where nobody is, then theirs: refused, asked, connected', async () => {
  const stage = openStage();
  const [ann, ben] = [stage.home('ann'), stage.home('ben')];
  const port = await freePort();
  const annArgs = ['--lan', 'off', '--listen', `/ip4/127.0.0.1/tcp/${port}`];
  const first = await ann.up(annArgs);
  const { card } = await ann.json<{ card: string }>(['card']);
  await first.stop();
  await ben.up(['--lan', 'off', '--listen', '/ip4/127.0.0.1/tcp/0']);
  const api = await apiOf(ben);

  const preview = await api.contacts.preview.query({ card });
  expect(preview).toMatchObject({ once: false, addresses: 1, contact: null });
  expect(await api.contacts.list.query(), 'a preview adds nobody').toEqual([]);
  const { contacted } = await api.network.doctor.query();
  expect(contacted, 'and dials nobody').toEqual([]);

  const { id } = await api.contacts.add.mutate({ card, name: 'ann' });
  expect(id).toBe(preview.id);
  const reach = async (): Promise<Reach> => await api.contacts.reach.query({ contact: 'ann' });
  const held = await until('a cause', reach, ({ cause }) => cause !== null);
  expect(held).toMatchObject({ step: 'dialling', addresses: 1, cause: 'refused' });

  await ann.up(annArgs);
  await until('the request is with them', reach, ({ step }) => step === 'asked');
  const annApi = await apiOf(ann);
  await until(
    'it arrives',
    async () => await annApi.contacts.list.query(),
    (list) => list[0]?.state === 'incoming',
  );
  const events = await ben.follow();
  await ann.json(['accept', 'ben']);
  await untilConnected(events, 'ann');
  expect(await reach()).toMatchObject({ step: 'connected', cause: null });

  // In one room: each scans the other's screen.
  const { code } = await annApi.contacts.verify.mutate({ contact: 'ben' });
  expect(await api.contacts.verify.mutate({ contact: 'ann', scanned: code })).toMatchObject({
    verified: true,
  });
  expect((await contactOf(ben, 'ann')).verified).toBe(true);
});

test('another node has their address by now', async () => {
  const stage = openStage();
  const [ann, ben, eve] = [stage.home('ann'), stage.home('ben'), stage.home('eve')];
  const at = ['--lan', 'off', '--listen', `/ip4/127.0.0.1/tcp/${await freePort()}`];
  const first = await ann.up(at);
  const { card } = await ann.json<{ card: string }>(['card']);
  await first.stop();
  await eve.up(at);
  await ben.up(['--lan', 'off', '--listen', '/ip4/127.0.0.1/tcp/0']);
  const api = await apiOf(ben);
  await api.contacts.add.mutate({ card, name: 'ann' });
  const reach = async (): Promise<Reach> => await api.contacts.reach.query({ contact: 'ann' });
  expect(await until('a cause', reach, ({ cause }) => cause !== null)).toMatchObject({
    cause: 'somebody-else',
  });
});

const missing = namespacesMissing();
if (missing !== undefined) skipAloud('people on the same local network', missing);
else {
  test('people on the same local network: only who chose it, at once, also after a death, until they choose otherwise', async () => {
    const lan = createLan({ hosts: 2, ipv4: true, ipv6: 'link-local' });
    cleanups.push(() => lan.remove());
    const stage = openStage();
    const ann = stage.home('ann', { namespace: lan.hosts[0] });
    const ben = stage.home('ben', { namespace: lan.hosts[1] });
    const [annNode] = await Promise.all([ann.up(), ben.up()]);
    const benApi = await apiOf(ben);
    const nearby = async (): Promise<Nearby[]> => await benApi.network.nearby.query();
    await until(
      'a link',
      async () => await benApi.network.peers.query(),
      (peers) => peers.some((peer) => peer.link === 'lan'),
    );
    expect(await nearby()).toEqual([]);
    await (await apiOf(ann)).settings.set.mutate({ lanVisible: true });
    const [seen] = await until('ann is offered', nearby, (people) => people.length > 0);
    expect(seen).toMatchObject({ name: 'ann', hue: null });

    // It dies without a word, comes back, and is offered without being told to.
    await annNode.child.kill('SIGKILL');
    await until('she is gone', nearby, (people) => people.length === 0);
    const { ready } = await ann.up();
    const rows = await until(
      'she is back',
      async () => await ben.list<Nearby>(['nearby']),
      (people) => people.length > 0,
    );
    expect(rows).toEqual([{ id: ready.id, name: 'ann', card: expect.any(String) as string }]);

    await ben.json(['add', rows[0]!.card]);
    const annApi = await apiOf(ann);
    await until(
      'she is asked',
      async () => await annApi.contacts.list.query(),
      (list) => list[0]?.state === 'incoming',
    );
    const events = await ben.follow();
    await ann.json(['accept', 'ben']);
    await untilConnected(events, 'ann');
    expect(await nearby(), 'a contact is in the list of contacts').toEqual([]);
    await ben.json(['remove', 'ann']);
    await until('a stranger again', nearby, (people) => people.length === 1);
    await annApi.settings.set.mutate({ lanVisible: false });
    await until('she is offered no longer', nearby, (people) => people.length === 0);
  });
}
