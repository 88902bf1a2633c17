/** What goes wrong outside: each has a clear sentence and an exit code, the node goes on, and nothing is lost. */
import { randomBytes } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, onTestFailed, test } from 'vitest';
import type { Message } from '@kith/api/shapes';
import { skipAloud } from '../skip.ts';
import { meetByOnceCard, textsAt } from './conversation.ts';
import { createStage, freePort, type Finished, type Home, type Stage } from './node-process.ts';

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

async function loopback(): Promise<{ address: string; port: number }> {
  const port = await freePort();
  return { address: `/ip4/127.0.0.1/tcp/${port}`, port };
}

const alone = ['--lan', 'off', '--listen'];

/** An error as docs/commands.md has it: one object with a code and a sentence, and the code's exit code. */
function expectRefusal(finished: Finished, code: string, exit: number): void {
  expect(finished.code, `${finished.text}\n${finished.talk}`).toBe(exit);
  expect(finished.rows).toMatchObject([
    { error: { code, message: expect.stringMatching(/^[A-Z"].{10,}$/s) } },
  ]);
  expect(`${finished.text}${finished.talk}`).not.toMatch(/\bat .+:\d+:\d+|node:internal/);
}

/** Sends bytes to a port and waits until the other side hangs up, or for long enough that it might. */
async function throwAt(port: number, bytes: Uint8Array): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => undefined); // A reset is an answer too.
  socket.resume();
  socket.end(bytes);
  await closed;
}

function hostileBytes(): Uint8Array[] {
  const text = (words: string): Buffer => Buffer.from(words, 'latin1');
  const multistream = Buffer.concat([Buffer.from([19]), text('/multistream/1.0.0\n')]);
  const noise = Buffer.concat([Buffer.from([7]), text('/noise\n')]);
  return [
    randomBytes(100_000),
    text('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'),
    Buffer.from([0x16, 0x03, 0x01, 0xff, 0xff, 0x01, 0x00, 0xff]),
    Buffer.concat([multistream, noise, randomBytes(20)]),
    Buffer.concat([multistream, noise, Buffer.from([0xff, 0xff]), randomBytes(65_535)]),
    Buffer.concat([multistream, noise, Buffer.from([0, 32]), Buffer.alloc(32)]), // A low-order point.
    Buffer.concat([multistream, Buffer.alloc(10, 0xff)]), // An endless length.
    Buffer.concat([multistream, ...Array.from({ length: 2_000 }, () => noise)]),
    Buffer.alloc(1_000_000),
    new Uint8Array(0),
  ];
}

test('hostile bytes on the port of the network: the node keeps serving and talking', async () => {
  const stage = openStage();
  const [ann, ben] = [stage.home('ann'), stage.home('ben')];
  const [here, there] = [await loopback(), await loopback()];
  const node = await ann.up([...alone, here.address, '--bootstrap', there.address]);
  await ben.up([...alone, there.address, '--bootstrap', here.address]);
  await meetByOnceCard(ann, ben);

  // Connections that say nothing and stay: slow is hostile too.
  const silent: Socket[] = [];
  for (let index = 0; index < 200; index += 1) {
    const socket = connect(here.port, '127.0.0.1');
    socket.on('error', () => undefined);
    silent.push(socket);
  }
  cleanups.push(() => silent.forEach((socket) => socket.destroy()));
  for (const bytes of hostileBytes()) await throwAt(here.port, bytes);
  const sent = await ben.run(['send', 'ann', 'Still there?', '--wait', 'delivered', '--json']);
  expect(sent.code, sent.text).toBe(0);
  const answered = await ann.run(['send', 'ben', 'Still here.', '--wait', 'delivered', '--json']);
  expect(answered.code, answered.text).toBe(0);
  expect(await textsAt(ann, 'ben')).toEqual(['Still there?', 'Still here.']);
  const status = await ann.json<{ pid: number; contacts: number; requests: number }>(['status']);
  expect(status).toMatchObject({ pid: node.child.pid, contacts: 1, requests: 0 });
  expect(node.child.talk()).not.toMatch(/unhandled|uncaught/i);
});

test('hostile bytes on the socket of the local API: other clients are served', async () => {
  const stage = openStage();
  const ann = stage.home('ann');
  const node = await ann.up([...alone, (await loopback()).address]);
  for (const bytes of [
    ...hostileBytes(),
    Buffer.from('POST /api HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999999\r\n\r\n'),
  ]) {
    const socket = connect(join(ann.data, 'node.sock'));
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => undefined);
    socket.resume();
    socket.end(bytes);
    await closed;
  }
  const status = await ann.json<{ pid: number }>(['status']);
  expect(status.pid).toBe(node.child.pid);
});

test('wrong usage, damaged cards and texts that are none', async () => {
  const stage = openStage();
  const [ann, ben] = [stage.home('ann'), stage.home('ben')];
  const [here, there] = [await loopback(), await loopback()];
  expectRefusal(await ann.run(['status', '--json']), 'no-node', 3);
  await ann.up([...alone, here.address, '--bootstrap', there.address]);
  await ben.up([...alone, there.address, '--bootstrap', here.address]);
  expectRefusal(await ann.run(['send', '--json']), 'usage', 2);
  expectRefusal(await ann.run(['send', 'ben', 'x', '--wait', 'never', '--json']), 'usage', 2);
  expectRefusal(await ann.run(['frobnicate', '--json']), 'usage', 2);
  expectRefusal(await ann.run(['send', 'nobody', 'hello', '--json']), 'unknown-contact', 1);
  expectRefusal(await ann.run(['message', 'none-of-ours', '--json']), 'unknown-message', 1);

  const { card } = await ann.json<{ card: string }>(['card', '--once']);
  expectRefusal(await ann.run(['add', card, '--json']), 'own-card', 1);
  for (const at of [card.indexOf('=') + 1, card.length >> 1, card.length - 1]) {
    const damaged = card.slice(0, at) + (card[at] === 'q' ? 'p' : 'q') + card.slice(at + 1);
    expectRefusal(await ben.run(['add', damaged, '--json']), 'bad-card', 1);
  }
  for (const damaged of [
    'mesh://add?p=',
    card.slice(0, -1),
    `${card}q`,
    '$(touch /tmp/x)',
    'x'.repeat(60_000),
  ]) {
    expectRefusal(await ben.run(['add', damaged, '--json']), 'bad-card', 1);
  }
  expect(await ben.list(['contacts'])).toEqual([]);
  await meetByOnceCard(ann, ben);

  const refusals: [string | Uint8Array, string][] = [
    ['', 'message-empty'],
    ['bell \u0007', 'message-control'],
    ['escape \u001b[2J', 'message-control'],
    [Uint8Array.of(0x48, 0xff, 0xfe), 'message-control'],
    ['x'.repeat(28_001), 'message-too-long'],
    ['é'.repeat(14_001), 'message-too-long'],
  ];
  for (const [text, code] of refusals) {
    expectRefusal(await ann.run(['send', 'ben', '-', '--json'], text), code, 1);
  }
  const longest = 'y'.repeat(28_000);
  const sent = await ann.run(['send', 'ben', '-', '--wait', 'delivered', '--json'], longest);
  expect(sent.code, sent.text.slice(0, 500)).toBe(0);
  expect(await textsAt(ben, 'ann')).toEqual([longest]);
});

test('a port in use gets a sentence, and leaves nothing running', async () => {
  const stage = openStage();
  const ann = stage.home('ann');
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  cleanups.push(() => void taken.close());
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  expectRefusal(
    await ann.run(['up', '--headless', '--json', ...alone, `/ip4/127.0.0.1/tcp/${port}`]),
    'port-in-use',
    1,
  );
  expectRefusal(await ann.run(['up', '--headless', '--json', ...alone, 'not an address']), 'bad-address', 2);
  expectRefusal(await ann.run(['status', '--json']), 'no-node', 3);
  const node = await ann.up([...alone, (await loopback()).address]);
  expect((await node.stop()).code).toBe(0);
});

/** Two who have talked, and stopped. */
async function talkedOnce(
  stage: Stage,
  settings: { data?: () => string } = {},
): Promise<{ ann: Home; args: string[] }> {
  const [ann, ben] = [stage.home('ann', settings), stage.home('ben')];
  const [here, there] = [await loopback(), await loopback()];
  const args = [...alone, here.address, '--bootstrap', there.address];
  await ann.up(args);
  await ben.up([...alone, there.address, '--bootstrap', here.address]);
  await meetByOnceCard(ann, ben);
  for (const text of ['one', 'two', 'three']) {
    expect((await ann.run(['send', 'ben', text, '--wait', 'delivered', '--json'])).code).toBe(0);
  }
  return { ann, args };
}

test('a wrong key opens nothing and changes nothing; the right one opens it again', async () => {
  const stage = openStage();
  const { ann, args } = await talkedOnce(stage);
  expect((await ann.run(['stop', '--json'])).code).toBe(0);
  const key = join(ann.data, 'keys');
  const kept = join(stage.folder, 'kept.key');
  copyFileSync(key, kept);
  const other = stage.home('other');
  await (await other.up([...alone, (await loopback()).address])).stop();
  copyFileSync(join(other.data, 'keys'), key);
  expectRefusal(await ann.run(['up', '--headless', '--json', ...args]), 'wrong-key', 1);
  rmSync(key);
  expectRefusal(await ann.run(['up', '--headless', '--json', ...args]), 'wrong-key', 1);
  copyFileSync(kept, key);
  await ann.up(args);
  expect(await textsAt(ann, 'ben')).toEqual(['one', 'two', 'three']);
});

test('a flipped bit in the database is noticed, said, and changes nothing', async () => {
  const stage = openStage();
  const { ann, args } = await talkedOnce(stage);
  expect((await ann.run(['stop', '--json'])).code).toBe(0);
  const path = join(ann.data, 'kith.db');
  const whole = readFileSync(path);
  for (const at of [5_000, whole.length >> 1, whole.length - 100]) {
    const flipped = Buffer.from(whole);
    flipped[at] = (flipped[at] ?? 0) ^ 0x10;
    writeFileSync(path, flipped);
    expectRefusal(await ann.run(['up', '--headless', '--json', ...args]), 'corrupt', 1);
    expect(readFileSync(path).equals(flipped)).toBe(true);
  }
  writeFileSync(path, whole);
  await ann.up(args);
  expect(await textsAt(ann, 'ben')).toEqual(['one', 'two', 'three']);
});

if (process.platform === 'linux' && process.getuid?.() === 0) {
  test('a full disk refuses the next message, loses none before it, and heals', async () => {
    const stage = openStage();
    const disk = join(stage.folder, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', disk]);
    cleanups.push(async () => {
      await stage.stopAll();
      execFileSync('umount', [disk]);
    });
    const { ann, args } = await talkedOnce(stage, { data: () => join(disk, 'data') });
    const filler = join(disk, 'filler');
    fill(filler);
    const told = ['one', 'two', 'three'];
    let refused: Finished | undefined;
    for (let index = 0; refused === undefined && index < 200; index += 1) {
      const text = `${index} ${'z'.repeat(20_000)}`;
      const sent = await ann.run(['send', 'ben', '-', '--json'], text);
      if (sent.code === 0) told.push(text);
      else refused = sent;
      fill(filler);
    }
    expectRefusal(refused ?? (await ann.run(['status', '--json'])), 'disk-full', 1);
    rmSync(filler);
    // The node may have gone on or ended, having said so; either way a start finds everything.
    await ann.run(['stop', '--json']);
    await ann.up(args);
    const rows = await ann.list<Message>(['history', 'ben', '--limit', '200']);
    expect(rows.map((row) => row.text)).toEqual(told);
    const healed = await ann.run(['send', 'ben', 'room again', '--wait', 'delivered', '--json']);
    expect(healed.code, healed.text).toBe(0);
  });
} else {
  skipAloud('a full disk', 'needs Linux and root, for a small file system');
}

/** Writes until nothing more goes in. */
function fill(path: string): void {
  try {
    for (;;) writeFileSync(path, Buffer.alloc(65_536), { flag: 'a' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
}
