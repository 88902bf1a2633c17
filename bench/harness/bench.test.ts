import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { measure, roundsOfBench, type Bench, type Goal } from './bench.ts';

const ratio = (sense: Goal['sense'], limit: number): Goal => ({
  what: 'times the floor',
  value: ({ figures, floors }) => (figures['ms'] ?? 0) / (floors['ms'] ?? 0),
  sense,
  limit,
});

/** One round disturbed, the others alike in their ratio, though not in their figures. */
function bench(...goals: Goal[]): Bench {
  const figures = [20, 4, 900, 8, 6];
  const floors = [10, 2, 3, 4, 3];
  let index = -1;
  const run = async () => {
    index += 1;
    return { figures: { ms: figures[index] ?? 0 }, floors: { ms: floors[index] ?? 0 } };
  };
  return { about: 'a fake', goals, run };
}

test('reports medians, and judges the median of the rounds', async () => {
  const measured = await measure(
    bench(ratio('atMost', 3), ratio('atLeast', 3), ratio('atMost', 2), ratio('atLeast', 2)),
  );
  expect(measured.figures).toEqual({ ms: 8 });
  expect(measured.floors).toEqual({ ms: 3 });
  expect(measured.goals.map((goal) => [goal.value, goal.ok])).toEqual([
    [2, true],
    [2, false],
    [2, true],
    [2, true],
  ]);
});

test('a figure that is missing or no number in some round breaks the benchmark', async () => {
  for (const odd of [{}, { ms: Number.NaN }, { ms: Infinity }]) {
    let rounds = 0;
    const run = async () => ({ figures: (rounds += 1) === roundsOfBench ? odd : { ms: 1 }, floors: {} });
    await expect(measure({ about: 'a fake', goals: [], run })).rejects.toThrow(
      'ms is not a number in every round',
    );
  }
});

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kith-bench-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function runFakes(...names: string[]): { code: number | null; objects: unknown[]; words: string } {
  const fake = (limit: number, run: string) => `export const bench = { about: 'a fake',
    goals: [{ what: 'speed', value: (round) => round.figures.speed, sense: 'atLeast', limit: ${limit} }], run: async () => ${run} };`;
  writeFileSync(join(folder, 'good.ts'), fake(10, '({ figures: { speed: 10 }, floors: { speed: 20 } })'));
  writeFileSync(join(folder, 'missed.ts'), fake(11, '({ figures: { speed: 10 }, floors: { speed: 20 } })'));
  writeFileSync(join(folder, 'broken.ts'), fake(10, `{ throw new Error('planted'); }`));
  const args = [join(import.meta.dirname, '../run.ts'), '--from', folder, ...names];
  const result = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const lines = result.stdout.split('\n').filter((line) => line.startsWith('{'));
  return {
    code: result.status,
    objects: lines.map((line) => JSON.parse(line)),
    words: result.stdout + result.stderr,
  };
}

test('prints one object a benchmark and exits 0 when every goal is reached', () => {
  const { code, objects } = runFakes('good');
  expect(code).toBe(0);
  expect(objects).toEqual([
    {
      name: 'good',
      machine: expect.objectContaining({ cores: expect.any(Number), node: process.versions.node }),
      commit: expect.any(String),
      date: expect.stringMatching(/^\d{4}-.*Z$/),
      figures: { speed: 10 },
      floors: { speed: 20 },
      goals: [{ what: 'speed', value: 10, limit: 10, ok: true }],
    },
  ]);
});

test('a missed goal and a broken benchmark exit 1 and hide no other', () => {
  const { code, objects, words } = runFakes('all');
  expect(code).toBe(1);
  expect(objects).toMatchObject([{ name: 'good' }, { name: 'missed', goals: [{ ok: false }] }]);
  expect(words).toContain('broken broke: Error: planted');
  expect(runFakes('missed').code).toBe(1);
});

test('lists the benchmarks without a name, and refuses one that is none', () => {
  expect(runFakes()).toMatchObject({
    code: 0,
    words: expect.stringMatching(/^broken .*\ngood .*a fake\nmissed/),
  });
  expect(runFakes('god')).toMatchObject({ code: 2, words: expect.stringContaining('broken, good, missed') });
});
