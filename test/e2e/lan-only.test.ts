/**
 * Goal: with `--lan only` nothing at all goes to the wide network, and who comes from there is reset; without the switch the
 * same node does talk with it.
 * Method: a host with a LAN (a bridge) and a way out (45.66.77.0/24, with the default route: it exists only here). Packets
 * are counted by the kernel, at the interface that leads out. Neighbours are written down by hand, IPv6 is off: an
 * interface that nobody uses counts nothing.
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { skipAloud } from '../skip.ts';
import { createLan, namespacesMissing, type Lan } from './namespaces.ts';
import { createStage, type Home, type Stage } from './node-process.ts';

const missing = namespacesMissing();
function describeOnLan(name: string, tests: () => void): void {
  if (missing === undefined) describe(name, tests);
  else skipAloud(name, missing);
}

const [here, there] = ['45.66.77.1', '45.66.77.2'];

describeOnLan('a node on a LAN with a way out', () => {
  let lan: Lan | undefined;
  let stage: Stage | undefined;

  afterEach(async () => {
    await stage?.clear();
    lan?.remove();
  });

  /** Host 0 gets the way out, host 2 is what lies there; host 1 is on the LAN. */
  function build(): { lan: Lan; stage: Stage; people: Home[] } {
    const made = createLan({ hosts: 3, ipv4: true, ipv6: 'none' });
    lan = made;
    made.link(2, 'down');
    made.ip(2, 'address', 'del', `${made.address4(2)}/24`, 'dev', 'eth0');
    made.ip(0, 'link', 'add', 'wan0', 'type', 'veth', 'peer', 'name', 'wan0', 'netns', made.hosts[2]!);
    for (const [host, address] of [
      [0, here],
      [2, there],
    ] as const) {
      made.ip(host, 'address', 'add', `${address}/24`, 'dev', 'wan0');
      made.ip(host, 'link', 'set', 'wan0', 'up');
    }
    for (const [host, other] of [
      [0, 2],
      [2, 0],
    ] as const) {
      const mac = made.ip(other, '-json', 'link', 'show', 'wan0');
      const [link] = JSON.parse(mac) as { address: string }[];
      const address = host === 0 ? there : here;
      made.ip(host, 'neigh', 'replace', address, 'lladdr', link!.address, 'dev', 'wan0', 'nud', 'permanent');
    }
    made.ip(0, 'route', 'add', 'default', 'via', there);
    const staged = createStage();
    stage = staged;
    const people = ['ann', 'bob', 'far'].map((name, host) =>
      staged.home(name, { namespace: made.hosts[host] }),
    );
    return { lan: made, stage: staged, people };
  }

  /** Packets that host 0 sent out to the wide network since it exists. */
  function sentOut(): number {
    const text = lan!.ip(0, '-json', '-statistics', 'link', 'show', 'wan0');
    const [link] = JSON.parse(text) as { stats64: { tx: { packets: number } } }[];
    return link!.stats64.tx.packets;
  }

  test('sends nothing there with LAN only, and does without', { timeout: 120_000 }, async () => {
    const { people } = build();
    const [ann, bob, far] = people as [Home, Home, Home];
    await far.up(['--lan', 'off', '--listen', `/ip4/${there}/tcp/4100`]);
    const { card } = await far.json<{ card: string }>(['card']);
    expect(sentOut()).toBe(0);

    const only = await ann.up(['--lan', 'only']);
    expect(only.ready.listen.some((address) => address.includes('10.77.0.1'))).toBe(true);
    expect(only.ready.listen.join(' ')).not.toContain(here);
    const wanted = await ann.json<{ contact: { state: string } }>(['add', card, '--name', 'far']);
    expect(wanted.contact.state).toBe('requested');
    // A neighbour on the LAN is found meanwhile, by mDNS, and talks: time enough for whatever else there is to try.
    const events = await ann.follow();
    await bob.up(['--lan', 'only']);
    await events.until('a link on the LAN', ({ event, data }) => event === 'peer' && data.link === 'lan');
    const { card: token } = await ann.json<{ card: string }>(['card', '--once']);
    await bob.json(['add', token, '--name', 'ann']);
    const sent = await bob.json<{ state: string }>(['send', 'ann', 'hello', '--wait', 'delivered']);
    expect(sent.state).toBe('delivered');
    const doctor = await ann.json<{ contacted: { address: string }[] }>(['doctor']);
    expect(doctor.contacted.map(({ address }) => address).join(' ')).not.toContain('45.66');
    expect(sentOut()).toBe(0);
    await only.stop();
    expect(sentOut()).toBe(0);

    // The same profile without the switch: the counter does count.
    await ann.up(['--lan', 'on']);
    const free = await ann.follow();
    await free.until(
      'a link to the node out there',
      ({ event, data }) => event === 'peer' && data.link === 'direct',
    );
    expect(sentOut()).toBeGreaterThan(0);
  });

  test('resets who comes from there before a byte is read', { timeout: 60_000 }, async () => {
    const { lan: made, people } = build();
    const [ann] = people as [Home, Home, Home];
    const program = `
      const socket = require('node:net').connect(4200, '${here}');
      socket.on('data', () => { console.log('answered'); process.exit(); });
      socket.on('error', (error) => console.log(error.code));
      socket.on('connect', () => socket.write('\\x13/multistream/1.0.0\\n'));
      socket.on('close', () => process.exit());`;
    const knock = async (): Promise<string> => {
      const child = made.spawn(2, process.execPath, ['-e', program], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said = '';
      child.stdout!.on('data', (data: Buffer) => (said += data.toString()));
      await once(child, 'close');
      return said.trim();
    };
    const only = await ann.up(['--lan', 'only', '--listen', '/ip4/0.0.0.0/tcp/4200']);
    expect(await knock()).toMatch(/^(ECONNRESET|EPIPE)$/);
    await only.stop();
    await ann.up(['--lan', 'on', '--listen', '/ip4/0.0.0.0/tcp/4200']);
    expect(await knock()).toBe('answered');
  });
});

test('the namespaces of these tests do not outlive them', () => {
  if (missing !== undefined) return;
  const left = execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' });
  expect(left.split('\n').filter((name) => name.startsWith(`kith${process.pid}x`))).toEqual([]);
});
