/**
 * Goal: whom a node finds, dials and accepts is changed while it runs, and nobody who talks with it is cut off.
 * Method: two real nodes in this process, on loopback alone. Waits for what the nodes say.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connect } from '@kith/api/client';
import { asKithError } from '@kith/api/errors';
import type { ApiEvent } from '@kith/api/shapes';
import { createNode, type RunningNode } from '../src/main.ts';

let folder = '';
const nodes: RunningNode[] = [];

beforeEach(() => {
  vi.stubEnv('KITH_KEYCHAIN', 'file');
  folder = mkdtempSync(join(tmpdir(), 'kith-lan-switch-'));
});
afterEach(async () => {
  for (const node of nodes.splice(0)) {
    node.stop();
    await node.ended;
  }
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

async function start(
  name: string,
  more: { listen?: string[]; bootstrap?: string[] } = {},
): Promise<RunningNode> {
  const node = await createNode({
    data: join(folder, name),
    name,
    port: undefined,
    listen: ['/ip4/127.0.0.1/tcp/0'],
    lan: 'off',
    bootstrap: [],
    serveUrl: false,
    ...more,
  });
  nodes.push(node);
  return node;
}

/** Resolves with the first event that fits, stored or yet to come. */
async function event(node: RunningNode, fits: (event: ApiEvent) => boolean, since = 0): Promise<ApiEvent> {
  return await new Promise((resolve) => {
    const end = node.subscribe(since, (row) => {
      const found = {
        seq: row.seq,
        at: '',
        event: row.event,
        data: JSON.parse(row.data) as unknown,
      } as ApiEvent;
      if (!fits(found)) return;
      setImmediate(() => end());
      resolve(found);
    });
  });
}

async function freePort(): Promise<number> {
  return await new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}

const reachable = ({ event: kind, data }: ApiEvent): boolean => kind === 'contact' && data.reachable;
const text = (node: RunningNode, words: string, since: number): Promise<ApiEvent> =>
  event(node, ({ event: kind, data }) => kind === 'message' && data.text === words, since);

test('links are made anew, commands wait, and whoever watches hears everything once', async () => {
  // Where others look for her: a port of her choice stays hers.
  const ann = await start('Ann', { listen: [`/ip4/127.0.0.1/tcp/${await freePort()}`] });
  const ben = await start('Ben', { bootstrap: ann.details().listen });
  const { card } = await ann.execute('makeCard', { once: true, expiresInMs: undefined });
  await ben.execute('add', { card, name: 'Ann' });
  await event(ben, reachable);

  const connection = await connect({ target: { data: join(folder, 'Ann') }, reconnect: false });
  const heard: number[] = [];
  connection.api.events.follow.subscribe({ since: 0 }, { onData: ({ data }) => heard.push(data.seq) });
  const before = ann.details().listen;

  const switching = ann.setLan('only');
  // Called in the middle: answered all the same, over the connection that was there.
  const asked = await Promise.all([connection.api.profile.get.query(), connection.api.contacts.list.query()]);
  expect(asked[0].name).toBe('Ann');
  expect(asked[1].length).toBe(1);
  await switching;
  expect(ann.lan()).toBe('only');
  expect(ann.details().listen).toEqual(before);

  const since = ben.lastEventSeq();
  await ann.execute('send', { to: 'Ben', text: 'still here', ttlMs: undefined });
  await text(ben, 'still here', since);
  await ben.execute('send', { to: 'Ann', text: 'so am I', ttlMs: undefined });
  const last = await text(ann, 'so am I', 0);
  const { lastSeq } = await connection.api.node.status.query();
  expect(lastSeq).toBeGreaterThanOrEqual(last.seq);
  while (heard.at(-1) !== ann.lastEventSeq()) await new Promise((resolve) => setImmediate(resolve));
  expect(heard).toEqual(Array.from({ length: heard.length }, (_, index) => (heard[0] ?? 0) + index));
  await connection.close();
});

test('changes one after another, and to what is in force', async () => {
  const ann = await start('Ann');
  const { id } = await ann.execute('status', {});
  await Promise.all([ann.setLan('only'), ann.setLan('off'), ann.setLan('off')]);
  expect(ann.lan()).toBe('off');
  expect((await ann.execute('status', {})).id).toBe(id);
});

test('where neither the new network nor the one before can start, the node says so and ends', async () => {
  const port = await freePort();
  const ann = await start('Ann', { listen: [`/ip4/127.0.0.1/tcp/${port}`] });
  // Another program takes the port in the moment in which the node has none.
  const thief = createServer();
  const taken = new Promise<void>((resolve) => thief.once('listening', resolve));
  const grab = (): void => {
    thief.once('error', () => setImmediate(grab));
    thief.listen(port, '127.0.0.1');
  };
  grab();
  const failed = ann.setLan('only').catch((error: unknown) => asKithError(error).code);
  await taken;
  expect(await failed).toBe('port-in-use');
  // It could not come back either: the node says so and ends.
  expect((await ann.ended)?.code).toBe('port-in-use');
  nodes.splice(0);
  await new Promise((resolve) => thief.close(resolve));
});
