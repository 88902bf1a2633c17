/** Commands that wait, follow and talk. Nothing here sleeps: the double of the node makes things happen. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ContactView } from '@kith/core/peer/contract';
import { World } from './world.ts';

let world: World;
let bob: ContactView;

beforeEach(async () => {
  world = new World();
  bob = world.node.addContact('Bob');
  await world.serve();
});
afterEach(async () => {
  await world.close();
});

describe('send --wait', () => {
  test('a state that is reached before anybody could look is not missed', async () => {
    world.node.onSent = ({ id }) => {
      world.node.advance(id, 'sent');
      world.node.advance(id, 'delivered');
    };
    const delivered = await world.kith(['send', 'Bob', 'hi', '--wait', 'delivered', '--json']);
    expect([delivered.code, delivered.json()]).toEqual([
      0,
      [{ id: world.node.stored[0]?.id, state: 'delivered' }],
    ]);
    const sent = await world.kith(['send', 'Bob', 'hi', '--wait', 'sent', '--json']);
    expect(sent.json()[0]).toMatchObject({ state: 'sent' });
  });

  test('a state that comes later is waited for; events of other messages are not ours', async () => {
    const other = await world.kith(['send', 'Bob', 'other']);
    world.node.onSent = ({ id }) => {
      world.node.advance(other.stdout.trim(), 'delivered');
      setImmediate(() => world.node.advance(id, 'delivered'));
    };
    const { code, stdout, stderr } = await world.kith(['send', 'Bob', 'hi', '--wait', 'delivered']);
    expect([code, stdout, stderr]).toEqual([0, `${world.node.stored[1]?.id}\n`, 'delivered.\n']);
  });

  test('the wait ends with 4, and tells the id of what stays queued', async () => {
    const words = ['send', 'Bob', 'hi', '--wait', 'delivered', '--timeout', '1s'];
    const { code, json } = await world.kith([...words, '--json']);
    const [message] = world.node.stored;
    expect([code, json()]).toMatchObject([
      4,
      [{ id: message?.id, state: 'stored', error: { code: 'timeout' } }],
    ]);
    expect(message?.state).toBe('stored');
    const plain = await world.kith(words);
    expect([plain.code, plain.stdout]).toEqual([4, `${world.node.stored[1]?.id}\n`]);
    expect(plain.stderr).toContain('stays queued');
  });

  test('a failed one ends the wait at once', async () => {
    world.node.onSent = ({ id }) => world.node.advance(id, 'expired', 'Nobody was there for 2 h.');
    const { code, json } = await world.kith(['send', 'Bob', 'hi', '--wait', 'delivered', '--json']);
    expect([code, json()]).toMatchObject([
      1,
      [{ state: 'expired', error: { code: 'expired', message: 'Nobody was there for 2 h.' } }],
    ]);
  });

  test('goes on through a restart of the node', async () => {
    const running = world.start(['send', 'Bob', 'hi', '--wait', 'delivered', '--json'], { input: '' });
    await world.node.until(() => world.node.listenerCount === 1);
    await world.silence();
    world.node.advance(world.node.stored[0]?.id ?? '', 'delivered');
    await world.serve();
    const { code, json, stderr } = await running.ended;
    expect([code, json()[0]?.['state']]).toEqual([0, 'delivered']);
    expect(stderr).toBe('The node went away. Waiting for it.\nThe node is back.\n');
  });
});

describe('watch', () => {
  test('prints what happens, from now or from a number', async () => {
    world.node.receive(bob, 'before');
    const live = world.start(['watch', '--json']);
    await world.node.until(() => world.node.listenerCount === 1);
    world.node.receive(bob, 'now');
    expect(JSON.parse(await live.line())).toMatchObject({
      seq: 2,
      at: '2026-01-02T03:04:05.002Z',
      event: 'message',
      data: { text: 'now', direction: 'in', from: 'kith1bob' },
    });
    const past = world.start(['watch', '--since', '0', '--json']);
    const [one, two] = [await past.line(), await past.line()];
    expect([one, two].map((line) => (JSON.parse(line) as { seq: number }).seq)).toEqual([1, 2]);
    live.child.kill();
    past.child.kill();
    await Promise.all([live.ended, past.ended]);
  });

  test('goes on by itself, without a gap', async () => {
    const running = world.start(['watch', '--since', '0', '--json']);
    world.node.receive(bob, 'one');
    expect(JSON.parse(await running.line())).toMatchObject({ seq: 1 });
    await world.silence();
    world.node.receive(bob, 'two');
    world.node.receive(bob, 'three');
    await world.serve();
    expect(JSON.parse(await running.line())).toMatchObject({ seq: 2 });
    expect(JSON.parse(await running.line())).toMatchObject({ seq: 3 });
    running.child.kill();
    const { stdout } = await running.ended;
    expect(stdout.trim().split('\n').length).toBe(3);
  });

  test('for people, one line each', async () => {
    const running = world.start(['watch', '--since', '0']);
    world.node.receive(bob, 'two\nlines \u001b[2J');
    expect(await running.line()).toMatch(/ message from kith1bob: two lines $/);
    world.node.emit('peer', { id: world.node.peerViews[0]?.id ?? ('x' as never), link: 'lan' });
    expect(await running.line()).toMatch(/ peer x: lan$/);
    running.child.kill();
    await running.ended;
  });
});

describe('chat', () => {
  test('sends every line, shows what comes, and ends with the input', async () => {
    world.node.receive(bob, 'earlier');
    const running = world.start(['chat', 'Bob']);
    expect(await running.line()).toMatch(/ Bob: earlier$/);
    await world.node.until(() => world.node.listenerCount === 1);
    running.child.stdin.write('hello Bob\n\n');
    await world.node.until(() => world.node.stored.length === 2);
    world.node.receive(bob, 'hello \u001b]0;x\u0007you');
    expect(await running.line()).toMatch(/ Bob: hello you$/);
    world.node.advance(world.node.stored[1]?.id ?? '', 'delivered');
    running.child.stdin.end('bye');
    const { code, stderr } = await running.ended;
    expect(code).toBe(0);
    expect(world.node.stored.map((row) => row.text)).toEqual([
      'earlier',
      'hello Bob',
      'hello \u001b]0;x\u0007you',
      'bye',
    ]);
    expect(stderr).toContain('delivered: hello Bob');
  });

  test('other conversations stay outside', async () => {
    const eve = world.node.addContact('Eve');
    const running = world.start(['chat', 'kith1bob', '--json']);
    await world.node.until(() => world.node.listenerCount === 1);
    world.node.receive(eve, 'psst');
    world.node.receive(bob, 'hi');
    expect(JSON.parse(await running.line())).toMatchObject({ text: 'hi', from: 'kith1bob' });
    running.child.stdin.end('/quit\nnever sent\n');
    expect((await running.ended).code).toBe(0);
    expect(world.node.stored.some((row) => row.text === 'never sent')).toBe(false);
  });

  test('a session that was set up anew is said at the beginning, until it was seen', async () => {
    world.node.keptOf.set(bob.conversation, { sessionResetWallMs: Date.parse('2026-01-02T03:04:05Z') });
    const first = world.start(['chat', 'Bob']);
    first.child.stdin.end('/seen\n');
    const { code, stderr } = await first.ended;
    expect([code, world.node.stored]).toEqual([0, []]);
    expect(stderr).toContain('The secure session with Bob was set up anew on ');
    const again = world.start(['chat', 'Bob']);
    again.child.stdin.end('');
    expect((await again.ended).stderr).not.toContain('set up anew');
  });

  test('a line that is refused is told, and the talk goes on', async () => {
    const running = world.start(['chat', 'Bob']);
    bob.keyChanged = true;
    running.child.stdin.write('one\n');
    await world.node.until(() => world.node.refused === 1);
    bob.keyChanged = false;
    running.child.stdin.end('two\n');
    const { code, stderr } = await running.ended;
    expect(code).toBe(5);
    expect(stderr).toContain('safety numbers');
    expect(world.node.stored.map((row) => row.text)).toEqual(['two']);
  });
});

describe('completion', () => {
  test('commands, flags, values and names', async () => {
    world.node.addContact('Bobby Tables');
    world.node.addContact('Carol');
    const propose = async (...words: string[]): Promise<string[]> =>
      (await world.kith(['__complete', ...words])).stdout.split('\n').filter((line) => line !== '');
    expect(await propose('con')).toEqual(['contacts']);
    expect(await propose('nea')).toEqual(['nearby']);
    expect(await propose('send', 'Bo')).toEqual(['Bob', 'Bobby Tables']);
    expect(await propose('send', 'Bob', '--wa')).toEqual(['--wait']);
    expect(await propose('send', 'Bob', '--wait', 'd')).toEqual(['delivered']);
    expect(await propose('completion', 'z')).toEqual(['zsh']);
    await world.silence();
    expect(await propose('send', 'Bo')).toEqual([]);
  });

  test('in a real bash', async () => {
    const { stdout } = await world.kith(['completion', 'bash']);
    const script = `kith() { "${process.execPath}" "${join(import.meta.dirname, 'program.ts')}" "$@"; }
${stdout}
COMP_WORDS=(kith verify Bo) COMP_CWORD=2
_kith; printf '%s|' "\${COMPREPLY[@]}"
COMP_WORDS=(kith wat) COMP_CWORD=1
_kith; printf '%s|' "\${COMPREPLY[@]}"`;
    world.node.addContact('Bob $(touch planted)');
    const running = spawnOutside(script);
    expect(await running).toBe(String.raw`Bob|Bob\ \$\(touch\ planted\)|watch|`);
  });

  test.each([
    ['zsh', ['-n']],
    ['fish', ['--no-execute']],
  ])('the script of %s is sound', async (shell, check) => {
    const { stdout } = await world.kith(['completion', shell]);
    expect(stdout).toContain('kith __complete');
    const { error, status } = spawnSync(shell, [...check, '-c', stdout]);
    if (error === undefined) expect(status).toBe(0);
    else
      process.stderr.write(
        `SKIPPED: ${shell} is not on this machine; its completion script was not parsed\n`,
      );
  });
});

/** The shell calls back into this process, so this process must not stand still meanwhile. */
async function spawnOutside(script: string): Promise<string> {
  const { spawn } = await import('node:child_process');
  const child = spawn('bash', ['-c', script], {
    env: { PATH: process.env['PATH'], HOME: world.dataDir, KITH_DATA: world.dataDir },
    cwd: world.dataDir,
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
  await new Promise((resolve) => child.on('close', resolve));
  return out;
}
