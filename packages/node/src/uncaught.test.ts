import { expect, test } from 'vitest';
import { isOfConnection } from './uncaught.ts';

function errorWith(...frames: string[]): Error {
  const error = new Error('planted');
  error.stack = [
    'Error: planted',
    ...frames.map((frame) => `    at run (file:///home/ann/kith/${frame}:1:1)`),
  ].join('\n');
  return error;
}

test('an error out of a connection does not end the node', () => {
  expect(isOfConnection(errorWith('node_modules/@libp2p/yamux/dist/src/muxer.js'))).toBe(true);
  expect(
    isOfConnection(errorWith('node_modules/ws/lib/receiver.js', 'packages/node/src/network/links.ts')),
  ).toBe(true);
});

test('an error of ours does, also below a library', () => {
  expect(isOfConnection(errorWith('packages/node/src/driver/driver.ts'))).toBe(false);
  expect(
    isOfConnection(
      errorWith('node_modules/@libp2p/yamux/dist/src/muxer.js', 'packages/node/src/driver/driver.ts'),
    ),
  ).toBe(false);
  expect(isOfConnection(errorWith('packages/node/src/network/lan/socket.ts'))).toBe(false);
  expect(isOfConnection('no error at all')).toBe(false);
});
