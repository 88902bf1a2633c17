/** Server and client as twins, over a real Unix socket and a real loopback WebSocket, before a double of the node. */
import { lstatSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { connect, type Connection } from '@kith/api/client';
import { asKithError } from '@kith/api/errors';
import type { ApiEvent } from '@kith/api/shapes';
import type { ConversationId, MessageId, PersonId } from '@kith/core/base/ids';
import type { EventRow } from '@kith/core/base/store';
import { KithError } from '@kith/core/base/errors';
import { FakeNode } from '../../test/fake-node.ts';
import { fakePeer } from '../../test/fake-views.ts';
import { follow } from './events.ts';
import { startLocalApi, type LocalApi } from './local-api.ts';

interface World {
  dataDir: string;
  node: FakeNode;
  api: LocalApi;
  log: { code: string; detail: Record<string, string | number> }[];
}

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function start(world?: Pick<World, 'dataDir' | 'node'>): Promise<World> {
  const dataDir = world?.dataDir ?? mkdtempSync(join(tmpdir(), 'kith-api-'));
  const node = world?.node ?? new FakeNode(dataDir);
  const log: World['log'] = [];
  const api = await startLocalApi({
    handle: node,
    dataDir,
    port: 0,
    log: (code, detail) => log.push({ code, detail }),
  });
  if (world === undefined) cleanups.push(() => rmSync(dataDir, { recursive: true, force: true }));
  cleanups.push(api.stop);
  return { dataDir, node, api, log };
}

async function client(world: World, reconnect = false): Promise<Connection> {
  const connection = await connect({ target: { data: world.dataDir }, reconnect });
  cleanups.push(connection.close);
  return connection;
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  const failure: unknown = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  return failure === undefined ? 'no failure' : asKithError(failure).code;
}

interface Followed {
  next(): Promise<ApiEvent>;
  stop(): void;
}

function followed(connection: Connection, since: number): Followed {
  const events: ApiEvent[] = [];
  const waiting: ((event: ApiEvent) => void)[] = [];
  const subscription = connection.api.events.follow.subscribe(
    { since },
    {
      onData: ({ data }) => {
        const wake = waiting.shift();
        if (wake === undefined) events.push(data);
        else wake(data);
      },
    },
  );
  const next = async (): Promise<ApiEvent> =>
    events.shift() ?? (await new Promise<ApiEvent>((resolve) => waiting.push(resolve)));
  return { next, stop: () => subscription.unsubscribe() };
}

test('the socket is its owner’s alone and goes away with the node', async () => {
  const { dataDir, api } = await start();
  expect(lstatSync(join(dataDir, 'node.sock')).mode & 0o777).toBe(0o600);
  await api.stop();
  expect(await codeOf(connect({ target: { data: dataDir }, reconnect: false }))).toBe('no-node');
});

test('a stale socket of a killed node is replaced; a living one is not', async () => {
  const world = await start();
  expect(
    await codeOf(
      startLocalApi({ handle: world.node, dataDir: world.dataDir, port: undefined, log: () => 0 }),
    ),
  ).toBe('profile-in-use');
  await world.api.stop();
  writeFileSync(join(world.dataDir, 'node.sock'), '');
  const again = await start(world);
  expect((await (await client(again)).api.profile.get.query()).name).toBe('Ada');
});

test('a loopback port in use is said so, and the socket is not left behind', async () => {
  const first = await start();
  const port = Number(new URL(first.api.url ?? '').port);
  const dataDir = mkdtempSync(join(tmpdir(), 'kith-api-'));
  cleanups.push(() => rmSync(dataDir, { recursive: true, force: true }));
  const second = startLocalApi({ handle: new FakeNode(dataDir), dataDir, port, log: () => 0 });
  expect(await codeOf(second)).toBe('port-in-use');
  expect(await codeOf(connect({ target: { data: dataDir }, reconnect: false }))).toBe('no-node');
});

test('every call answers in the shape of the contract', async () => {
  const world = await start();
  const { api } = await client(world);
  world.node.peerViews.push(fakePeer());
  world.node.addresses.push({ address: '/ip4/192.0.2.7/tcp/4001', why: 'contact', atWallMs: 0 });

  expect(await api.node.status.query()).toMatchObject({
    id: 'kith1own',
    url: world.api.url,
    pid: process.pid,
    data: world.dataDir,
    startedAt: '2026-01-02T03:04:05.000Z',
    lastSeq: 0,
  });
  expect(await api.profile.get.query()).toEqual({
    id: 'kith1own',
    name: 'Ada',
    fingerprint: '1234 5678',
    hue: null,
  });
  expect((await api.profile.setName.mutate({ name: 'Grace' })).name).toBe('Grace');
  expect(await api.profile.makeCard.mutate({ once: true, expiresInMs: 1_000 })).toEqual({
    card: 'mesh://add?p=once',
    short: 'mesh://add?p=short',
    expiresAt: '2026-01-02T03:04:06.000Z',
  });
  expect(await api.contacts.add.mutate({ card: 'mesh://add?p=plain', name: 'Bob' })).toEqual({
    id: 'kith1bob',
    name: 'Bob',
    claimedName: 'Bob',
    hue: null,
    state: 'requested',
    verified: false,
    keyChanged: false,
    reachable: false,
    lastSeen: null,
    greeting: '',
    conversation: expect.stringMatching(/^[0-9a-z]{26}$/) as string,
    expected: false,
  });
  expect((await api.contacts.accept.mutate({ contact: 'Bob' })).state).toBe('connected');
  expect((await api.contacts.block.mutate({ contact: 'Bob' })).state).toBe('blocked');
  expect((await api.contacts.unblock.mutate({ contact: 'Bob' })).state).toBe('connected');
  expect((await api.contacts.rename.mutate({ contact: 'Bob', name: 'Rob' })).name).toBe('Rob');
  expect(await api.contacts.verify.mutate({ contact: 'Rob' })).toMatchObject({
    verified: false,
    code: 'OUR CODE',
  });
  expect((await api.contacts.verify.mutate({ contact: 'Rob', scanned: 'THEIR CODE' })).verified).toBe(true);
  expect((await api.contacts.unverify.mutate({ contact: 'Rob' })).verified).toBe(false);
  expect(await api.contacts.preview.query({ card: 'mesh://add?p=once' })).toEqual({
    id: 'kith1bob',
    fingerprint: '5678 1234',
    expiresAt: '9999-12-31T23:59:59.999Z',
    once: true,
    addresses: 2,
    contact: 'Rob',
  });
  const sent = await api.messages.send.mutate({ to: 'Rob', text: 'hello', ttlMs: 60_000 });
  expect(sent.state).toBe('stored');
  world.node.advance(sent.id, 'delivered');
  expect(await api.messages.history.query({ conversation: 'Rob', limit: 10 })).toEqual([
    {
      id: sent.id,
      conversation: sent.conversation,
      from: 'kith1own',
      direction: 'out',
      text: 'hello',
      sentAt: '2026-01-02T03:04:05.001Z',
      receivedAt: null,
      state: 'delivered',
      reason: null,
      expiresAt: null,
      position: 1,
      replyTo: null,
      editedAt: null,
      deleted: false,
      reactions: [],
      changePending: false,
    },
  ]);
  expect((await api.messages.search.query({ words: 'hell', limit: 5 })).length).toBe(1);
  const detail = await api.messages.get.query({ id: sent.id });
  expect(detail).toMatchObject({ to: 'kith1bob', reason: null, expiresAt: null });
  expect(detail.ledger.map((entry) => entry.state)).toEqual(['stored', 'delivered']);
  expect(Object.keys((await api.network.peers.query())[0] ?? {}).toSorted()).toEqual([
    'addresses',
    'id',
    'lastSeen',
    'link',
    'record',
    'score',
    'view',
  ]);
  world.node.nearbyViews.push({
    id: 'kith1eve' as PersonId,
    name: 'Eve',
    hue: undefined,
    card: 'mesh://add?p=eve',
  });
  expect(await api.network.nearby.query()).toEqual([
    { id: 'kith1eve', name: 'Eve', hue: null, card: 'mesh://add?p=eve' },
  ]);
  expect(await api.contacts.reach.query({ contact: 'Rob' })).toEqual({
    step: 'connected',
    addresses: 2,
    failures: 1,
    cause: null,
  });
  const doctor = await api.network.doctor.query();
  expect(doctor.ok).toBe(true);
  expect(doctor.contacted).toEqual([
    {
      address: '/ip4/192.0.2.7/tcp/4001',
      reason: 'contact',
      why: 'where a contact was last, or says to be',
      at: '1970-01-01T00:00:00.000Z',
    },
  ]);
  expect((await api.node.logs.query({ lines: 1 })).lines).toEqual(['{"code":"two"}']);
  expect((await api.contacts.remove.mutate({ contact: 'Rob' })).state).toBe('removed');
  expect(await api.contacts.list.query()).toEqual([]);
  expect(await api.node.stop.mutate()).toEqual({ stopping: true });
});

test('failures carry a code of the table and its sentence', async () => {
  const world = await start();
  const { api } = await client(world);
  const error: unknown = await api.contacts.add.mutate({ card: 'x' }).catch((failure: unknown) => failure);
  expect(asKithError(error)).toMatchObject({ code: 'bad-card', message: new KithError('bad-card').message });
  expect(await codeOf(api.contacts.block.mutate({ contact: 'nobody' }))).toBe('unknown-contact');
});

test('an unexpected failure tells nothing and stands in the log', async () => {
  const world = await start();
  const { api } = await client(world);
  world.node.failure = new RangeError('secret-marker');
  const error: unknown = await api.profile.get.query().catch((failure: unknown) => failure);
  expect(asKithError(error).code).toBe('internal');
  expect(JSON.stringify([asKithError(error).message, world.log])).not.toContain('secret-marker');
  expect(world.log).toContainEqual({
    code: 'api-error',
    detail: { call: 'profile.get', kind: 'INTERNAL_SERVER_ERROR', cause: 'RangeError' },
  });
});

test('wrong input is refused by name without repeating it', async () => {
  const world = await start();
  const { api } = await client(world);
  const huge = 'secret-marker'.repeat(12_000);
  const error: unknown = await api.messages.send
    .mutate({ to: 'Bob', text: huge })
    .catch((failure: unknown) => failure);
  expect(asKithError(error).code).toBe('usage');
  expect(asKithError(error).message).toBe('The call was not understood. text: too big.');
  expect(await codeOf(api.messages.history.query({ conversation: 'Bob', limit: 201 }))).toBe('usage');
  expect(world.node.calls).toEqual([]);
});

test('events: stored ones first, then live, none twice', async () => {
  const world = await start();
  const bob = world.node.addContact('Bob');
  for (let index = 0; index < 450; index++) world.node.receive(bob, `old ${index}`);
  const stream = followed(await client(world), 100);
  for (let seq = 101; seq <= 450; seq++) expect((await stream.next()).seq).toBe(seq);
  world.node.receive(bob, 'new');
  expect(await stream.next()).toMatchObject({
    seq: 451,
    event: 'message',
    data: { text: 'new', direction: 'in' },
  });
  stream.stop();
});

test('what an event of a conversation does not say is null: rows of before lack what was added since', async () => {
  const world = await start();
  const [id, gone] = ['a'.repeat(26) as ConversationId, 'b'.repeat(26) as MessageId];
  world.node.emit('conversation', { id, what: 'cleared' });
  world.node.emit('conversation', { id, what: 'cleared', messages: [gone] });
  const stream = followed(await client(world), 0);
  expect((await stream.next()).data).toEqual({ id, what: 'cleared', messages: null });
  expect((await stream.next()).data).toEqual({ id, what: 'cleared', messages: [gone] });
  stream.stop();
});

test('events go on after the node was away, from the last one received', async () => {
  const world = await start();
  const bob = world.node.addContact('Bob');
  const connection = await client(world, true);
  const stream = followed(connection, 0);
  world.node.receive(bob, 'one');
  expect((await stream.next()).seq).toBe(1);
  await world.api.stop();
  world.node.receive(bob, 'while away');
  const again = await start(world);
  expect((await stream.next()).seq).toBe(2);
  again.node.receive(bob, 'three');
  expect((await stream.next()).seq).toBe(3);
});

test('the end of a stream frees its place and its subscription', async () => {
  const world = await start();
  const connection = await client(world);
  world.node.receive(world.node.addContact('Bob'), 'one');
  for (let round = 0; round < 20; round++) {
    const stream = followed(connection, 0);
    expect((await stream.next()).seq).toBe(1);
    stream.stop();
  }
  await connection.close();
  await world.api.stop();
  await world.node.until(() => world.node.listenerCount === 0);
});

test('a reader who does not keep up is served from the disk, and nothing piles up', async () => {
  const node = new FakeNode('/nowhere');
  const bob = node.addContact('Bob');
  const end = new AbortController();
  const stream = follow(node, 0, { signal: end.signal, drained: async () => await Promise.resolve() });
  node.receive(bob, 'first');
  expect((await stream.next()).value?.seq).toBe(1);
  const second = stream.next();
  node.receive(bob, 'second');
  expect((await second).value?.seq).toBe(2);
  const before = node.calls.length;
  // Nobody reads now: nothing is asked for.
  for (let index = 0; index < 1_500; index++) node.receive(bob, `text ${index}`);
  expect(node.calls.length).toBe(before);
  for (let seq = 3; seq <= 1_502; seq++) expect((await stream.next()).value?.seq).toBe(seq);
  end.abort();
  expect((await stream.next()).done).toBe(true);
  expect(node.listenerCount).toBe(0);
});

test('an event that this version does not know is skipped', async () => {
  const node = new FakeNode('/nowhere');
  const stranger: EventRow = { seq: 1, atWallMs: 0, event: 'notice', data: '{"kind":"from the future"}' };
  node.rows.push(stranger, { ...stranger, seq: 2, data: '{' });
  node.receive(node.addContact('Bob'), 'known');
  const end = new AbortController();
  const stream = follow(node, 0, { signal: end.signal, drained: async () => await Promise.resolve() });
  expect((await stream.next()).value?.seq).toBe(3);
  end.abort();
  await stream.return();
});

test('since beyond the newest event counts as the newest', async () => {
  const world = await start();
  const bob = world.node.addContact('Bob');
  world.node.receive(bob, 'one');
  const stream = followed(await client(world), 999);
  await world.node.until(() => world.node.listenerCount === 1);
  world.node.receive(bob, 'two');
  expect((await stream.next()).seq).toBe(2);
});

test('the loopback WebSocket serves the same calls to a program with the token', async () => {
  const { api } = await start();
  const connection = await connect({ target: { url: api.url ?? '', token: api.token }, reconnect: false });
  cleanups.push(connection.close);
  expect((await connection.api.profile.get.query()).name).toBe('Ada');
  const wrong = connect({ target: { url: api.url ?? '', token: 'wrong' }, reconnect: false });
  expect(await codeOf(wrong)).toBe('unauthorised');
});

test('a conversation is cleared up to the message that is named, else of all that it has', async () => {
  const world = await start();
  const bob = world.node.addContact('Bob');
  world.node.receive(bob, 'one');
  const { api } = await client(world);
  const [{ id: conversation } = { id: '' }] = await api.conversations.list.query();
  await api.conversations.clear.mutate({ conversation, upTo: 300 });
  await api.conversations.clear.mutate({ conversation });
  const asked = world.node.calls.filter(({ name }) => name === 'clear').map(({ input }) => input);
  expect(asked).toEqual([
    { conversation, rest: { after: 0, upTo: 300 } },
    { conversation, rest: undefined },
  ]);
});
