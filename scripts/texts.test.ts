import { expect, it } from 'vitest';
import { checkCatalogues, checkFile, checkParts, namesIn } from './texts.ts';

const english = new Map([
  ['greeting', 'Hello {name}'],
  ['count', '{count, plural, one {# message of {name}} other {# messages of {name}}}'],
  ['state.open', 'Open'],
  ['state.shut', 'Shut'],
]);

it('finds the values that a text names, also inside plurals', () => {
  expect(namesIn('Hello {name}')).toEqual(['name']);
  expect(namesIn(english.get('count') ?? '')).toEqual(['count', 'name']);
});

it.each([
  ['<p>Hello there</p>', 1],
  ['<button aria-label="Close" />', 1],
  ['<Field label="Name" />', 1],
  ['<p>{t("greeting", { name })}</p>', 0],
  ['<p>Kith · 12</p>', 0],
  ['<Button look="primary" />', 0],
  ['t("greeting")', 1],
  ['t("greeting", { nome })', 2],
  ['translate("count", { count, name })', 0],
])('judges %s', (source, count) => {
  expect(checkFile('page.tsx', `export const x = ${source};`, english)).toHaveLength(count);
});

it('finds ids that are used nowhere, and counts tables and beginnings as use', () => {
  const sources = new Map([['a.tsx', 'const a = ["greeting"]; t(`state.${x}`);']]);
  expect(checkCatalogues(new Map([['en', english]]), sources)).toEqual(['"count" is used nowhere']);
});

it('finds what a language lacks, has too much, or names otherwise', () => {
  const german = new Map([
    ['greeting', 'Hallo {nam}'],
    ['count', '{count, plural, one {# Nachricht} other {# Nachrichten'],
    ['state.open', 'Offen!'],
    ['more', 'Mehr'],
  ]);
  const sources = new Map([['a.ts', '["greeting", "count", "state.open", "state.shut"]']]);
  const problems = checkCatalogues(
    new Map([
      ['en', english],
      ['de', german],
    ]),
    sources,
  );
  expect(problems.map((problem) => problem.slice(0, 18))).toEqual([
    'de: "state.shut" i',
    'de: "greeting" nam',
    expect.stringContaining('de: "count" is no '),
    'de: "state.open" h',
    'de: "more" is not ',
  ]);
});

it('finds an id that two parts have', () => {
  const part = "export const part = { 'a.b': 'One', 'a.c': 'Two' } as const;";
  const parts = new Map([
    ['one.ts', part],
    ['two.ts', part.replace('a.c', 'a.d')],
  ]);
  expect(checkParts(parts)).toEqual(['"a.b" is in one.ts and in two.ts']);
});
