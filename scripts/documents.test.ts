/** What documents and comments point to is there: links, files, tests named as proof, commands. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const list = (pattern: string): string[] =>
  globSync(pattern, { cwd: root })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => !file.includes('node_modules/'));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const pages = [...list('*.md'), ...list('docs/**/*.md')];
const sources = ['packages/*/{src,test}/**/*.ts', '{bin,bench,scripts,test}/**/*.ts'].flatMap(list);
const testNames = new Set(sources.filter((file) => file.endsWith('.test.ts')).map((file) => basename(file)));

/** Where the threat model's short paths begin. */
const shortPaths = new Map([
  ['c', 'packages/core/src'],
  ['n', 'packages/node/src'],
  ['e', 'test/e2e'],
]);

function found(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, first = '']) => first);
}

test('there are pages and sources to look at', () => {
  expect(pages.length).toBeGreaterThan(20);
  expect(sources.length).toBeGreaterThan(200);
});

test.each(pages)('%s: links lead somewhere', (page) => {
  const targets = found(read(page), /\]\(([^)#]+)[^)]*\)/g).filter((target) => !/^[a-z]+:/.test(target));
  expect(targets.filter((target) => !existsSync(join(root, dirname(page), target)))).toEqual([]);
});

test.each(pages)('%s: files, tests and commands that it names are there', (page) => {
  const text = read(page);
  const files = found(text, /`((?:packages|docs|vectors|scripts|bench|bin|test)\/[\w./-]*\w)\/?`/g);
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  const proofs = [...text.matchAll(/\b([cne]):([\w/-]+\.test\.ts)/g)].map(
    ([, short = '', rest = '']) => `${shortPaths.get(short)}/${rest}`,
  );
  expect(proofs.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  const commands = found(text, /`npm run ([\w:]+)/g);
  const { scripts }: { scripts: object } = JSON.parse(read('package.json'));
  expect(commands.filter((command) => !(command in scripts))).toEqual([]);
  const benches = found(text, /npm run bench -- ([\w-]+)/g).filter((name) => /^[a-z]/.test(name));
  expect(benches.filter((name) => !existsSync(join(root, `bench/${name}.ts`)))).toEqual([]);
});

test('comments name pages and tests that exist', () => {
  const dangling = sources.flatMap((file) => {
    const text = read(file);
    const named = [
      ...found(text, /\b(docs\/[\w/-]+\.md)\b/g).filter((page) => !existsSync(join(root, page))),
      ...found(text, /[( ]([a-z0-9-]+\.test\.ts)\b/g).filter((name) => !testNames.has(name)),
    ];
    return named.map((what) => `${file}: ${what}`);
  });
  expect(dangling).toEqual([]);
});
