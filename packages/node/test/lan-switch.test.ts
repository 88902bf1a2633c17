/**
 * Goal: whom a node finds, dials and accepts is changed while it runs, and nobody who talks with it is cut off.
 * Method: two real nodes in this process, on loopback alone. Waits for what the nodes say.
 */
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connect, type Connection } from '@kith/api/client';
import { asKithError } from '@kith/api/errors';
import type { ApiEvent } from '@kith/api/shapes';
import { keyFileName } from '../src/keychain/choose-keychain.ts';
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

/** What a client of that node hears, from the first event on. */
async function watched(name: string): Promise<{ connection: Connection; heard: ApiEvent[]; until: Until }> {
  const connection = await connect({ target: { data: join(folder, name) }, reconnect: false });
  const heard: ApiEvent[] = [];
  const waiting = new Set<() => void>();
  connection.api.events.follow.subscribe(
    { since: 0 },
    {
      onData: ({ data }) => {
        heard.push(data);
        for (const look of waiting) look();
      },
    },
  );
  const until: Until = (fits) =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!heard.some(fits)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  return { connection, heard, until };
}
type Until = (fits: (event: ApiEvent) => boolean) => Promise<void>;

async function freePort(): Promise<number> {
  return await new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}

const isReachable = ({ event, data }: ApiEvent): boolean => event === 'contact' && data.reachable;
const isText =
  (text: string) =>
  ({ event, data }: ApiEvent): boolean =>
    event === 'message' && data.text === text;

test('links are made anew, commands wait, and whoever watches hears everything once', async () => {
  // Where others look for her: a port of her choice stays hers.
  const ann = await start('Ann', { listen: [`/ip4/127.0.0.1/tcp/${await freePort()}`] });
  await start('Ben', { bootstrap: ann.details().listen });
  const hers = await watched('Ann');
  const his = await watched('Ben');
  const { card } = await hers.connection.api.profile.makeCard.mutate({ once: true });
  await his.connection.api.contacts.add.mutate({ card, name: 'Ann' });
  await his.until(isReachable);
  const before = ann.details().listen;

  const switching = ann.setLan('only');
  // Called in the middle: answered all the same, over the connection that was there.
  const asked = await Promise.all([
    hers.connection.api.profile.get.query(),
    hers.connection.api.contacts.list.query(),
  ]);
  expect([asked[0].name, asked[1].length]).toEqual(['Ann', 1]);
  await switching;
  expect([ann.lan(), ann.details().listen]).toEqual(['only', before]);

  await hers.connection.api.messages.send.mutate({ to: 'Ben', text: 'still here' });
  await his.until(isText('still here'));
  await his.connection.api.messages.send.mutate({ to: 'Ann', text: 'so am I' });
  await hers.until(isText('so am I'));
  const seqs = hers.heard.map(({ seq }) => seq);
  expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, index) => (seqs[0] ?? 0) + index));
  await hers.connection.close();
  await his.connection.close();
});

test('changes one after another, and to what is in force', async () => {
  const ann = await start('Ann');
  const { id } = await ann.execute('status', {});
  await Promise.all([ann.setLan('only'), ann.setLan('off'), ann.setLan('off')]);
  expect(ann.lan()).toBe('off');
  expect((await ann.execute('status', {})).id).toBe(id);
});

test('a keychain that cannot be read by now hinders nothing: the node has its keys', async () => {
  const ann = await start('Ann');
  const { id } = await ann.execute('status', {});
  renameSync(join(folder, 'Ann', keyFileName), join(folder, 'away'));
  await ann.setLan('only');
  expect(ann.lan()).toBe('only');
  renameSync(join(folder, 'away'), join(folder, 'Ann', keyFileName));
  await ann.setLan('off');
  ann.stop();
  await ann.ended;
  expect((await (await start('Ann')).execute('status', {})).id).toBe(id);
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
