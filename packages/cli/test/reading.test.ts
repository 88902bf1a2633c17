/** What goes in by pipes and what people read, with real processes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '@stricli/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PersonId } from '@kith/core/base/ids';
import type { CliContext } from '../src/context.ts';
import { messageRoutes } from '../src/routes/message-routes.ts';
import { nodeRoutes } from '../src/routes/node-routes.ts';
import { peopleRoutes } from '../src/routes/people-routes.ts';
import { World } from './world.ts';

let world: World;

beforeEach(async () => {
  world = new World();
  await world.serve();
});
afterEach(async () => {
  await world.close();
});

describe('pipes', () => {
  test('a message from a pipe, without its last line break', async () => {
    const bob = world.node.addContact('Bob');
    await world.kith(['send', 'Bob', '-'], { input: 'one\ntwo\n' });
    await world.kith(['send', 'Bob'], { input: 'three\n\n' });
    expect(world.node.stored.map((row) => row.text)).toEqual(['one\ntwo', 'three\n']);
    expect(bob.conversation).toBe(world.node.stored[0]?.conversation);
  });

  test('too much, and what is no text', async () => {
    world.node.addContact('Bob');
    const outcome = async (input: string | Buffer): Promise<unknown> => {
      const { code, json } = await world.kith(['send', 'Bob', '-', '--json'], { input });
      return [code, json()[0]];
    };
    expect(await outcome('x'.repeat(10_000_000))).toMatchObject([1, { error: { code: 'message-too-long' } }]);
    expect(await outcome(Buffer.from([0x68, 0xff]))).toMatchObject([
      1,
      { error: { code: 'message-control' } },
    ]);
    expect(await outcome('')).toMatchObject([1, { error: { code: 'message-empty' } }]);
    expect(await outcome('é'.repeat(14_000))).toMatchObject([0, { state: 'stored' }]);
  });

  test('cards from a pipe and from a roster, the damaged ones told apart', async () => {
    const prose = 'Ada uses Kith. Add her:\n\n  mesh://add?p=once\n\nNo Kith yet? Ask Ada.\n';
    expect(
      (await world.kith(['add', '-', '--name', 'Ada', '--json'], { input: prose })).json(),
    ).toMatchObject([{ contact: { name: 'Ada', state: 'connected' } }]);
    const roster = join(world.dataDir, 'roster.txt');
    writeFileSync(roster, 'mesh://add?p=once\nmesh://add?q=bad\nmesh://add?p=plain\n');
    const { code, json } = await world.kith(['add', '--file', roster, '--json']);
    expect(code).toBe(1);
    expect(json()).toMatchObject([
      { contact: { state: 'connected' } },
      { error: { code: 'bad-card' } },
      { contact: { state: 'requested' } },
    ]);
    expect((await world.kith(['add', '--file', roster, '--name', 'All'])).code).toBe(2);
  });

  test('a text that begins with a dash', async () => {
    world.node.addContact('Bob');
    expect((await world.kith(['send', 'Bob', '--', '--json'])).stdout).toMatch(/^[0-9a-z]{26}\n$/);
    expect(world.node.stored[0]?.text).toBe('--json');
  });

  test('a reader who has seen enough is no failure', async () => {
    const bob = world.node.addContact('Bob');
    for (let count = 0; count < 300; count++) world.node.receive(bob, 'x'.repeat(10_000));
    const running = world.start(['history', 'Bob', '--limit', '300', '--json'], { input: '' });
    await running.line();
    running.child.stdout.destroy();
    const { code, stderr } = await running.ended;
    expect([code, stderr]).toEqual([0, '']);
  });
});

describe('what people read', () => {
  const escape = '\u001b[31mred\u001b]0;title\u0007\u009b2J\u202Eevil\u0000';

  test('nothing of what others wrote acts on the terminal', async () => {
    const bob = world.node.addContact('Bob', { name: `B${escape}ob`, greeting: escape, state: 'incoming' });
    const id = 'kith1eve' as PersonId;
    world.node.nearbyViews.push({ id, name: `Eve${escape}`, hue: undefined, card: 'mesh://add?p=eve' });
    world.node.receive(bob, `hello ${escape}\nsecond line`);
    const outcomes = [
      await world.kith(['contacts']),
      await world.kith(['history', bob.id]),
      await world.kith(['history', bob.id, '--json']),
      await world.kith(['contacts', '--json']),
      await world.kith(['nearby']),
      await world.kith(['nearby', '--json']),
      await world.kith(['block', bob.id]),
    ];
    for (const { code, stdout, stderr } of outcomes) {
      expect(code).toBe(0);
      // oxlint-disable-next-line no-control-regex -- what must not be there
      expect(stdout + stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
      expect(stdout).not.toContain('title\u0007');
    }
    expect(outcomes[1]?.stdout).toContain('hello redevil');
    expect(outcomes[2]?.json()[0]?.['text']).toBe(`hello ${escape}\nsecond line`);
  });

  test('a message, a history and a chat say what is answered, edited and felt, with nothing that acts', async () => {
    const bob = world.node.addContact('Bob');
    const first = world.node.receive(bob, 'a \u001b[2Jquestion');
    const own = await world.kith(['send', 'Bob', 'an answer']);
    const id = own.stdout.trim();
    const from = first.from;
    world.node.change(id, {
      text: 'a better answer',
      editedWallMs: 1_790_000_000_000,
      replyTo: { id: first.id, from, text: first.text },
      reactions: [{ emoji: '👍', people: [from] }],
    });
    const outcomes = [await world.kith(['message', id]), await world.kith(['history', 'Bob'])];
    outcomes.push(await world.kith(['chat', 'Bob'], { input: '' }));
    for (const { stdout } of outcomes) {
      expect(stdout).toMatch(
        / you: > Bob: a question\n +a better answer {2}\(edited, stored here\)\n +👍 Bob\n/,
      );
    }
    expect(outcomes[0]?.stdout).toMatch(/\nstate +stored here\n/);
    world.node.change(first.id, { text: '', deleted: true });
    world.node.change(id, { replyTo: { id: first.id, from, text: '' } });
    const deleted = (await world.kith(['history', 'Bob'])).stdout;
    expect(deleted).toMatch(/ Bob: \(deleted\)\n.* you: > \(a deleted message\)\n/);
  });

  test('a card for a camera, and what to do with it', async () => {
    const { stdout, stderr } = await world.kith(['card', '--qr']);
    expect(stdout).toBe('mesh://add?p=plain\n');
    expect(stderr).toContain('█');
    expect(stderr).toContain('kith accept');
    world.node.card = `mesh://add?p=${'x'.repeat(3_000)}`;
    const long = await world.kith(['card', '--qr']);
    expect([long.code, long.stdout]).toEqual([0, `${world.node.card}\n`]);
    // The code is of the short form: a whole card would not fit one that a camera reads.
    expect(long.stderr).toMatch(/█▀▀|▄▄▄▄▄/);
  });

  test('a safety number in groups, and what to do with it', async () => {
    world.node.addContact('Bob');
    const { stdout, stderr } = await world.kith(['verify', 'Bob']);
    expect(stdout).toBe('01234 56789 01234 56789\n01234 56789 01234 56789\n01234 56789 01234 56789\n');
    expect(stderr).toContain('kith verify Bob --matches');
  });

  test('help: every command has a line, and examples', async () => {
    const { code, stdout } = await world.kith(['--help']);
    expect(code).toBe(0);
    const commands = [
      'up',
      'app',
      'unlock',
      'status',
      'stop',
      'logs',
      'name',
      'id',
      'card',
      'add',
      'contacts',
      'nearby',
      'accept',
      'block',
    ];
    const others = [
      'unblock',
      'remove',
      'rename',
      'verify',
      'send',
      'chat',
      'history',
      'search',
      'export',
      'message',
      'watch',
      'peers',
    ];
    const routes: Record<string, Command<CliContext>> = { ...nodeRoutes, ...peopleRoutes, ...messageRoutes };
    expect(Object.keys(routes).length).toBe(commands.length + others.length + 1);
    for (const command of [...commands, ...others, 'doctor']) {
      expect(stdout).toMatch(new RegExp(`^ +${command} `, 'm'));
      expect(routes[command]?.fullDescription, command).toContain(`Examples:\n  kith ${command}`);
    }
    const up = await world.kith(['up', 'app', '--help'], { environment: { KITH_DATA: '' } });
    expect(up.stdout).toContain(join(world.dataDir, '.local/share/kith'));
  });

  test('no colour in a pipe', async () => {
    world.node.receive(world.node.addContact('Bob'), 'hello');
    expect((await world.kith(['history', 'Bob'])).stdout).not.toContain('\u001b');
    expect((await world.kith(['--help'])).stdout).not.toContain('\u001b');
  });
});

describe('logs', () => {
  test('from the file, with and without a node', async () => {
    await world.silence();
    expect((await world.kith(['logs'])).stdout).toBe('');
    mkdirSync(join(world.dataDir, 'logs'));
    const line = (count: number): string =>
      `{"at":"2026-01-02T03:04:05.000Z","level":"warn","code":"tick","count":${count}}\n`;
    writeFileSync(join(world.dataDir, 'logs', 'kith.log.1'), line(1));
    writeFileSync(join(world.dataDir, 'logs', 'kith.log'), line(2) + line(3));
    expect((await world.kith(['logs', '--lines', '2', '--json'])).json().map((row) => row['count'])).toEqual([
      2, 3,
    ]);
    expect((await world.kith(['logs'])).stdout).toMatch(/^.*warn {2}tick count=1\n.*count=2\n.*count=3\n$/);
  });

  test('going on, through a change of file', async () => {
    mkdirSync(join(world.dataDir, 'logs'));
    const path = join(world.dataDir, 'logs', 'kith.log');
    writeFileSync(path, '{"code":"first, and longer than the next"}\n');
    const running = world.start(['logs', '--follow', '--json']);
    expect(JSON.parse(await running.line())).toEqual({ code: 'first, and longer than the next' });
    writeFileSync(path, '{"code":"next"}\n');
    expect(JSON.parse(await running.line())).toEqual({ code: 'next' });
    running.child.kill();
    await running.ended;
  });
});
