import { expect, test } from 'vitest';
import { checkLock, checkManifest } from './lock.ts';

const goodLock = {
  packages: {
    '': { name: 'kith' },
    'node_modules/@kith/core': { resolved: 'packages/core', link: true },
    'packages/core': { name: '@kith/core' },
    'node_modules/ms': { version: '2.1.3', integrity: 'sha512-x' },
  },
};

test('exact versions pass, ranges and tags are named', () => {
  expect(
    checkManifest('package.json', { dependencies: { ms: '2.1.3' }, devDependencies: { a: '1.0.0-rc.1' } }),
  ).toEqual([]);
  for (const version of ['^2.1.3', '~2.1.3', '2.x', 'latest', '*', 'https://example.org/a.tgz', 1]) {
    const problems = checkManifest('package.json', { devDependencies: { ms: version } });
    expect(problems).toEqual([expect.stringContaining('package.json: devDependencies ms')]);
  }
});

test('a lock file without addresses passes', () => {
  expect(checkLock('package-lock.json', goodLock)).toEqual([]);
});

test('an address, a missing hash and an empty lock file are each named', () => {
  const withEntry = (entry: { [key: string]: string }) =>
    checkLock('lock', { packages: { ...goodLock.packages, 'node_modules/ms': entry } });
  expect(withEntry({ integrity: 'sha512-x', resolved: 'https://example.org/ms.tgz' })).toEqual([
    expect.stringContaining('node_modules/ms carries the address'),
  ]);
  expect(withEntry({ version: '2.1.3' })).toEqual([expect.stringContaining('no integrity')]);
  expect(checkLock('lock', {})).toEqual([expect.stringContaining('nothing was checked')]);
});
