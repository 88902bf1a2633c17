import { expect, test } from 'vitest';
import { FakeWire } from './fake-network.ts';
import { networkContract } from './network-contract.ts';
import { NetworkRecorder } from './network-recorder.ts';

networkContract('in memory', () => {
  const wire = new FakeWire();
  return { create: (lan) => wire.create(lan), nobody: '/ip4/10.9.9.9/tcp/4001' };
});

test('by hand, nothing happens until it is run', async () => {
  const wire = new FakeWire('manual');
  const [first, second] = [new NetworkRecorder(), new NetworkRecorder()];
  const network = wire.create('on');
  await network.start(first);
  await wire.create('on').start(second);
  expect(first.all('lanFound')).toEqual([]);
  expect(wire.run()).toBe(2);
  expect(first.all('lanFound')).toEqual([['lanFound', second.self, second.addresses]]);
  network.dial(1, second.self, second.addresses, 'lan');
  expect(first.links.size).toBe(0);
  wire.run();
  expect(first.links.size).toBe(1);
  await network.stop();
  wire.run();
  expect(second.all('lanLost').length).toBe(1);
  expect(second.links.size).toBe(0);
});
