import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { labels } from './labels.ts';

const source = fileURLToPath(new URL('../', import.meta.url));
const form = /^kith\/[a-z0-9-]+\/[1-9][0-9]*$/;
const anywhere = /['"`]kith\/[^'"`\s]*\/[0-9]+['"`]/g;

/** Labels written out in files of core other than the table, as `file: label`. */
function strayLabels(files: { name: string; text: string }[]): string[] {
  return files.flatMap(({ name, text }) =>
    [...text.matchAll(anywhere)].map(([label]) => `${name}: ${label}`),
  );
}

test('no label stands twice, and all have the form kith/<purpose>/<version>', () => {
  const all: string[] = Object.values(labels);
  expect(new Set(all).size).toBe(all.length);
  for (const label of all) expect(label).toMatch(form);
});

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'crypto/labels.ts')
  .map((name) => ({ name, text: readFileSync(source + name, 'utf8') }));

test('no label is written anywhere else in core', () => {
  expect(files.length).toBeGreaterThan(20);
  expect(strayLabels(files)).toEqual([]);
});

test('every label has a use', () => {
  const used = new Set(
    files.flatMap(({ text }) => [...text.matchAll(/\blabels\.(\w+)/g)].map(([, name]) => name)),
  );
  expect(Object.keys(labels).filter((name) => !used.has(name))).toEqual([]);
});

test('the search finds a planted one', () => {
  const planted = { name: 'planted.ts', text: "derive(backend, 'kith/other/1', salt)" };
  expect(strayLabels([planted])).toEqual(["planted.ts: 'kith/other/1'"]);
});
