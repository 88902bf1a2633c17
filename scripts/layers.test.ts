import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkLayers, type Problem } from './layers.ts';
import { rooms } from './rooms.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kith-layers-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function check(files: { [file: string]: string }): Problem[] {
  for (const [file, source] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), source);
  }
  return checkLayers(root);
}

const peer = 'packages/core/src/peer/peer.ts';
const outbox = 'packages/core/src/protocol/outbox/outbox.ts';

/** [what is planted, the file, its source, the rule that must speak]. */
const faults: [string, string, string, Problem['rule']][] = [
  ['a package in base', 'packages/core/src/base/x.ts', `import ws from 'ws';`, 'import'],
  ['a built-in in base', 'packages/core/src/base/x.ts', `import fs from 'node:fs';`, 'import'],
  ['a sibling machine', outbox, `import { a } from '../relay/relay.ts';`, 'import'],
  ['a sibling machine by type', outbox, `import type { A } from '../relay/relay.ts';`, 'import'],
  ['a sibling machine by export', outbox, `export { a } from '../relay/relay.ts';`, 'import'],
  ['a sibling machine by export of all', outbox, `export * from '../relay/relay.ts';`, 'import'],
  [
    'a sibling machine by type expression',
    outbox,
    `type A = import('../relay/relay.ts').A; export const a = 1 as A;`,
    'import',
  ],
  [
    'a sibling machine, lazily',
    'packages/node/src/driver/x.ts',
    `void import('../network/network.ts');`,
    'import',
  ],
  ['something above', 'packages/core/src/wire/x.ts', `import { Peer } from '../peer/peer.ts';`, 'import'],
  ['libp2p outside the network', 'packages/node/src/driver/x.ts', `import { a } from 'libp2p';`, 'import'],
  ['a library by require', 'packages/node/src/driver/x.ts', `const a = require('libp2p');`, 'import'],
  ['a library by createRequire', 'packages/node/src/driver/x.ts', `createRequire('')('libp2p');`, 'import'],
  [
    'sqlite in main',
    'packages/node/src/main.ts',
    `import a from 'better-sqlite3-multiple-ciphers';`,
    'import',
  ],
  ['the node in a client', 'packages/cli/src/x.ts', `import { start } from '@kith/node/main';`, 'import'],
  ['the core in a client', 'packages/cli/src/x.ts', `import { a } from '@kith/core/base/ids';`, 'import'],
  ['a backend in a machine', peer, `import { a } from '../crypto/native/backend.ts';`, 'door'],
  [
    'a way around the exports',
    'packages/node/src/main.ts',
    `import { a } from '../../core/src/peer/peer.ts';`,
    'package',
  ],
  ['a test', peer, `import { a } from './peer.test.ts';`, 'test'],
  ['a test double', peer, `import { a } from '../../test/peer-world.ts';`, 'test'],
  ['a test library', peer, `import { test } from 'vitest';`, 'test'],
  ['Date.now', peer, `export const now = () => Date.now();`, 'pure'],
  ['new Date', peer, `export const now = () => new Date();`, 'pure'],
  ['Math.random', peer, `export const roll = () => Math.random();`, 'pure'],
  ['Math.random in disguise', peer, `export const roll = () => Math['random']();`, 'pure'],
  ['performance', peer, `export const now = () => performance.now();`, 'pure'],
  ['a timer', peer, `setTimeout(() => {}, 1);`, 'pure'],
  ['process', peer, `export const all = process.env;`, 'pure'],
  ['fetch', peer, `fetch('x');`, 'pure'],
  ['a promise', peer, `export const a = (): Promise<void> => b;`, 'pure'],
  ['a promise by value', peer, `export const a = Promise.resolve();`, 'pure'],
  ['an async function', peer, `export async function a() {}`, 'pure'],
  ['an async arrow', peer, `export const a = async () => {};`, 'pure'],
  ['await', peer, `await a;`, 'pure'],
  ['401 lines', peer, '\n'.repeat(401), 'length'],
  ['a folder without a room', 'packages/core/src/stuff/x.ts', '', 'room'],
  ['a name that says nothing', 'packages/core/src/peer/utils.ts', '', 'name'],
  ['a double cast', peer, `export const a = 1 as unknown as string;`, 'cast'],
  ['what cannot be parsed', peer, `export const = ;`, 'syntax'],
];

describe('a planted fault is named by file, rule and reason', () => {
  test.each(faults)('%s', (_what, file, source, rule) => {
    const problems = check({ [file]: source });
    expect(problems.map((problem) => [problem.file, problem.rule])).toEqual([[file, rule]]);
    expect(problems[0]?.detail).not.toBe('');
    expect(problems[0]?.because).not.toBe('');
  });
});

test('what is allowed passes', () => {
  const problems = check({
    'packages/core/src/crypto/card/card.ts': `import { bech32m } from '@scure/base';`,
    [peer]: `
      // Date.now() and setTimeout in a comment
      import { a } from '../protocol/outbox/outbox.ts';
      export const text = 'Date.now() await fetch(';
      export const take = (process: { Date: number }) => process.Date + a;
      export interface Fetched { fetch: number; Date: string }`,
    [outbox]: `import { a } from './ledger.ts'; import { b } from '../../wire/frame.ts';`,
    'packages/core/src/peer/long.ts': `// @long one table of all frames\n${'\n'.repeat(400)}`,
    'packages/node/src/main.ts': `import { native } from '@kith/core/crypto/native/backend'; await native;`,
    'packages/core/src/peer/peer.test.ts': `import { test } from 'vitest'; setTimeout(test, Date.now());`,
  });
  expect(problems).toEqual([]);
});

test('a checkout without files fails: nothing would have been checked', () => {
  expect(check({}).map((problem) => problem.rule)).toEqual(['none']);
});

test('every room gives a reason', () => {
  for (const room of rooms) expect(room.because, room.room).not.toBe('');
});
