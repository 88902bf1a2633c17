/**
 * Keeps the words of the web app in its catalogues: no literal text in what it draws, every id used, the same ids and
 * values in every language, and every text filled with exactly the values that it names. Ids that do not exist are found
 * by the types. Reads syntax trees; run by `npm run check`.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compileMessageOrThrow } from '@lingui/message-utils/compileMessage';
import { parseSync } from 'oxc-parser';

export type Catalogue = ReadonlyMap<string, string>;

/** Attributes of elements and components whose words people see or hear. */
const spokenAttributes =
  /^(aria-(label|description|roledescription|placeholder|valuetext)|alt|title|label|placeholder|text|help|error|detail|action)$/;
const translators: ReadonlySet<string> = new Set(['t', 'translate']);
/** What no language writes otherwise. */
const nameOfProduct = /\bKith\b/g;

/** What one file says and uses. */
interface Facts {
  problems: string[];
  /** Every text between quotes: an id in a table is used as well. */
  quoted: string[];
  /** Beginnings of ids that are put together from parts. */
  beginnings: string[];
  calls: { id: string; values: string[] | undefined; at: number }[];
}

/** @returns one sentence a problem. */
export function checkFile(file: string, source: string, english: Catalogue): string[] {
  const { problems, calls } = factsOf(file, source);
  const filled = calls.flatMap(({ id, values, at }) => {
    const text = english.get(id);
    if (text === undefined || values === undefined) return [];
    const named = namesIn(text);
    const where = `${file}:${lineOf(source, at)}`;
    const lacks = named.filter((name) => !values.includes(name));
    const spare = values.filter((name) => !named.includes(name));
    return [
      ...lacks.map((name) => `${where}: "${id}" is not given its {${name}}`),
      ...spare.map((name) => `${where}: "${id}" names no {${name}}`),
    ];
  });
  return [...problems, ...filled];
}

/** @returns one sentence a problem: ids nobody uses, and languages that differ from the English one. */
export function checkCatalogues(
  catalogues: ReadonlyMap<string, Catalogue>,
  sources: ReadonlyMap<string, string>,
): string[] {
  const english = catalogues.get('en') ?? new Map<string, string>();
  const facts = [...sources].map(([file, source]) => factsOf(file, source));
  const quoted = new Set(facts.flatMap((each) => each.quoted));
  const beginnings = [...new Set(facts.flatMap((each) => each.beginnings))];
  const unused = [...english.keys()]
    .filter((id) => !quoted.has(id) && !beginnings.some((start) => id.startsWith(start)))
    .map((id) => `"${id}" is used nowhere`);
  const different = [...catalogues].flatMap(([language, texts]) => [
    ...[...english.keys()].filter((id) => !texts.has(id)).map((id) => `${language}: "${id}" is missing`),
    ...[...texts].flatMap(([id, text]) => differences(language, id, text, english.get(id))),
  ]);
  return [...unused, ...different];
}

/** @returns one sentence for each id that two parts of one language have: the later would hide the other. */
export function checkParts(parts: ReadonlyMap<string, string>): string[] {
  const seen = new Map<string, string>();
  const problems: string[] = [];
  for (const [file, source] of parts) {
    visit(parseSync(file, source).program, (tree) => {
      const { key } = tree;
      if (tree.type !== 'Property' || !isTree(key) || typeof key['value'] !== 'string') return;
      const id = key['value'];
      const before = seen.get(id);
      if (before !== undefined) problems.push(`"${id}" is in ${before} and in ${file}`);
      seen.set(id, file);
    });
  }
  return problems;
}

function differences(language: string, id: string, text: string, english: string | undefined): string[] {
  if (english === undefined) return [`${language}: "${id}" is not in the English catalogue`];
  try {
    const ours = namesIn(text).toSorted().join(' ');
    const theirs = namesIn(english).toSorted().join(' ');
    const problems =
      ours === theirs ? [] : [`${language}: "${id}" names {${ours}}, the English text {${theirs}}`];
    if (/!(\s|$)/.test(text)) problems.push(`${language}: "${id}" has an exclamation mark`);
    if (text.trim() === '') problems.push(`${language}: "${id}" is empty`);
    return problems;
  } catch (error) {
    return [
      `${language}: "${id}" is no ICU message: ${error instanceof Error ? error.message : String(error)}`,
    ];
  }
}

/** @returns the names of all values that a text is filled with. */
export function namesIn(text: string): string[] {
  const names = new Set<string>();
  const walk = (token: unknown): void => {
    if (!Array.isArray(token)) return;
    const [name, , format]: unknown[] = token;
    if (typeof name === 'string') names.add(name);
    if (typeof format === 'object' && format !== null) {
      for (const choice of Object.values(format)) if (Array.isArray(choice)) choice.forEach(walk);
    }
  };
  compileMessageOrThrow(text).forEach(walk);
  // The count inside its own plural.
  names.delete('#');
  return [...names];
}

/** A node of the syntax tree, of which only the few shapes below matter. */
type Tree = { type: string; start: number; [key: string]: unknown };

function factsOf(file: string, source: string): Facts {
  const facts: Facts = { problems: [], quoted: [], beginnings: [], calls: [] };
  const literal = (at: number, text: string): void => {
    if (!/\p{L}{2}/u.test(text.replaceAll(nameOfProduct, ''))) return;
    facts.problems.push(`${file}:${lineOf(source, at)}: literal text "${text.trim()}"; give it an id`);
  };
  visit(parseSync(file, source).program, (tree) => {
    if (tree.type === 'Literal' && typeof tree['value'] === 'string') facts.quoted.push(tree['value']);
    if (tree.type === 'TemplateLiteral') facts.beginnings.push(...beginningOf(tree));
    if (tree.type === 'JSXText') literal(tree.start, String(tree['value']));
    if (tree.type === 'JSXAttribute') {
      const { name, value } = tree;
      const spoken = isTree(name) && spokenAttributes.test(String(name['name']));
      if (spoken && isTree(value) && value.type === 'Literal') literal(tree.start, String(value['value']));
    }
    const call = callOf(tree);
    if (call !== undefined) facts.calls.push(call);
  });
  return facts;
}

/** An id put together from parts counts for all that begin like it; a beginning without a part's end would count for too many. */
function beginningOf(tree: Tree): string[] {
  const first: unknown = Array.isArray(tree['quasis']) ? tree['quasis'][0] : undefined;
  const value = isTree(first) ? first['value'] : undefined;
  const text = typeof value === 'object' && value !== null && 'cooked' in value ? value.cooked : undefined;
  return typeof text === 'string' && /^[a-z][\w.-]*\.$/.test(text) ? [text] : [];
}

function callOf(tree: Tree): Facts['calls'][number] | undefined {
  if (tree.type !== 'CallExpression') return undefined;
  const { callee, arguments: given } = tree;
  if (!isTree(callee) || callee.type !== 'Identifier' || !translators.has(String(callee['name'])))
    return undefined;
  const [id, values]: unknown[] = Array.isArray(given) ? given : [];
  if (!isTree(id) || typeof id['value'] !== 'string') return undefined;
  return { id: id['value'], values: values === undefined ? [] : keysOf(values), at: tree.start };
}

/** @returns undefined where they are not written out. */
function keysOf(tree: unknown): string[] | undefined {
  if (!isTree(tree) || tree.type !== 'ObjectExpression' || !Array.isArray(tree['properties']))
    return undefined;
  const keys: string[] = [];
  for (const property of tree['properties']) {
    const key: unknown = isTree(property) && property.type === 'Property' ? property['key'] : undefined;
    if (!isTree(key)) return undefined;
    keys.push(String(key['name'] ?? key['value']));
  }
  return keys;
}

function visit(value: unknown, see: (tree: Tree) => void): void {
  if (Array.isArray(value)) for (const item of value) visit(item, see);
  else if (isTree(value)) {
    see(value);
    for (const child of Object.values(value)) visit(child, see);
  }
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function lineOf(source: string, at: number): number {
  return source.slice(0, at).split('\n').length;
}

async function loadCatalogue(file: string): Promise<Catalogue> {
  const loaded: unknown = await import(pathToFileURL(file).href);
  const texts =
    typeof loaded === 'object' && loaded !== null && 'catalogue' in loaded ? loaded.catalogue : {};
  return new Map(Object.entries(texts ?? {}).map(([id, text]) => [id, String(text)]));
}

if (import.meta.main) {
  const web = join(import.meta.dirname, '../packages/web/src');
  const files = globSync('**/*.{ts,tsx}', { cwd: web }).filter(
    (file) => !/\.test\.tsx?$/.test(file) && !/^i18n[\\/](en|de)/.test(file) && !/^gallery[\\/]/.test(file),
  );
  const sources = new Map(files.map((file) => [file, readFileSync(join(web, file), 'utf8')]));
  const languages = ['en', 'de'];
  const catalogues = new Map(
    await Promise.all(
      languages.map(async (each) => [each, await loadCatalogue(join(web, `i18n/${each}.ts`))] as const),
    ),
  );
  const english = catalogues.get('en') ?? new Map<string, string>();
  const problems = [
    ...[...sources].flatMap(([file, source]) => checkFile(file, source, english)),
    ...checkCatalogues(catalogues, sources),
  ];
  for (const language of languages) {
    const folder = join(web, 'i18n', language);
    const parts = globSync('*.ts', { cwd: folder }).map(
      (file) => [`${language}/${file}`, readFileSync(join(folder, file), 'utf8')] as const,
    );
    problems.push(...checkParts(new Map(parts)));
  }
  if (english.size === 0 || sources.size === 0) problems.push('no texts were checked: the paths are wrong');
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
