/** `kith sim` with scenarios that pretend, in real processes. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { startSim, type SimOptions } from '../src/main.ts';
import { Remembered, sourcesOf } from '../src/remembered.ts';

const folder = mkdtempSync(join(tmpdir(), 'kith-sim-'));
const table = join(import.meta.dirname, 'double.ts');
let state = '';

beforeEach(() => {
  state = mkdtempSync(join(folder, 'state-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Outcome {
  code: number;
  out: string;
  lines: string[];
  err: string;
}

async function sim(options: Partial<SimOptions>, environment: Record<string, string> = {}): Promise<Outcome> {
  let out = '';
  let err = '';
  const nothing = { scenario: undefined, peers: undefined, seed: undefined, report: undefined };
  const plain = { json: false, list: false, twice: false, fresh: false };
  const code = await startSim(
    { ...nothing, ...plain, ...options },
    {
      stdout: { write: (text) => (out += text) },
      stderr: { write: (text) => (err += text) },
      environment,
      table,
      state,
    },
  );
  return { code, out, lines: out.split('\n').filter((line) => line !== ''), err };
}

test('one run as JSON: exactly these keys, on one line', async () => {
  const { code, lines } = await sim({ scenario: 'double', peers: 50, seed: 7, json: true });
  const [summary]: Record<string, unknown>[] = lines.map((line) => JSON.parse(line));
  expect([code, lines.length]).toEqual([0, 1]);
  expect(Object.keys(summary ?? {})).toEqual(
    'scenario peers seed traceHash ok violations figures'.split(' '),
  );
  expect(summary).toMatchObject({ scenario: 'double', peers: 50, seed: 7, ok: true, violations: [] });
  expect(summary?.['traceHash']).toMatch(/^[0-9a-f]{64}$/);
  expect(summary?.['figures']).toMatchObject({
    bytesADelivery: { value: 643, unit: 'bytes', goal: { atMost: 700 }, ok: true },
    timeTo99Percent: { unit: 'ms', goal: null, ok: true },
  });
});

test('the same seed gives the same line, another seed another trace', async () => {
  const ask = { scenario: 'double', peers: 50, seed: 7, json: true };
  const [one, two, other] = [await sim(ask), await sim(ask), await sim({ ...ask, seed: 8 })];
  expect(one.out).toBe(two.out);
  expect(other.out).not.toBe(one.out);
});

test('for people: figures with their goals, verdicts in words, the way to repeat it', async () => {
  const good = await sim({ peers: 50 });
  expect(good.code).toBe(0);
  expect(good.out).toContain('  bytes a delivery       643 bytes  at most 700 bytes  ✓ kept\n');
  expect(good.out).toContain('\nNo rule was broken.\n\n✓ passed  trace ');
  expect(good.out).toContain('again: kith sim --scenario double --peers 50 --seed 1\n');
  expect(good.err).toMatch(/^double: 0 %, growing\n/);
  const bad = await sim({ scenario: 'broken' });
  expect(bad.code).toBe(1);
  expect(bad.out).toContain('at least 90 %      ✗ missed\n');
  expect(bad.out).toContain('1 violation:\n  ✗ 61.5 s  delivered: node 7 never got');
  expect(bad.out).toContain('✗ failed  trace ');
});

test('a run that breaks off, in its code or as a process, is a line that is not ok', async () => {
  for (const [scenario, why] of [
    ['dying', /^The run broke off: Error: lost its way/],
    ['gone', /^The run broke off: its process ended \(SIGKILL\)/],
  ] as const) {
    const { code, lines } = await sim({ scenario, json: true });
    const [summary]: Record<string, unknown>[] = lines.map((line) => JSON.parse(line));
    expect([code, summary], scenario).toMatchObject([1, { scenario, traceHash: null, ok: false }]);
    expect(summary?.['violations']).toMatchObject([{ checker: 'run', detail: expect.stringMatching(why) }]);
  }
});

test('twice: a trace that differs is a violation', async () => {
  expect((await sim({ scenario: 'double', twice: true })).code).toBe(0);
  const { code, out } = await sim({ scenario: 'fickle', twice: true });
  expect([code, out.includes('replay: The same seed gave two traces: abc1 and abc2.')]).toEqual([1, true]);
});

test('wrong usage says what would be right', async () => {
  const names = 'double, broken, fickle, dying, gone, all';
  await expect(sim({ scenario: 'outage' })).rejects.toMatchObject({
    code: 'usage',
    message: `There is no scenario outage. There are ${names}.`,
  });
  await expect(sim({ scenario: 'toString' })).rejects.toMatchObject({ code: 'usage' });
  await expect(sim({ scenario: 'double', peers: 1 })).rejects.toMatchObject({
    code: 'usage',
    message: 'double takes 2 to 10,000 peers.',
  });
  await expect(sim({ scenario: 'all', peers: 5 })).rejects.toMatchObject({ code: 'usage' });
  await expect(sim({ report: join(folder, 'missing/report.html') })).rejects.toMatchObject({
    code: 'failed',
  });
});

test('the list', async () => {
  const { lines } = await sim({ list: true, json: true });
  expect(lines).toHaveLength(5);
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    name: 'double',
    summary: 'A double that tells the story of a network without having one.',
    peers: { default: 300, min: 2, max: 10_000 },
  });
  expect((await sim({ list: true })).out).toContain('2 to 10,000 peers, 300 unless told');
});

test('all: a line each, what passed is remembered, what failed is run again, the report has a section each', async () => {
  const first = await sim({ scenario: 'all' });
  expect([first.code, first.lines.length, first.lines.at(-1)]).toEqual([1, 6, '2 passed, 3 failed']);
  expect(first.out).not.toContain('remembered');
  const second = await sim({ scenario: 'all' });
  const remembered = second.lines.filter((line) => line.endsWith('(remembered)'));
  expect(remembered.map((line) => line.slice(0, 17))).toEqual(['✓ passed  double ', '✓ passed  fickle ']);
  expect(second.lines.at(-1)).toBe('2 passed, 3 failed');
  expect((await sim({ scenario: 'all', fresh: true })).out).not.toContain('remembered');
  expect((await sim({ scenario: 'all', seed: 2 })).out).not.toContain('remembered');
  const page = readFileSync(join(state, 'report.html'), 'utf8');
  expect(page.match(/<section /g)).toHaveLength(5);
  expect(
    (await sim({ scenario: 'all', json: true })).lines.map((line) => JSON.parse(line).scenario).toSorted(),
  ).toEqual(['broken', 'double', 'dying', 'fickle', 'gone']);
});

test('other sources are other results, and the old ones go', () => {
  const checkout = mkdtempSync(join(folder, 'checkout-'));
  const before = sourcesOf(checkout);
  expect(sourcesOf(checkout)).toBe(before);
  expect(sourcesOf()).not.toBe(before);
  const one = new Remembered(state, `${'0'.repeat(16)}-seed-1`);
  writeFileSync(join(state, 'report.html'), '');
  expect(one.recall('double')).toBeUndefined();
  const other = new Remembered(state, `${'1'.repeat(16)}-seed-1`);
  writeFileSync(join(state, `${'1'.repeat(16)}-seed-1`, 'double.json'), '{"cut sho');
  expect(other.recall('double')).toBeUndefined();
  expect(readdirSync(state).toSorted()).toEqual([`${'1'.repeat(16)}-seed-1`, 'report.html']);
});
