/** A text that was sent and received is found nowhere but in the two people's answers. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFailed, test } from 'vitest';
import { skipAloud } from '../skip.ts';
import { capture } from './capture.ts';
import { startChild } from './child.ts';
import { meetByOnceCard, textsAt } from './conversation.ts';
import { createLan, namespacesMissing } from './namespaces.ts';
import { createStage, freePort, type Home, type RunningNode, type Stage } from './node-process.ts';
import { formsIn, formsOf, searchFolder } from './traces.ts';

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

/** Letters and digits that nothing else on this machine holds. */
function newMarker(): string {
  return `Marker${randomBytes(12).toString('hex')}End`;
}

describe('the search finds what is planted', () => {
  const marker = newMarker();
  const bytes = Buffer.from(marker);
  const planted: [string, Buffer][] = [
    ['utf-8', Buffer.from(`before ${marker} after`)],
    ['utf-16le', Buffer.from(`x${marker}x`, 'utf16le')],
    ['utf-16be', Buffer.from(`x${marker}x`, 'utf16le').swap16()],
    ['hex', Buffer.from(Buffer.from(`ab${marker}`).toString('hex'))],
    ['HEX', Buffer.from(bytes.toString('hex').toUpperCase())],
    ...['', 'a', 'ab', 'abc'].map((before): [string, Buffer] => [
      `base64 shifted by ${before.length % 3}`,
      Buffer.from(Buffer.from(`${before}${marker} and more`).toString('base64')),
    ]),
  ];
  for (const [form, content] of planted) {
    test(`${form}, ${content.length} bytes`, () => {
      const stage = openStage();
      mkdirSync(join(stage.folder, 'deep'));
      writeFileSync(
        join(stage.folder, 'deep/file'),
        Buffer.concat([randomBytes(5_000), content, randomBytes(50)]),
      );
      const { found, files } = searchFolder(stage.folder, marker);
      expect(files).toBe(1);
      expect(found).toContain(`deep/file: ${form}`);
    });
  }
  test('and nothing in noise, nor in another marker', () => {
    expect(formsIn(Buffer.concat([randomBytes(100_000), Buffer.from(newMarker())]), marker)).toEqual([]);
    expect(formsOf(marker).length).toBeGreaterThanOrEqual(8);
  });
});

/** Sends the marker both ways, once as an argument and once through a pipe, and has every reader show it. */
async function leaveTraces(ann: Home, ben: Home, marker: string): Promise<void> {
  await meetByOnceCard(ann, ben);
  expect((await ann.run(['send', 'ben', marker, '--wait', 'delivered', '--json'])).code).toBe(0);
  const piped = await ben.run(['send', 'ann', '-', '--wait', 'delivered', '--json'], `${marker} back`);
  expect(piped.code).toBe(0);
  expect(await textsAt(ben, 'ann')).toEqual([marker, `${marker} back`]);
  await ann.run(['doctor', '--json']);
  await ann.run(['logs']);
  await ann.run(['block', 'ben', '--json']);
  await ann.run(['send', 'ben', `${marker} refused`, '--json']);
  await ann.run(['unblock', 'ben', '--json']);
}

/** Everything that the two, and their commands, left on the disk or said: while they run, and after one was killed. */
async function searchEverything(stage: Stage, nodes: readonly RunningNode[], marker: string): Promise<void> {
  const running = searchFolder(stage.folder, marker);
  expect(running.found).toEqual([]);
  expect(running.files).toBeGreaterThan(5);
  const [first, ...others] = nodes;
  // kill -9 leaves what a power cut would: temporary files that nobody tidied up.
  await first?.child.kill('SIGKILL');
  for (const node of others) await node.stop();
  expect(searchFolder(stage.folder, marker).found).toEqual([]);
  for (const { child } of nodes) expect(formsIn(Buffer.from(child.talk()), marker)).toEqual([]);
}

test('a marker is in no file and no log', async () => {
  const stage = openStage();
  const [ann, ben] = [stage.home('ann'), stage.home('ben')];
  const address = `/ip4/127.0.0.1/tcp/${await freePort()}`;
  const nodes = await Promise.all([
    ann.up(['--lan', 'off', '--listen', address]),
    ben.up(['--lan', 'off', '--listen', '/ip4/127.0.0.1/tcp/0', '--bootstrap', address]),
  ]);
  const marker = newMarker();
  await leaveTraces(ann, ben, marker);
  await searchEverything(stage, nodes, marker);
});

const missing = namespacesMissing();
if (missing === undefined) {
  test('a marker is in no packet on the LAN, and in no file there', async () => {
    const lan = createLan({ hosts: 2, ipv4: true, ipv6: 'link-local' });
    cleanups.push(() => lan.remove());
    const wire = await capture(lan.bridge);
    cleanups.push(() => wire.stop());
    const stage = openStage();
    const ann = stage.home('ann', { namespace: lan.hosts[0] });
    const ben = stage.home('ben', { namespace: lan.hosts[1] });
    const nodes = await Promise.all([ann.up(), ben.up()]);
    const marker = newMarker();
    await leaveTraces(ann, ben, marker);
    await searchEverything(stage, nodes, marker);
    const packets = wire.packets();
    const tcp = packets.filter((packet) => packet.protocol === 6);
    expect(tcp.length).toBeGreaterThan(50);
    // Whole streams too: a text may be cut between two packets.
    const streams = Map.groupBy(
      tcp,
      ({ from, fromPort, to, toPort }) => `${from} ${fromPort} ${to} ${toPort}`,
    );
    const looked = [...packets.map(({ bytes }) => bytes), ...[...streams.values()].map(payloads)];
    expect(looked.flatMap((bytes) => formsIn(bytes, marker))).toEqual([]);
  });
} else {
  skipAloud('a marker is in no packet', missing);
}

/** What a TCP stream carried, in the order in which it passed. */
function payloads(packets: readonly { kind: string; bytes: Buffer }[]): Buffer {
  return Buffer.concat(
    packets.map(({ kind, bytes }) => {
      const at = kind === 'ip4' ? 14 + ((bytes[14] ?? 0) & 15) * 4 : 54;
      return bytes.subarray(at + ((bytes[at + 12] ?? 0) >> 4) * 4);
    }),
  );
}

const unlimited = ['sh', '-c', 'ulimit -c unlimited && exec "$@"', 'sh'];
const noCores = coresUnable();
if (noCores === undefined) {
  test('a crash leaves no core file, where a bare program leaves one', async () => {
    const stage = openStage();
    const plant = join(stage.folder, 'plant');
    mkdirSync(plant);
    const bare = startChild(
      [...unlimited, process.execPath, '-e', 'console.log(1); setInterval(() => 0, 1e6)'],
      {
        cwd: plant,
        env: {},
      },
    );
    await bare.line('its first line', () => true);
    expect((await bare.kill('SIGSEGV')).signal).toBe('SIGSEGV');
    expect(readdirSync(plant), 'the planted core').toHaveLength(1);

    const ann = stage.home('ann', { prefix: unlimited });
    const address = `/ip4/127.0.0.1/tcp/${await freePort()}`;
    const node = await ann.up(['--lan', 'off', '--listen', address]);
    const limits = readFileSync(`/proc/${node.child.pid}/limits`, 'utf8');
    expect(limits).toMatch(/^Max core file size +0 +/m);
    expect((await node.child.kill('SIGSEGV')).signal).toBe('SIGSEGV');
    const left = readdirSync(stage.folder, { recursive: true, encoding: 'utf8' });
    expect(left.filter((name) => !name.startsWith('plant/') && /(^|\/)core[^/]*$/.test(name))).toEqual([]);
  });
} else {
  skipAloud('a crash leaves no core file', noCores);
}

/** Where cores go to a program or a fixed place, a test cannot see whether one was made. */
function coresUnable(): string | undefined {
  if (process.platform !== 'linux') return 'knows only how Linux writes core files';
  const pattern = readFileSync('/proc/sys/kernel/core_pattern', 'utf8').trim();
  if (!/^core[^/|]*$/.test(pattern)) return `core files of this machine go elsewhere: ${pattern}`;
  const hard = /^Max core file size +\S+ +(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  return hard === 'unlimited' ? undefined : 'core files are limited for this user';
}
