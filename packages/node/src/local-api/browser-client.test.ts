/** The browser's client before the real local API: it comes back by itself, and repeats nothing. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { connectBrowser, type BrowserConnection, type ConnectionState } from '@kith/api/browser-client';
import { connect } from '@kith/api/client';
import { asKithError } from '@kith/api/errors';
import type { ApiEvent } from '@kith/api/shapes';
import { BrowserLike } from '../../test/browser-like.ts';
import { FakeNode } from '../../test/fake-node.ts';
import { startLocalApi, type LocalApi } from './local-api.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

interface World {
  dataDir: string;
  node: FakeNode;
  api: LocalApi;
  browser: BrowserLike;
}

/** @param before - The world whose node starts anew. */
async function start(before?: World, port: 'kept' | number = 'kept'): Promise<World> {
  const dataDir = before?.dataDir ?? mkdtempSync(join(tmpdir(), 'kith-browser-'));
  if (before === undefined) cleanups.push(() => rmSync(dataDir, { recursive: true, force: true }));
  const node = before?.node ?? new FakeNode(dataDir);
  const api = await startLocalApi({ handle: node, dataDir, port, log: () => undefined });
  cleanups.push(api.stop);
  return { dataDir, node, api, browser: before?.browser ?? new BrowserLike() };
}

function connection({ api, browser }: World): BrowserConnection {
  const made = connectBrowser(browser.page(api.url ?? ''));
  cleanups.push(made.close);
  return made;
}

interface Watched {
  line: BrowserConnection;
  /** Opened by it, the newest last. */
  sockets: WebSocket[];
  /** Calls that went out over them. */
  sent: { id: unknown; params: { path: string } }[];
}

function watched({ api, browser }: World): Watched {
  const page = browser.page(api.url ?? '');
  const sockets: Watched['sockets'] = [];
  const sent: Watched['sent'] = [];
  const opened = (socket: WebSocket): void => void sockets.push(socket);
  const line = connectBrowser({
    ...page,
    WebSocket: class extends page.WebSocket {
      constructor(...address: ConstructorParameters<typeof WebSocket>) {
        super(...address);
        opened(this);
      }
      override send(data: string): void {
        // Beside calls there are pings.
        if (/^[[{]/.test(data)) sent.push(...[JSON.parse(data)].flat());
        super.send(data);
      }
    },
  });
  cleanups.push(line.close);
  return { line, sockets, sent };
}

async function signIn({ api, browser }: World): Promise<void> {
  await browser.open(api.webLink() ?? '');
}

async function becomes(line: BrowserConnection, state: ConnectionState): Promise<void> {
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (line.state() !== state) return;
      stop();
      resolve();
    };
    const stop = line.watch(look);
    look();
  });
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  const failure: unknown = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  return failure === undefined ? 'no failure' : asKithError(failure).code;
}

/** Follows from `since`; each call of the result waits for the next event. */
function followed(line: BrowserConnection, since: number): () => Promise<ApiEvent> {
  const events: ApiEvent[] = [];
  const waiting: ((event: ApiEvent) => void)[] = [];
  line.api.events.follow.subscribe(
    { since },
    {
      onData: ({ data }) => {
        const wake = waiting.shift();
        if (wake === undefined) events.push(data);
        else wake(data);
      },
    },
  );
  return async () => events.shift() ?? (await new Promise<ApiEvent>((resolve) => waiting.push(resolve)));
}

test('a call made before the connection stands waits for it', async () => {
  const world = await start();
  await signIn(world);
  const line = connection(world);
  expect(line.state()).toBe('connecting');
  expect((await line.api.profile.get.query()).name).toBe('Ada');
  expect(line.state()).toBe('connected');
});

test('signed out until the link is opened, then connected by itself', async () => {
  const world = await start();
  const line = connection(world);
  const early = codeOf(line.api.profile.get.query());
  await becomes(line, 'signed-out');
  expect(await early).toBe('unauthorised');
  expect(await codeOf(line.api.profile.get.query())).toBe('unauthorised');
  await signIn(world);
  line.retryNow();
  await becomes(line, 'connected');
});

test('the node dies and comes back: the same browser is let in, and the stream goes on where it was', async () => {
  const world = await start();
  await signIn(world);
  const line = connection(world);
  await becomes(line, 'connected');
  const bob = world.node.addContact('Bob');
  const next = followed(line, 0);
  world.node.receive(bob, 'one');
  expect((await next()).seq).toBe(1);
  const { url } = world.api;
  await world.api.stop();
  await becomes(line, 'no-node');
  world.node.receive(bob, 'while away');
  const again = await start(world);
  expect(again.api.url).toBe(url);
  line.retryNow();
  expect((await next()).seq).toBe(2);
  world.node.receive(bob, 'three');
  expect((await next()).seq).toBe(3);
});

test('a call under way fails when the node goes, and is not made again', async () => {
  const world = await start();
  await signIn(world);
  const line = connection(world);
  await becomes(line, 'connected');
  const bob = world.node.addContact('Bob');
  const gate = Promise.withResolvers<void>();
  const called = world.node.until(() => world.node.calls.some(({ name }) => name === 'send'));
  world.node.hold = gate.promise;
  const sending = codeOf(line.api.messages.send.mutate({ to: bob.id, text: 'once' }));
  await called;
  world.browser.cut();
  expect(await sending).toBe('no-node');
  gate.resolve();
  await becomes(line, 'connected');
  expect((await line.api.profile.get.query()).name).toBe('Ada');
  expect(world.node.calls.filter(({ name }) => name === 'send').length).toBe(1);
});

test('a mutation is on its way at once, in order, and its answer is nobody else’s', async () => {
  const world = await start();
  await signIn(world);
  const { line, sockets, sent } = watched(world);
  await line.api.profile.get.query();
  sent.length = 0;
  const bob = world.node.addContact('Bob');
  const called = [
    line.api.messages.send.mutate({ to: bob.id, text: 'Hello' }),
    line.api.profile.setName.mutate({ name: 'Eve' }),
  ] as const;
  const refused = codeOf(line.api.profile.setName.mutate({ name: '' }));
  const queries = [line.api.contacts.list.query(), line.api.profile.get.query()] as const;
  expect(sent.map(({ params }) => params.path)).toEqual([
    'messages.send',
    'profile.setName',
    'profile.setName',
  ]);
  expect((await queries[0]).map(({ name }) => name)).toEqual(['Bob']);
  expect(await queries[1]).toMatchObject({ id: 'kith1own' });
  expect(new Set(sent.map(({ id }) => id)).size).toBe(5);
  expect(await called[1]).toMatchObject({ id: 'kith1own' });
  expect(await refused).toBe('bad-name');
  expect(await called[0]).toHaveProperty('state');
  expect(world.node.name).toBe('Eve');
  // The page is gone with its connection, in the same moment.
  const last = codeOf(line.api.profile.setName.mutate({ name: 'Last' }));
  sockets.at(-1)?.close(1001);
  expect(await last).toBe('no-node');
  await becomes(line, 'connected');
  await line.api.profile.get.query();
  expect(world.node.name).toBe('Last');
});

test('what is called while the connection closes fails, and the next connection stands', async () => {
  const world = await start();
  await signIn(world);
  const { line, sockets } = watched(world);
  await line.api.profile.get.query();
  const states: ConnectionState[] = [];
  line.watch(() => states.push(line.state()));
  sockets.at(-1)?.close(1001);
  expect(line.state()).toBe('connected');
  expect(await codeOf(line.api.profile.get.query())).toBe('no-node');
  expect(await codeOf(line.api.profile.setName.mutate({ name: 'Late' }))).toBe('no-node');
  // At once, and not when the end is told: tRPC's client would have opened another connection by then, of which one ends later.
  expect(line.state()).toBe('connected');
  await becomes(line, 'no-node');
  await becomes(line, 'connected');
  for (let round = 0; round < 3; round += 1) await line.api.profile.get.query();
  expect(states).toEqual(['no-node', 'connected']);
  expect(sockets.map(({ readyState }) => readyState === WebSocket.OPEN)).toEqual([false, true]);
  expect(world.node.name).toBe('Ada');
});

test('what is called while the node is away fails at once and never arrives', async () => {
  const world = await start();
  await signIn(world);
  const line = connection(world);
  await becomes(line, 'connected');
  await world.api.stop();
  await becomes(line, 'no-node');
  expect(await codeOf(line.api.profile.setName.mutate({ name: 'Late' }))).toBe('no-node');
  await start(world);
  line.retryNow();
  await becomes(line, 'connected');
  await line.api.profile.get.query();
  expect(world.node.name).toBe('Ada');
});

test('signing a browser out ends its connections at once, and no other', async () => {
  const world = await start();
  await signIn(world);
  const line = connection(world);
  await becomes(line, 'connected');
  const other = { ...world, browser: new BrowserLike() };
  await signIn(other);
  const bystander = connection(other);
  await becomes(bystander, 'connected');
  const listed = await line.api.node.browsers.query();
  expect(listed.map(({ name, current }) => [name, current])).toEqual([
    ['Firefox, Linux', false],
    ['Firefox, Linux', true],
  ]);
  const own = listed.find(({ current }) => current)?.id ?? '';
  expect(await line.api.node.signOut.mutate({ id: own })).toEqual({ signedOut: true });
  await becomes(line, 'signed-out');
  expect(bystander.state()).toBe('connected');
  expect((await bystander.api.node.browsers.query()).length).toBe(1);
  expect(await bystander.api.node.signOut.mutate({ id: own })).toEqual({ signedOut: false });
});

test('a dozen tabs of one browser, and two browsers', async () => {
  const world = await start();
  await signIn(world);
  const tabs = Array.from({ length: 12 }, () => connection(world));
  // The first to ask is handed the key; the others find it in the storage that they share.
  for (const tab of tabs) {
    tab.retryNow();
    await becomes(tab, 'connected');
  }
  const other = { ...world, browser: new BrowserLike() };
  await signIn(other);
  await becomes(connection(other), 'connected');
});

test('signed in at another port meanwhile, a window says so, and both are let in again by links of their own', async () => {
  const world = await start();
  await signIn(world);
  const line = connection(world);
  await becomes(line, 'connected');
  await world.api.stop();
  // The cookie of there takes the place of the one of here: cookies know no ports.
  const elsewhere = await start(world, 0);
  await signIn(elsewhere);
  await becomes(connection(elsewhere), 'connected');
  await elsewhere.api.stop();
  const back = await start(world);
  expect(back.api.url).toBe(world.api.url);
  const cookies = back.browser.cookieHeader();
  line.retryNow();
  await becomes(line, 'signed-out');
  expect(back.browser.cookieHeader(), 'the cookie serves the other port still').toBe(cookies);
  await signIn(back);
  line.retryNow();
  await becomes(line, 'connected');
});

test('closed, it stays so', async () => {
  const world = await start();
  await signIn(world);
  const line = connection(world);
  await becomes(line, 'connected');
  line.close();
  expect(line.state()).toBe('closed');
  expect(await codeOf(line.api.profile.get.query())).toBe('no-node');
});

test('a browser cannot remove a PIN that it does not know; a program of the owner can', async () => {
  const world = await start();
  await signIn(world);
  const line = connection(world);
  await becomes(line, 'connected');
  expect((await line.api.lock.setPin.mutate({ pin: '2468' })).hasPin).toBe(true);
  expect(await codeOf(line.api.lock.forgetPin.mutate())).toBe('unauthorised');
  expect((await line.api.settings.get.query()).hasPin).toBe(true);
  const program = await connect({ target: { data: world.dataDir }, reconnect: false });
  expect((await program.api.lock.forgetPin.mutate()).hasPin).toBe(false);
  await program.close();
  expect((await line.api.settings.get.query()).hasPin).toBe(false);
});
