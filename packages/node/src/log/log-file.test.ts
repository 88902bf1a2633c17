import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { logFilesMax, openLog, type Log, type LogOptions } from './log-file.ts';
import { fieldCharactersMax, redact } from './redact.ts';

let dataDir: string;
let path: string;
let logs: Log[];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'kith-log-'));
  path = join(dataDir, 'logs', 'kith.log');
  logs = [];
});
afterEach(() => {
  for (const log of logs) log.close();
  rmSync(dataDir, { recursive: true, force: true });
});

function open(change: Partial<LogOptions> = {}): Log {
  const log = openLog({ dataDir, wallMs: () => Date.UTC(2026, 0, 2), minimum: 'info', ...change });
  logs.push(log);
  return log;
}

test('lines are JSON, in a file of its owner alone', () => {
  open().write('warn', 'link-down', { reason: 'closed', link: 3 });
  expect(readFileSync(path, 'utf8')).toBe(
    '{"at":"2026-01-02T00:00:00.000Z","level":"warn","code":"link-down","reason":"closed","link":3}\n',
  );
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(dataDir, 'logs')).mode & 0o777).toBe(0o700);
});

test('a file left readable by others is closed to them', () => {
  mkdirSync(join(dataDir, 'logs'));
  writeFileSync(path, '');
  chmodSync(path, 0o644);
  open().write('info', 'start', {});
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('lines below the minimum, and fields that are not on the list, are not written', () => {
  const log = open();
  log.write('debug', 'noise', {});
  log.write('info', 'message', { text: 'marker', greeting: 'marker', bytes: 7, code: 'timeout' });
  expect(readFileSync(path, 'utf8')).toBe(
    '{"at":"2026-01-02T00:00:00.000Z","level":"info","code":"message","bytes":7,"error":"timeout","dropped":2}\n',
  );
});

test('rotation keeps three files under their size', () => {
  const log = open({ bytesMax: 1_000 });
  for (let count = 0; count < 200; count++) log.write('info', 'tick', { count });
  const files = readdirSync(join(dataDir, 'logs'));
  expect(files.toSorted()).toEqual(['kith.log', 'kith.log.1', 'kith.log.2']);
  expect(files.length).toBe(logFilesMax);
  for (const file of files) expect(statSync(join(dataDir, 'logs', file)).size).toBeLessThanOrEqual(1_000);
  const counts = log.tail(15).map((line) => (JSON.parse(line) as { count: number }).count);
  expect(counts).toEqual(Array.from({ length: 15 }, (_, index) => 185 + index));
});

test('a new start goes on in the same file', () => {
  open().write('info', 'one', {});
  const log = open();
  log.write('info', 'two', {});
  expect(log.tail(10).length).toBe(2);
  expect(log.tail(1)[0]).toContain('"two"');
});

test('a log that cannot be written loses lines, says how many, and never throws', () => {
  writeFileSync(join(dataDir, 'logs'), 'a file where the folder should be');
  const log = open();
  log.write('info', 'one', {});
  log.write('info', 'two', {});
  expect(log.tail(10)).toEqual([]);
  rmSync(join(dataDir, 'logs'));
  log.write('info', 'three', {});
  expect(log.tail(10).map((line) => (JSON.parse(line) as { code: string }).code)).toEqual([
    'log-lost',
    'three',
  ]);
  expect(log.tail(10)[0]).toContain('"count":2');
});

describe('redaction', () => {
  const secret = Buffer.from(Array.from({ length: 32 }, (_, index) => (index * 37 + 11) % 256));
  const planted: [string, string][] = [
    ['a person', 'kith1qpzry9x8gf2tvdw0s3jn54khce6mua7lqpzry9x8gf2tvdw0s3jn54khce'],
    ['a person in capitals', 'KITH1QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L'],
    ['a card', 'mesh://add?p=abc-def_ghi'],
    ['a short invite', 'mesh://join?c=x'],
    ['a key in hex', secret.toString('hex')],
    ['a key in capitals', secret.toString('hex').toUpperCase()],
    ['a key in base64', secret.toString('base64')],
    ['a key in base64url', secret.toString('base64url')],
    ['a key in groups of hex', secret.toString('hex').replaceAll(/(..)(?=.)/g, '$1:')],
    ['a key with digits inside', `abcdefabcdefabcdefabcdefabcd${'0123456789'.repeat(3)}abcdef`],
    ['half a key', secret.toString('hex').slice(0, 32)],
    ['a safety number', '01234 56789 01234 56789 01234 56789'],
    ['an address', '192.0.2.7'],
    ['an IPv6 address', '2001:db8:1:2:3:4:5:6'],
    ['a link-local address', 'fe80::1ff:fe23:4567:890a'],
    ['a short IPv6 address', '2001:db8::7'],
  ];

  test.each(planted)('%s', (_name, value) => {
    for (const text of [value, `before ${value} after`, `{"k":"${value}"}`, `/x/${value}/y`, `k=${value},`]) {
      open().write('error', 'planted', { reason: text });
      expect(redact(text)).not.toContain(value);
    }
    const written = readFileSync(path, 'utf8').toLowerCase();
    expect(written).not.toContain(value.toLowerCase());
    // Nor a telling piece of it.
    if (value.length >= 32) expect(written).not.toContain(value.toLowerCase().slice(8, 24));
  });

  test('any 32 bytes, in any surroundings', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 200 }), fc.string(), (bytes, around) => {
        const key = Buffer.from(bytes);
        for (const encoding of ['hex', 'base64', 'base64url'] as const) {
          const kept = redact(`${around} ${key.toString(encoding)}`);
          expect(kept).not.toContain(key.toString(encoding).slice(0, 24));
        }
      }),
      { numRuns: 500 },
    );
  });

  test('what helps is kept', () => {
    const plain = 'The port 4001 is taken by another program (EADDRINUSE) on 127.0.0.1.';
    expect(redact(plain)).toBe(plain);
    expect(redact('12:34:56 took 1.5 s')).toBe('12:34:56 took 1.5 s');
  });

  test('terminal escapes and line breaks do not reach the file, and it costs little', () => {
    expect(redact('a\u001b[31mb\nc\u202ed')).toBe('a [31mb c d');
    expect(redact('é'.repeat(1_000_000)).length).toBe(fieldCharactersMax);
    expect(redact('1:'.repeat(1_000_000)).length).toBeLessThanOrEqual(fieldCharactersMax);
    expect(redact('12345 '.repeat(100_000)).length).toBeLessThanOrEqual(fieldCharactersMax);
  });
});
