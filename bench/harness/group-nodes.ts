/**
 * Thirty real nodes in one process, neighbours over TCP on loopback, and what a broadcast costs them together. No command
 * line and no local API between: what is measured is the nodes. Started by `bench/broadcast.ts`.
 *
 *   node bench/harness/group-nodes.ts FOLDER NODES AUTHORS MESSAGES PER_SECOND BYTES      prints one JSON object
 */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createNode, type RunningNode } from '@kith/node/main';

export interface GroupFigures {
  /** User and system time of the process, less what it takes without a load, by messages received: `window` under way. */
  cpuMicrosPerDelivery: number;
  /** The same while they come one by one, `PER_SECOND` of them. */
  steadyCpuMicrosPerDelivery: number;
  /** Of one core, by all nodes together, without a load: overlays that mix, records, pings. */
  idleCpuPercent: number;
  /** Of all that should have come. */
  missing: number;
  /** From publication to each node, one by one: on one machine a figure for queues, not for networks. */
  medianMs: number;
}

const [folder = '', ...numbers] = process.argv.slice(2);
const [count = 30, authors = 5, messages = 1_000, perSecond = 100, bytes = 300] = numbers.map(Number);
/** Long enough for each overlay to have mixed. */
const idleMs = 15_000;
/** Messages under way at a time, when it is busy. */
const window = 64;
const topic = '6b697468206265'.padEnd(32, '0');
/** By author and sequence. */
const sentAtMs = new Map<string, number>();
const tookMs: number[] = [];
let received = 0;

const nodes: RunningNode[] = [];
const addresses: string[] = [];
for (let number = 0; number < count; number += 1) nodes.push(await startOne(number));
await settled();
const figures = await load();
process.stdout.write(`${JSON.stringify(figures)}\n`);
for (const node of nodes) node.stop();
await Promise.all(nodes.map((node) => node.ended));
process.exit(0);

/** Knows two that were there before it: the rest is the overlay's matter. */
async function startOne(number: number): Promise<RunningNode> {
  const listen = await loopbackAddress();
  const node = await createNode({
    data: join(folder, String(number)),
    name: `node ${number}`,
    port: undefined,
    listen: [listen],
    lan: 'off',
    bootstrap: [],
    serveUrl: false,
    onBroadcast: ({ author, sequence }) => {
      received += 1;
      const atMs = sentAtMs.get(`${Buffer.from(author).toString('hex')} ${sequence}`);
      if (atMs !== undefined) tookMs.push(performance.now() - atMs);
    },
  });
  const known = [addresses[number - 1], addresses[Math.floor(number / 2)]];
  const peers = [...new Set(known)].flatMap((address) =>
    address === undefined ? [] : [{ addresses: [address] }],
  );
  await node.execute('follow', { topic, peers });
  addresses.push(listen);
  return node;
}

/** Until a message of each author reaches everybody twice in a row, so that views and trees stand. */
async function settled(): Promise<void> {
  const endMs = performance.now() + 120_000;
  for (let rounds = 0; rounds < 5;) {
    if (performance.now() > endMs) throw new Error('the nodes did not become neighbours');
    const before = received;
    for (let author = 0; author < authors; author += 1) await publish(author);
    await pause(1_000);
    rounds = received - before >= authors * (count - 1) ? rounds + 1 : 0;
  }
}

async function load(): Promise<GroupFigures> {
  const idle = await idleShare();
  const steady = await measured(idle, async (publishNext) => {
    const startedMs = performance.now();
    for (let sent = 0; sent < messages; sent += 1) {
      await pause(Math.max(0, startedMs + (sent * 1_000) / perSecond - performance.now()));
      await publishNext();
    }
  });
  const busy = await measured(idle, async (publishNext) => {
    for (let sent = 0; sent < messages; sent += 1) {
      while (sent * (count - 1) - received > window * (count - 1)) await pause(1);
      await publishNext();
    }
  });
  return {
    cpuMicrosPerDelivery: busy.cpuMicros,
    steadyCpuMicrosPerDelivery: steady.cpuMicros,
    idleCpuPercent: idle * 100,
    missing: steady.missing + busy.missing,
    medianMs: steady.medianMs,
  };
}

interface Measured {
  cpuMicros: number;
  missing: number;
  medianMs: number;
}

async function measured(
  idle: number,
  say: (publishNext: () => Promise<void>) => Promise<void>,
): Promise<Measured> {
  received = 0;
  tookMs.length = 0;
  const startedMs = performance.now();
  const before = process.cpuUsage();
  let author = 0;
  await say(async () => await publish((author += 1) % authors));
  const expected = messages * (count - 1);
  for (let waits = 0; received < expected && waits < 200; waits += 1) await pause(50);
  const { user, system } = process.cpuUsage(before);
  const idleMicros = idle * (performance.now() - startedMs) * 1_000;
  tookMs.sort((a, b) => a - b);
  return {
    cpuMicros: (user + system - idleMicros) / received,
    missing: expected - received,
    medianMs: tookMs[tookMs.length >> 1] ?? Number.NaN,
  };
}

/** What the nodes take of a core while nobody says anything. */
async function idleShare(): Promise<number> {
  const startedMs = performance.now();
  const before = process.cpuUsage();
  await pause(idleMs);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / (performance.now() - startedMs);
}

async function publish(number: number): Promise<void> {
  const body = new Uint8Array(bytes).fill(number);
  const atMs = performance.now();
  const told = nodes[number]?.execute('publish', { topic, body });
  const { author, sequence } = (await told) ?? { author: body, sequence: 0 };
  sentAtMs.set(`${Buffer.from(author).toString('hex')} ${sequence}`, atMs);
}

async function loopbackAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return `/ip4/127.0.0.1/tcp/${typeof address === 'object' ? address?.port : 0}`;
}
