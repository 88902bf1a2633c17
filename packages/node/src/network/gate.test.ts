import { expect, test } from 'vitest';
import { multiaddr } from '@multiformats/multiaddr';
import { Gate, type Incoming } from './gate.ts';
import { inboundPendingPerHostMax } from './limits.ts';

function incoming(address: string): Incoming & { close(): void } {
  const listeners: (() => void)[] = [];
  return {
    remoteAddr: multiaddr(address),
    addEventListener: (_type, listener) => listeners.push(listener),
    close: () => listeners.forEach((listener) => listener()),
  };
}

test.each([
  ['/ip4/10.0.0.1/tcp/1', true, true],
  ['/ip6zone/eth0/ip6/fe80::1/tcp/1', true, true],
  ['/ip4/192.0.2.1/tcp/1', true, false],
  ['/dns4/example.org/tcp/1', true, false],
  ['/ip4/1.2.3.4/tcp/1/p2p-circuit', false, false],
])('%s: allowed %s, with LAN only %s', (address, always, nearOnly) => {
  for (const [gate, allowed] of [
    [new Gate(false), always],
    [new Gate(true), nearOnly],
  ] as const) {
    expect(gate.allows(address)).toBe(allowed);
    expect(gate.gater().denyDialMultiaddr?.(multiaddr(address))).toBe(!allowed);
  }
});

test('LAN only: who comes from far away is turned away', () => {
  const gate = new Gate(true);
  expect(gate.admits(incoming('/ip4/192.0.2.1/tcp/1'))).toBe(false);
  expect(gate.admits(incoming('/ip6/2001:db8::1/tcp/1'))).toBe(false);
  expect(gate.admits(incoming('/ip4/192.168.0.1/tcp/1'))).toBe(true);
});

test('one address has few unfinished connections; finishing or closing gives the place back, once', () => {
  const gate = new Gate(false);
  const pending = Array.from({ length: inboundPendingPerHostMax }, (_, port) =>
    incoming(`/ip4/192.0.2.1/tcp/${port + 1}`),
  );
  for (const connection of pending) expect(gate.admits(connection)).toBe(true);
  const late = incoming('/ip4/192.0.2.1/tcp/999');
  expect(gate.admits(late)).toBe(false);
  expect(gate.admits(incoming('/ip4/192.0.2.2/tcp/1'))).toBe(true);
  gate.finished(pending[0]!);
  pending[0]!.close();
  expect(gate.admits(incoming('/ip4/192.0.2.1/tcp/1000'))).toBe(true);
  expect(gate.admits(late)).toBe(false);
  pending[1]!.close();
  expect(gate.admits(late)).toBe(true);
});
