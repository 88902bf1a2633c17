/** Every command as a process: JSON exactly as in docs/commands.md, and exit codes. */
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PersonId } from '@kith/core/base/ids';
import { KithError, errorTable } from '@kith/core/base/errors';
import { fakePeer } from '../../node/test/fake-views.ts';
import { World } from './world.ts';

const untouched = { replyTo: null, editedAt: null, deleted: false, reactions: [] };

let world: World;

beforeEach(async () => {
  world = new World();
  await world.serve();
});
afterEach(async () => {
  await world.close();
});

describe('JSON', () => {
  test('who you are', async () => {
    const who = { id: 'kith1own', name: 'Ada', fingerprint: '1234 5678' };
    expect((await world.kith(['id', '--json'])).json()).toEqual([who]);
    expect((await world.kith(['name', '--json'])).json()).toEqual([who]);
    expect((await world.kith(['name', 'Grace Hopper', '--json'])).json()).toEqual([
      { ...who, name: 'Grace Hopper' },
    ]);
    expect((await world.kith(['--json', 'id'])).json()[0]).toMatchObject({ name: 'Grace Hopper' });
  });

  test('a card, and adding one', async () => {
    expect((await world.kith(['card', '--once', '--expires', '2h', '--json'])).json()).toEqual([
      { card: 'mesh://add?p=once', expiresAt: '2026-01-02T05:04:05.000Z' },
    ]);
    expect((await world.kith(['add', 'mesh://add?p=once', '--json'])).json()).toEqual([
      { contact: { id: 'kith1bob', name: 'Bob', state: 'connected', verified: false } },
    ]);
  });

  test('contacts, none and some', async () => {
    const none = await world.kith(['contacts', '--json']);
    expect([none.code, none.stdout]).toEqual([0, '']);
    world.node.addContact('Bob', { lastSeenWallMs: 0, reachable: true });
    world.node.addContact('Eve', { state: 'incoming', greeting: 'hello' });
    expect((await world.kith(['contacts', '--json'])).json()).toEqual([
      {
        id: 'kith1bob',
        name: 'Bob',
        state: 'connected',
        verified: false,
        reachable: true,
        lastSeen: '1970-01-01T00:00:00.000Z',
      },
      { id: 'kith1eve', name: 'Eve', state: 'incoming', verified: false, reachable: false, lastSeen: null },
    ]);
  });

  test('people nearby, none and some', async () => {
    const none = await world.kith(['nearby', '--json']);
    expect([none.code, none.stdout]).toEqual([0, '']);
    world.node.nearbyViews.push({
      id: 'kith1eve' as PersonId,
      name: 'Eve',
      hue: 3,
      card: 'mesh://add?p=eve',
    });
    expect((await world.kith(['nearby', '--json'])).json()).toEqual([
      { id: 'kith1eve', name: 'Eve', card: 'mesh://add?p=eve' },
    ]);
    const { stdout, stderr } = await world.kith(['nearby']);
    expect(stdout).toBe('Eve  not verified  kith1eve…\nkith add mesh://add?p=eve  # Eve\n');
    expect(stderr).toContain('kith verify');
  });

  test('changes of a contact', async () => {
    world.node.addContact('Bob', { state: 'incoming' });
    const change = async (...words: string[]): Promise<unknown> =>
      (await world.kith([...words, '--json'])).json()[0];
    const bob = { id: 'kith1bob', name: 'Bob', verified: false };
    expect(await change('accept', 'Bob')).toEqual({ contact: { ...bob, state: 'connected' } });
    expect(await change('block', 'Bob')).toEqual({ contact: { ...bob, state: 'blocked' } });
    expect(await change('unblock', 'kith1bob')).toEqual({ contact: { ...bob, state: 'connected' } });
    expect(await change('rename', 'Bob', 'Bob two')).toEqual({
      contact: { ...bob, name: 'Bob two', state: 'connected' },
    });
    expect(await change('remove', 'Bob two')).toEqual({
      contact: { ...bob, name: 'Bob two', state: 'removed' },
    });
  });

  test('verify', async () => {
    world.node.addContact('Bob');
    const [shown] = (await world.kith(['verify', 'Bob', '--json'])).json();
    expect(Object.keys(shown ?? {})).toEqual(['safetyNumber', 'verified']);
    const wrong = await world.kith(['verify', 'Bob', '--matches', '1', '--json']);
    expect([wrong.code, wrong.json()[0]]).toMatchObject([5, { error: { code: 'number-mismatch' } }]);
    const number = String(shown?.['safetyNumber']);
    expect((await world.kith(['verify', 'Bob', '--matches', number, '--json'])).json()).toEqual([
      { safetyNumber: number, verified: true },
    ]);
  });

  test('history and message', async () => {
    const bob = world.node.addContact('Bob');
    const received = world.node.receive(bob, 'line one\nline two');
    const [sent] = (await world.kith(['send', 'Bob', 'hi', '--json'])).json();
    expect(sent).toEqual({ id: expect.stringMatching(/^[0-9a-z]{26}$/) as string, state: 'stored' });
    expect((await world.kith(['history', 'Bob', '--json'])).json()).toEqual([
      {
        id: received.id,
        conversation: bob.conversation,
        from: 'kith1bob',
        direction: 'in',
        text: 'line one\nline two',
        sentAt: '2026-01-02T03:04:05.001Z',
        receivedAt: '2026-01-02T03:04:05.001Z',
        state: 'received',
        ...untouched,
      },
      {
        id: sent?.['id'],
        conversation: bob.conversation,
        from: 'kith1own',
        direction: 'out',
        text: 'hi',
        sentAt: '2026-01-02T03:04:05.002Z',
        receivedAt: null,
        state: 'stored',
        ...untouched,
      },
    ]);
    expect((await world.kith(['message', String(sent?.['id']), '--json'])).json()).toEqual([
      {
        id: sent?.['id'],
        conversation: bob.conversation,
        to: 'kith1bob',
        state: 'stored',
        reason: null,
        createdAt: '2026-01-02T03:04:05.002Z',
        expiresAt: null,
        ledger: [
          {
            state: 'stored',
            at: '2026-01-02T03:04:05.000Z',
            by: 'self',
            device: null,
            attempt: null,
            detail: null,
          },
        ],
      },
    ]);
  });

  test('a long history is read in pages, oldest first, none twice', async () => {
    const bob = world.node.addContact('Bob');
    for (let count = 0; count < 450; count++) world.node.receive(bob, `text ${count}`);
    const texts = (await world.kith(['history', 'Bob', '--limit', '430', '--json']))
      .json()
      .map((row) => row['text']);
    expect(texts).toEqual(Array.from({ length: 430 }, (_, index) => `text ${index + 20}`));
    const before = world.node.stored[10]?.id ?? '';
    expect(
      (await world.kith(['history', 'Bob', '--limit', '3', '--before', before, '--json']))
        .json()
        .map((row) => row['text']),
    ).toEqual(['text 7', 'text 8', 'text 9']);
  });

  test('peers and doctor', async () => {
    world.node.peerViews.push(fakePeer());
    world.node.addresses.push({ address: '/ip4/192.0.2.7/tcp/4001', why: 'contact', atWallMs: 0 });
    expect((await world.kith(['peers', '--json'])).json()).toEqual([
      {
        id: '12D3KooWfake',
        addresses: ['/ip4/192.0.2.7/tcp/4001'],
        lastSeen: '2026-01-02T03:04:05.000Z',
        score: 0.5,
        link: 'lan',
        record: { ageMs: 60_000, expiresInMs: 7_140_000, hops: 2 },
        view: 'active',
      },
    ]);
    expect((await world.kith(['peers'])).stdout).toMatch(
      /^NODE +SEEN .*\n…KooWfake +\d+ d ago +0\.50 +lan +active +1 h left, 2 hops +\/ip4/,
    );
    const [doctor] = (await world.kith(['doctor', '--json'])).json();
    expect(Object.keys(doctor ?? {})).toEqual(['ok', 'checks', 'contacted']);
    const why = 'where a contact was last, or says to be';
    expect(doctor).toMatchObject({ contacted: [{ reason: 'contact', why }] });
  });

  test('status, a link, the end', async () => {
    expect((await world.kith(['status', '--json'])).json()[0]).toMatchObject({
      id: 'kith1own',
      queued: 0,
      lastSeq: 0,
    });
    const [{ url } = {}] = (await world.kith(['status', '--link', '--json'])).json();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?code=[\w-]{43}$/);
    // The process that the node claims to be has ended long ago.
    world.node.pid = spawnSync(process.execPath, ['--version']).pid;
    const stopped = await world.kith(['stop', '--json']);
    expect([stopped.code, stopped.json()]).toEqual([0, [{ stopped: true }]]);
    expect(world.node.isStopped).toBe(true);
  });

  test('version, without anything else', async () => {
    expect((await world.kith(['--version', '--json'])).json()).toEqual([{ version: '0.1.0' }]);
    expect((await world.kith(['--version'])).stdout).toBe('0.1.0\n');
  });

  test('what the node was asked for', async () => {
    const words = ['up', '--name', 'Ada', '--headless', '--port', '8080', '--lan', 'only', '--json'];
    const lists = [
      '--listen',
      '/ip4/0.0.0.0/tcp/1',
      '--listen',
      '/ip4/0.0.0.0/tcp/2',
      '--bootstrap',
      '/ip4/192.0.2.7/tcp/1',
    ];
    expect((await world.kith([...words, ...lists])).json()).toEqual([
      {
        data: world.dataDir,
        name: 'Ada',
        headless: true,
        port: 8080,
        listen: ['/ip4/0.0.0.0/tcp/1', '/ip4/0.0.0.0/tcp/2'],
        lan: 'only',
        bootstrap: ['/ip4/192.0.2.7/tcp/1'],
        unlisted: false,
        json: true,
      },
    ]);
    const records = ['up', '--unlisted', '--record-ttl', '15m', '--hop-limit', '0'];
    expect((await world.kith(records)).json()[0]).toMatchObject({
      unlisted: true,
      recordTtlMs: 900_000,
      hopLimit: 0,
    });
    expect((await world.kith(['up'])).json()[0]).toMatchObject({
      headless: false,
      listen: [],
      json: false,
    });
    expect((await world.kith(['--data', '/elsewhere', 'up'])).json()[0]).toMatchObject({
      data: '/elsewhere',
    });
    expect((await world.kith(['up', '--name', 'Trouble'])).code).toBe(1);
  });
});

describe('the simulator', () => {
  test('what it was asked for, and its exit code, without a profile or a node', async () => {
    await world.silence();
    const words = 'sim --scenario overlay --peers 500 --seed 7 --report a.html --twice --fresh --json'.split(
      ' ',
    );
    const asked = await world.kith(words);
    expect([asked.code, ...asked.json()]).toEqual([
      0,
      {
        scenario: 'overlay',
        peers: 500,
        seed: 7,
        json: true,
        report: 'a.html',
        list: false,
        twice: true,
        fresh: true,
      },
    ]);
    expect((await world.kith(['sim'])).json()).toEqual([
      { json: false, list: false, twice: false, fresh: false },
    ]);
    expect((await world.kith(['sim', '--seed', '13'])).code).toBe(1);
  });

  test('completion of scenarios', async () => {
    const proposed = async (partial: string): Promise<string> =>
      (await world.kith(['__complete', 'sim', '--scenario', partial])).stdout;
    expect(await proposed('o')).toBe('overlay\noutage\n');
    expect(await proposed('a')).toBe('all\n');
  });
});

describe('exit codes', () => {
  test('no node: 3, for every command that needs one', async () => {
    await world.silence();
    const words = [
      ['id'],
      ['card'],
      ['contacts'],
      ['nearby'],
      ['send', 'Bob', 'hi'],
      ['history', 'Bob'],
      ['watch'],
      ['chat', 'Bob'],
    ];
    for (const command of [
      ...words,
      ['status'],
      ['stop'],
      ['peers'],
      ['doctor'],
      ['add', 'x'],
      ['message', 'x'],
    ]) {
      const { code, stdout } = await world.kith([...command, '--json']);
      expect([code, JSON.parse(stdout)], command.join(' ')).toMatchObject([
        3,
        { error: { code: 'no-node' } },
      ]);
    }
    const plain = await world.kith(['id']);
    expect([plain.code, plain.stdout]).toEqual([3, '']);
    expect(plain.stderr).toBe(`kith: ${errorTable['no-node'].sentence}\n`);
  });

  test('wrong usage: 2, with a word on how', async () => {
    const cases: [string[], RegExp][] = [
      [['contatcs'], /did you mean.*contacts/],
      [['id', '--jsn'], /--json/],
      [['send'], /TO/],
      [['send', 'Bob', 'one', 'two'], /Too many arguments/],
      [['send', 'Bob', 'x', '--wait', 'read'], /delivered/],
      [['send', 'Bob', 'x', '--ttl', '5 minutes'], /10s, 15m, 2h or 7d/],
      [['up', '--port', '70000'], /65535/],
      [['up', '--lan', 'maybe'], /only/],
      [['history', 'Bob', '--limit', '0'], /at least 1/],
      [['watch', '--since', '-1'], /whole number/],
      [['completion', 'cmd'], /bash, zsh and fish/],
      [['sim', '--seed', '-1'], /4294967295/],
      [['sim', '--peers', '0'], /at least 1/],
      [['up', '--record-ttl', '3h'], /1m to 2h/],
      [['up', '--record-ttl', '30s'], /1m to 2h/],
      [['up', '--hop-limit', '256'], /0 to 255/],
      [['add'], /--file/],
      [['add', '--file', '/missing/roster'], /cannot be read/],
    ];
    for (const [words, sentence] of cases) {
      const plain = await world.kith(words);
      expect([plain.code, plain.stdout], words.join(' ')).toEqual([2, '']);
      expect(plain.stderr, words.join(' ')).toMatch(sentence);
    }
    for (const words of [['contatcs'], ['send', 'Bob', 'x', '--wait', 'read'], ['add']]) {
      const [error] = (await world.kith([...words, '--json'])).json();
      expect(error, words.join(' ')).toMatchObject({ error: { code: 'usage' } });
    }
  });

  test('refused: 5; failed: 1, with the code of the table', async () => {
    world.node.addContact('Bob', { state: 'blocked' });
    world.node.addContact('Eve', { keyChanged: true });
    const outcome = async (...words: string[]): Promise<unknown> => {
      const { code, stdout } = await world.kith([...words, '--json']);
      return [code, (JSON.parse(stdout) as { error: { code: string } }).error.code];
    };
    expect(await outcome('send', 'Bob', 'hi')).toEqual([5, 'blocked']);
    expect(await outcome('send', 'Eve', 'hi')).toEqual([5, 'key-changed']);
    expect(await outcome('send', 'Nobody', 'hi')).toEqual([1, 'unknown-contact']);
    expect(await outcome('send', 'Eve', '')).toEqual([5, 'key-changed']);
    expect(await outcome('add', 'no card')).toEqual([1, 'bad-card']);
    expect(await outcome('name', '')).toEqual([1, 'bad-name']);
    expect(await outcome('message', 'none')).toEqual([1, 'unknown-message']);
    world.node.failure = new KithError('ambiguous', 'Bob is kith1a or kith1b. Use the id.');
    expect((await world.kith(['history', 'Bob'])).stderr).toBe(
      'kith: Bob is kith1a or kith1b. Use the id.\n',
    );
    world.node.failure = new Error('a secret of the inside');
    const inside = await world.kith(['id']);
    expect(inside.stderr).toBe(`kith: ${errorTable.internal.sentence}\n`);
  });

  test('more than the node takes in one call is said here, not cut off there', async () => {
    world.node.addContact('Bob');
    // Every one of these grows sixfold in JSON.
    const long = '\u0001'.repeat(60_000);
    const sent = await world.kith(['send', 'Bob', long, '--json']);
    expect([sent.code, sent.json()[0]]).toMatchObject([1, { error: { code: 'message-too-long' } }]);
    const chatted = await world.kith(['chat', 'Bob', '--json'], { input: `${long}\nhello\n` });
    expect([chatted.code, ...chatted.json()]).toMatchObject([
      1,
      { error: { code: 'message-too-long' } },
      { state: 'stored' },
    ]);
    const added = await world.kith(['add', '-', '--json'], { input: 'x'.repeat(400_000) });
    expect([added.code, added.json()[0]]).toMatchObject([1, { error: { code: 'bad-card' } }]);
  });

  test('doctor fails when a check fails', async () => {
    const found = { name: 'disk', code: 'record.none', values: {}, detail: 'It is full.' } as const;
    world.node.checks = [{ ...found, status: 'fail', fix: 'Free some space.' }];
    const { code, stdout } = await world.kith(['doctor']);
    expect(code).toBe(1);
    expect(stdout).toContain('fail  disk: It is full.\n      Free some space.\n');
  });
});
