/**
 * The floor under a broadcast: as many nodes in one process, joined by raw TCP to one tree, each checking one Ed25519
 * signature a message before it writes the same bytes on. No encryption of links, no repair, nobody else to tell.
 *
 *   node bench/floors/broadcast-tcp.ts NODES MESSAGES PER_SECOND BYTES      prints {"cpuMicrosPerDelivery":43.1}
 */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { createNativeBackend } from '@kith/core/crypto/native/native-backend';

const [count = 30, messages = 1_000, perSecond = 100, bytes = 300] = process.argv.slice(2).map(Number);
/** Of each node, as in the product's trees: most have one or none. */
const childrenOfEach = 3;
/** Sequence, author and topic, as in the product's frame. */
const headBytes = 55;
const signatureBytes = 64;
const frameBytes = headBytes + signatureBytes + bytes;
const warmUp = 200;

const backend = createNativeBackend();
const keys = backend.ed25519KeyPair(backend.randomBytes(32));
let received = 0;

/** A node of the tree: what comes from above is checked and goes to all below. */
function pass(from: Socket, below: readonly Socket[]): void {
  let waiting: Buffer = Buffer.alloc(0);
  from.on('data', (chunk: Buffer) => {
    waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
    while (waiting.length >= frameBytes) {
      const frame = waiting.subarray(0, frameBytes);
      waiting = waiting.subarray(frameBytes);
      const signed = Buffer.concat([
        frame.subarray(0, headBytes),
        frame.subarray(headBytes + signatureBytes),
      ]);
      const signature = frame.subarray(headBytes, headBytes + signatureBytes);
      if (!backend.ed25519Verify(signature, signed, keys.publicKey)) throw new Error('a signature failed');
      received += 1;
      for (const socket of below) socket.write(frame);
    }
  });
}

const below: Socket[][] = Array.from({ length: count }, () => []);
const servers: Server[] = [];
for (let number = 1; number < count; number += 1) {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  const accepted = once(server, 'connection');
  const socket = connect(address.port, '127.0.0.1').setNoDelay();
  below[Math.floor((number - 1) / childrenOfEach)]?.push(socket);
  const [from] = (await accepted) as [Socket];
  pass(from, below[number] ?? []);
  servers.push(server);
}

async function load(much: number): Promise<number> {
  received = 0;
  const startedMs = performance.now();
  const before = process.cpuUsage();
  for (let sent = 0; sent < much; sent += 1) {
    const dueMs = startedMs + (sent * 1_000) / perSecond;
    await pause(Math.max(0, dueMs - performance.now()));
    const signed = Buffer.from(backend.randomBytes(headBytes + bytes));
    const signature = backend.ed25519Sign(signed, keys.secretKey);
    const frame = Buffer.concat([signed.subarray(0, headBytes), signature, signed.subarray(headBytes)]);
    for (const socket of below[0] ?? []) socket.write(frame);
  }
  while (received < much * (count - 1)) await pause(20);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / received;
}

await load(warmUp);
process.stdout.write(`${JSON.stringify({ cpuMicrosPerDelivery: await load(messages) })}\n`);
process.exit(0);
