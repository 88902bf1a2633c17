/** The real network against neighbours that keep no rule. The hostile side is plain libp2p or a raw socket. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createNativeBackend } from '@kith/core/crypto/native/native-backend';
import { noise } from '@libp2p/noise';
import type { Connection, Libp2p, Stream } from '@libp2p/interface';
import { tcp } from '@libp2p/tcp';
import { yamux } from '@libp2p/yamux';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import { WebSocket } from 'ws';
import { afterEach, expect, test } from 'vitest';
import type { PeerId } from '@kith/core/base/ids';
import { NetworkRecorder } from '../../test/network-recorder.ts';
import { readEndpoint } from './addresses.ts';
import { encodeGreeting } from './greeting.ts';
import {
  frameBytesMax,
  frameMsMax,
  inboundFramesBurstMax,
  inboundPendingPerHostMax,
  inboundSocketsMax,
  linkProtocol,
  majorsProtocol,
} from './limits.ts';
import { Gate } from './gate.ts';
import { Links } from './links.ts';
import { createNetwork } from './network.ts';
import { startNode } from './node.ts';

const ends: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

async function victim(
  listen = ['/ip4/127.0.0.1/tcp/0'],
): Promise<NetworkRecorder & { network: ReturnType<typeof createNetwork> }> {
  const network = createNetwork({
    lan: 'off',
    listen,
    port: undefined,
    crypto: createNativeBackend(),
    log: () => {},
  });
  const events = Object.assign(new NetworkRecorder(), { network });
  ends.push(() => network.stop());
  await network.start(events);
  return events;
}

async function stranger(): Promise<Libp2p> {
  const node = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
  });
  ends.push(async () => node.stop());
  return node;
}

function port(address: string | undefined): number {
  return readEndpoint(address ?? '')?.port ?? 0;
}

function frame(bytes: Uint8Array, length = bytes.length): Uint8Array {
  return Uint8Array.of(length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255, ...bytes);
}

const greeting = frame(encodeGreeting({ type: 'greeting', turn: 1 }));

/** A link to the victim that plain libp2p made by the rules. */
async function hostileLink(events: NetworkRecorder): Promise<{ stream: Stream; connection: Connection }> {
  const node = await stranger();
  const connection = await node.dial(multiaddr(events.addresses[0]!));
  const stream = await connection.newStream(linkProtocol);
  stream.send(greeting);
  await events.next('linkUp');
  return { stream, connection };
}

/** The victim still does its work: an honest network links it and gets a frame through. */
async function stillWell(events: NetworkRecorder, from = '127.0.0.1'): Promise<void> {
  const honest = await victim([`/ip4/${from}/tcp/0`]);
  const frames = events.all('frame').length;
  honest.network.dial(1, events.self, events.addresses, 'test');
  const [, link] = await honest.next('linkUp');
  honest.network.send(link, 'message', Uint8Array.of(7), undefined);
  await events.next('frame', frames + 1);
}

async function gone(socket: Socket): Promise<void> {
  socket.on('error', () => undefined);
  socket.resume();
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
}

test('a taken port gets a sentence that names it', async () => {
  const first = await victim();
  const taken = port(first.addresses[0]);
  const second = createNetwork({
    lan: 'off',
    listen: [`/ip4/127.0.0.1/tcp/${taken}`],
    port: undefined,
    crypto: createNativeBackend(),
    log: () => {},
  });
  await expect(second.start(new NetworkRecorder())).rejects.toMatchObject({
    code: 'port-in-use',
    message: `Port ${taken} is taken by another program. Stop it, or choose another port with --listen.`,
  });
  await second.stop();
});

test.each([
  'nonsense',
  '/ip4/127.0.0.1',
  '/ip4/1.2.3.4/udp/4001',
  '/dns4/example.org/tcp/1',
  '/ip4/192.0.2.250/tcp/0',
])('an address nobody can listen on gets a sentence: %s', async (address) => {
  const network = createNetwork({
    lan: 'off',
    listen: [address],
    port: undefined,
    crypto: createNativeBackend(),
    log: () => {},
  });
  await expect(network.start(new NetworkRecorder())).rejects.toMatchObject({ code: 'bad-address' });
  await network.stop();
});

test('another major is refused, and the reason is said', async () => {
  const node = await stranger();
  await node.handle('/kith/2.0.0', () => undefined);
  await node.handle(majorsProtocol, (stream) => {
    stream.send(Uint8Array.of(2));
    void stream.close();
  });
  const events = await victim();
  events.network.dial(4, undefined, [node.getMultiaddrs()[0]!.toString()], 'test');
  expect(await events.next('dialFailed')).toEqual(['dialFailed', 4, 'not-kith']);
  expect(events.network.troubles()).toMatchObject([
    { code: 'other-version', detail: 'A node nearby speaks Kith 2; this one speaks Kith 1.' },
  ]);
});

test('libp2p that speaks no Kith, and a server that speaks no libp2p, are not Kith', async () => {
  const node = await stranger();
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
  }).listen(0, '127.0.0.1');
  ends.push(async () => server.close());
  await once(server, 'listening');
  const { port: serverPort } = server.address() as AddressInfo;
  const events = await victim();
  events.network.dial(1, undefined, [node.getMultiaddrs()[0]!.toString()], 'test');
  events.network.dial(2, undefined, [`/ip4/127.0.0.1/tcp/${serverPort}`], 'test');
  await events.next('dialFailed', 2);
  expect(events.all('dialFailed').map(([, , code]) => code)).toEqual(['not-kith', 'not-kith']);
  expect(events.network.troubles()).toEqual([]);
});

test('a stranger is shown two protocols, no address and no name', async () => {
  const events = await victim();
  const node = await stranger();
  const connection = await node.dial(multiaddr(events.addresses[0]!));
  for (const probe of [
    '/ipfs/id/1.0.0',
    '/ipfs/id/push/1.0.0',
    '/ipfs/ping/1.0.0',
    '/ipfs/kad/1.0.0',
    '/libp2p/autonat/1.0.0',
  ]) {
    await expect(connection.newStream(probe)).rejects.toMatchObject({ name: 'UnsupportedProtocolError' });
  }
});

test.each([
  ['a length of zero', Uint8Array.of(0, 0, 0, 0), 'frame-empty'],
  ['a length of 65,537', Uint8Array.of(0, 1, 0, 1, 5), 'frame-too-long'],
  ['a length of 4 GiB', Uint8Array.of(255, 255, 255, 255), 'frame-too-long'],
])('%s ends the link', async (_, bytes, reason) => {
  const events = await victim();
  const { stream } = await hostileLink(events);
  stream.send(frame(Uint8Array.of(1, 2, 3)));
  stream.send(bytes);
  expect((await events.next('linkDown'))[2]).toBe(reason);
  expect(events.all('frame').map(([, , got]) => got)).toEqual([Uint8Array.of(1, 2, 3)]);
  await stillWell(events);
});

test.each([
  ['no greeting', frame(Uint8Array.of(9, 9))],
  ['an answer nobody asked for', frame(encodeGreeting({ type: 'accept', turn: 1 }))],
  ['a greeting too long', frame(new Uint8Array(frameBytesMax))],
])('a stream that begins with %s makes no link', async (_, bytes) => {
  const events = await victim();
  const node = await stranger();
  const connection = await node.dial(multiaddr(events.addresses[0]!));
  const stream = await connection.newStream(linkProtocol);
  const closed = new Promise((resolve) => connection.addEventListener('close', resolve));
  stream.send(bytes);
  await closed;
  expect(events.all('linkUp')).toEqual([]);
  await stillWell(events);
});

test('a second greeting of the same peer replaces its link: it has lost the first', async () => {
  const events = await victim();
  const node = await stranger();
  const address = multiaddr(events.addresses[0]!);
  const first = await node.dial(address);
  (await first.newStream(linkProtocol)).send(greeting);
  await events.next('linkUp');
  const second = await node.dial(address, { force: true });
  (await second.newStream(linkProtocol)).send(frame(encodeGreeting({ type: 'greeting', turn: 2 })));
  await events.next('linkUp', 2);
  expect(events.all('linkDown').map(([, link, reason]) => [link, reason])).toEqual([
    [1, 'replaced by a newer link'],
  ]);
  expect([...events.links.keys()]).toEqual([2]);
});

test('a greeting that was overtaken is refused and changes nothing', async () => {
  const events = await victim();
  const node = await stranger();
  const address = multiaddr(events.addresses[0]!);
  const first = await node.dial(address);
  (await first.newStream(linkProtocol)).send(frame(encodeGreeting({ type: 'greeting', turn: 9 })));
  await events.next('linkUp');
  const late = await node.dial(address, { force: true });
  const closed = new Promise((resolve) => late.addEventListener('close', resolve));
  (await late.newStream(linkProtocol)).send(frame(encodeGreeting({ type: 'greeting', turn: 9 })));
  await closed;
  expect([...events.links.keys()]).toEqual([1]);
  expect(events.all('linkDown')).toEqual([]);
});

test('a frame that dribbles in is cut when its time is over, and not before', async () => {
  const events = new NetworkRecorder();
  let links: Links | undefined;
  const { libp2p, listening } = await startNode(
    { listen: ['/ip4/127.0.0.1/tcp/0'], networkKey: undefined, crypto: createNativeBackend() },
    new Gate(false),
    async (prepared) => {
      const made = new Links(prepared.peerId.toString() as PeerId, {
        events,
        path: () => 'lan',
        linked: () => undefined,
      });
      links = made;
      await prepared.handle(linkProtocol, (stream, connection) => made.incoming(stream, connection));
    },
  );
  ends.push(async () => libp2p.stop());
  events.addresses = listening;
  const { stream } = await hostileLink(events);
  for (const byte of frame(Uint8Array.of(1, 2))) stream.send(Uint8Array.of(byte));
  stream.send(Uint8Array.of(0, 0));
  await events.next('frame');
  // A whole frame behind the begun one would be a new beginning; half a length is not.
  await events.until(() => stream.writeBufferLength === 0, 'the bytes to leave');
  links?.checkSlow(performance.now() + frameMsMax - 1_000);
  expect(events.all('linkDown')).toEqual([]);
  links?.checkSlow(performance.now() + frameMsMax + 60_000);
  expect((await events.next('linkDown'))[2]).toBe('a frame took too long to arrive');
});

test('a flood is slowed down, not dropped, and does not end the link', async () => {
  const events = await victim();
  const { stream } = await hostileLink(events);
  const count = inboundFramesBurstMax * 3;
  const size = 100;
  const flood = new Uint8Array(count * size);
  for (let at = 0; at < flood.length; at += size) flood.set([0, 0, 0, size - 4, (at / size) % 256], at);
  for (let at = 0; at < flood.length; at += 60_000) {
    stream.send(flood.subarray(at, at + 60_000));
    while (stream.writableNeedsDrain) {
      await new Promise((resolve) => stream.addEventListener('drain', resolve, { once: true }));
      await Promise.resolve();
    }
  }
  await events.until(() => events.all('frame').length === count || events.links.size === 0, 'the flood');
  expect(events.links.size).toBe(1);
  expect(events.all('frame').every(([, , got], index) => got[0] === index % 256)).toBe(true);
});

test('raw sockets that say nothing or rubbish are cut, and others still get in', async () => {
  const events = await victim();
  const target = { host: '127.0.0.1', port: port(events.addresses[0]), localAddress: '127.0.0.2' };
  const silent = Array.from({ length: inboundPendingPerHostMax + 12 }, () => connect(target));
  // Those beyond what one address may have pending are refused at once; the rest when their time is over.
  await Promise.race(silent.map(gone));
  await stillWell(events);
  const rubbish = connect({ ...target, localAddress: '127.0.0.3' });
  const cut = gone(rubbish);
  rubbish.write(Buffer.alloc(100_000, 0x61));
  await cut;
  await stillWell(events);
  for (const socket of silent) socket.destroy();
});

test('WebSocket: links, and bounds what it reads and whom it lets in', async () => {
  const events = await victim(['/ip4/127.0.0.1/tcp/0/ws']);
  await stillWell(events);
  const target = port(events.addresses[0]);
  const socket = new WebSocket(`ws://127.0.0.1:${target}`);
  await once(socket, 'open');
  socket.on('error', () => undefined);
  socket.send(new Uint8Array(2 * 1024 * 1024));
  const [code] = await once(socket, 'close');
  expect([1006, 1009]).toContain(code);
  const wrong = connect({ host: '127.0.0.1', port: target });
  wrong.write(`GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n`);
  wrong.write('Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n');
  await once(wrong, 'data');
  const cut = gone(wrong);
  wrong.write(Uint8Array.of(0xff, 0xff, 0xff, 0xff)); // Reserved bits, no opcode that exists.
  await cut;
  const idle = Array.from({ length: inboundSocketsMax + 5 }, () =>
    connect({ host: '127.0.0.1', port: target }),
  );
  await Promise.race(idle.map(gone));
  for (const one of idle) one.destroy();
  await stillWell(events);
});

test('nothing listens after stop', async () => {
  const events = await victim();
  const stranded = connect({ host: '127.0.0.1', port: port(events.addresses[0]) });
  await once(stranded, 'connect');
  await events.network.stop();
  await gone(stranded);
  const late = connect({ host: '127.0.0.1', port: port(events.addresses[0]) });
  const [error] = await once(late, 'error');
  expect(error).toMatchObject({ code: 'ECONNREFUSED' });
});
