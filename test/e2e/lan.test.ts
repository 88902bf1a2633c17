import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { skipAloud } from '../skip.ts';
import { capture, type Packet } from './capture.ts';
import { LanHost, type LanHostOptions } from './lan-process.ts';
import { createLan, namespacesMissing, type Lan } from './namespaces.ts';

const missing = namespacesMissing();
function describeOnLan(name: string, tests: () => void): void {
  if (missing === undefined) describe(name, tests);
  else skipAloud(name, missing);
}

describeOnLan('two nodes on a bridge without any route', () => {
  let lan: Lan | undefined;
  const hosts: LanHost[] = [];

  function start(host: number, options: Partial<LanHostOptions> | 'ghost' = {}): LanHost {
    const whole = options === 'ghost' ? options : { lan: 'on' as const, dials: true, listen: [], ...options };
    const started = new LanHost(lan!, host, whole);
    hosts.push(started);
    return started;
  }

  beforeEach(() => {
    lan = undefined;
  });

  afterEach(async () => {
    await Promise.all(hosts.splice(0).map((host) => host.stop()));
    lan?.remove();
  });

  for (const [name, options] of [
    ['IPv4 alone', { hosts: 2, ipv4: true, ipv6: 'none' }],
    ['IPv6 alone, link-local', { hosts: 2, ipv4: false, ipv6: 'link-local' }],
    ['IPv6 alone, with unique local addresses', { hosts: 2, ipv4: false, ipv6: 'ula' }],
    ['both', { hosts: 2, ipv4: true, ipv6: 'ula' }],
  ] as const) {
    test(`find and link each other: ${name}`, async () => {
      lan = createLan(options);
      const [first, second] = [start(0), start(1)];
      const [, , , address, path] = await first.event('linkUp');
      await second.event('linkUp');
      expect(path).toBe('lan');
      if (options.ipv6 === 'none') expect(address).toContain('/ip4/10.77.0.2/');
      if (!options.ipv4) expect(address).toContain('/ip6/');
      expect((await first.event('frame'))[2]).toBe('hello');
      expect((await second.event('frame'))[2]).toBe('hello');
      expect(first.count('linkUp') - first.count('linkDown')).toBe(1);
      expect(second.count('linkUp') - second.count('linkDown')).toBe(1);
    });
  }

  test('only the two mDNS groups and the other node are contacted, whatever the defaults', async () => {
    lan = createLan({ hosts: 2, ipv4: true, ipv6: 'ula' });
    const wire = await capture(lan.bridge);
    const [first, second] = [start(0), start(1)];
    await Promise.all([first.event('frame'), second.event('frame')]);
    const [, contacted] = await first.report();
    await Promise.all([first.stop(), second.stop()]);
    const packets = wire.packets();
    await wire.stop();
    const own = new Set([lan.address4(0), lan.address4(1), lan.address6(0), lan.address6(1)]);
    const stray = packets.filter((packet) => !expected(packet, own));
    expect(stray.map(({ from, to, protocol, toPort }) => ({ from, to, protocol, toPort }))).toEqual([]);
    expect(packets.some(({ to, toPort }) => to === '224.0.0.251' && toPort === 5353)).toBe(true);
    expect(packets.some(({ protocol }) => protocol === 6)).toBe(true);
    for (const { address } of contacted) {
      expect(address).toMatch(
        /^\/(ip4\/(10\.77\.0\.2|224\.0\.0\.251)|ip6\/(fd77::2|ff02::fb)|ip6zone\/eth0\/ip6\/fe80::)/,
      );
    }
  });

  test('with LAN off nothing at all is sent', async () => {
    lan = createLan({ hosts: 2, ipv4: true, ipv6: 'ula' });
    const wire = await capture(lan.bridge);
    const [first, second] = [start(0, { lan: 'off' }), start(1, { lan: 'on' })];
    // The second announces for a while: time enough for the first to answer if it did.
    await Promise.all([first.event('started'), second.event('started')]);
    await first.stop();
    await second.stop();
    const packets = wire.packets();
    await wire.stop();
    expect(packets.some(({ from, toPort }) => from === lan!.address4(1) && toPort === 5353)).toBe(true);
    expect(packets.filter(({ from, protocol }) => from === lan!.address4(0) && protocol !== 2)).toEqual([]);
    expect(second.count('lanFound')).toBe(0);
  });

  test('a cable pulled and put back: lost, then found again', async () => {
    lan = createLan({ hosts: 2, ipv4: true, ipv6: 'none' });
    const [first, second] = [start(0, { dials: false }), start(1, { dials: false })];
    await Promise.all([first.event('lanFound'), second.event('lanFound')]);
    lan.ip(0, 'link', 'set', 'eth0', 'down');
    await first.event('lanLost');
    lan.ip(0, 'link', 'set', 'eth0', 'up');
    await first.event('lanFound', 2);
  });

  test('a link ends with the network it was on, and stands again when that is back', async () => {
    lan = createLan({ hosts: 2, ipv4: true, ipv6: 'none' });
    const [first, second] = [start(0), start(1)];
    await Promise.all([first.event('frame'), second.event('frame')]);
    lan.ip(0, 'link', 'set', 'eth0', 'down');
    expect((await first.event('linkDown'))[2]).toBe('this machine left that network');
    lan.ip(0, 'link', 'set', 'eth0', 'up');
    await Promise.all([first.event('frame', 2), second.event('frame', 2)]);
    // The other side could not hear of the end; the new link took the place of the old.
    expect(second.count('linkUp') - second.count('linkDown')).toBe(1);
  });

  test('a node that stops says goodbye', async () => {
    lan = createLan({ hosts: 2, ipv4: true, ipv6: 'none' });
    const [first, second] = [start(0, { dials: false }), start(1, { dials: false })];
    await Promise.all([first.event('lanFound'), second.event('lanFound')]);
    await second.stop();
    await first.event('lanLost');
  });

  test('a firewall that lets mDNS through but not TCP gets a sentence', async () => {
    lan = createLan({ hosts: 2, ipv4: true, ipv6: 'none' });
    const first = start(0);
    start(1, 'ghost');
    const [, , code] = await first.event('dialFailed');
    expect(code).toBe('refused');
    const [, , troubles] = await first.report();
    expect(troubles).toEqual([
      expect.objectContaining({
        code: 'lan-silent',
        detail: 'mDNS heard 1 node, but none answered by TCP: a firewall?',
      }),
    ]);
  });
});

/** Neighbour discovery and group membership are the kernel's; the rest must be mDNS or the other node. */
function expected(packet: Packet, own: Set<string>): boolean {
  const { kind, from, to, protocol, toPort } = packet;
  if (kind === 'arp') return true;
  if (kind === 'other') return false;
  const neighbour = own.has(from) || from.startsWith('fe80:') || from === '::';
  if (protocol === 2 || protocol === 58 || protocol === 0) return neighbour || from === '0.0.0.0';
  if (protocol === 17) return neighbour && toPort === 5353 && (to === '224.0.0.251' || to === 'ff02::fb');
  return protocol === 6 && neighbour && (own.has(to) || to.startsWith('fe80:'));
}
