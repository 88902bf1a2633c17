/** Searching, exporting, and the way past a forgotten PIN, with real processes. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { World } from './world.ts';

let world: World;

beforeEach(async () => {
  world = new World();
  await world.serve();
});
afterEach(async () => {
  await world.close();
});

test('what a search was narrowed by reaches the node, and what was found is shown', async () => {
  const bob = world.node.addContact('Bob');
  world.node.receive(bob, 'the harbour is closed');
  const { stdout, code } = await world.kith(['search', 'harbour', 'is']);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^\[Bob\] .*Bob: the harbour is closed\n$/)]);
  const flags = ['--in', 'Bob', '--from', 'me', '--since', '2026-01-02', '--until', '2d', '--links'];
  await world.kith(['search', ...flags, '--limit', '7', '--json']);
  expect(world.node.calls.findLast(({ name }) => name === 'search')?.input).toMatchObject({
    words: '',
    limit: 7,
    conversation: 'Bob',
    from: 'me',
    hasLink: true,
    sinceWallMs: new Date('2026-01-02T00:00').getTime(),
  });
  expect((await world.kith(['search', 'x', '--since', 'yesterday'])).code).toBe(2);
});

test('an export is whole, private, and replaces nothing unasked', async () => {
  const bob = world.node.addContact('Bob');
  for (let n = 0; n < 500; n++) world.node.receive(bob, `text ${n}`);
  const out = join(world.dataDir, 'bob.jsonl');
  const first = await world.kith(['export', 'Bob', '--out', out, '--json']);
  expect([first.code, first.json()]).toEqual([0, [{ file: out, format: 'jsonl', messages: 500 }]]);
  expect(readFileSync(out, 'utf8').trimEnd().split('\n')).toHaveLength(503);
  expect(statSync(out).mode & 0o777).toBe(0o600);
  writeFileSync(out, 'mine');
  const refused = await world.kith(['export', 'Bob', '--out', out, '--json']);
  expect([refused.code, refused.json()]).toMatchObject([2, [{ error: { code: 'usage' } }]]);
  expect(readFileSync(out, 'utf8')).toBe('mine');
  expect((await world.kith(['export', 'Bob', '--out', out, '--force', '--format', 'html'])).code).toBe(0);
  expect(readFileSync(out, 'utf8')).toMatch(/^<!doctype html>/);
  expect(readdirSync(world.dataDir).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('an export that fails leaves nothing behind', async () => {
  const out = join(world.dataDir, 'nobody.html');
  expect((await world.kith(['export', 'Nobody', '--out', out])).code).toBe(1);
  const nowhere = await world.kith(['export', '--out', join(world.dataDir, 'no', 'such.html'), '--json']);
  expect(nowhere.json()).toMatchObject([{ error: { code: 'disk-failed' } }]);
  expect(existsSync(out)).toBe(false);
  expect(readdirSync(world.dataDir).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('a forgotten PIN is removed, and removing none is no mistake', async () => {
  await world.node.execute('replacePin', { from: undefined, verifier: 'of a PIN that nobody knows' });
  expect((await world.kith(['unlock', '--json'])).json()).toEqual([{ hasPin: false }]);
  const again = await world.kith(['unlock']);
  expect([again.code, again.stdout]).toEqual([0, '']);
  expect(again.stderr).toContain('No PIN is set');
});
