/**
 * Keeps what `scripts/rooms.ts` says: who may import whom, no time or chance in pure rooms, files of a readable
 * length with telling names. Reads the syntax tree, so that comments and strings cannot deceive it.
 */
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { parseSync } from 'oxc-parser';
import { doors, emptyNames, impureGlobals, rooms, testPackages, type Room } from './rooms.ts';

const linesMax = 400;

export interface Problem {
  file: string;
  rule:
    | 'room'
    | 'import'
    | 'door'
    | 'package'
    | 'test'
    | 'pure'
    | 'length'
    | 'name'
    | 'cast'
    | 'syntax'
    | 'none';
  detail: string;
  because: string;
}

/** What the syntax tree of one file says that matters here. */
interface Facts {
  imports: string[];
  impurities: string[];
  doubleCasts: number;
}

/** @returns every broken rule in the checkout at `root`; empty when all is well. */
export function checkLayers(root: string): Problem[] {
  const files = globSync(['packages/*/{src,test,build}/**/*.{ts,tsx}', '{bin,bench,scripts,test}/**/*.ts'], {
    cwd: root,
  })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => !file.includes('node_modules/'));
  if (files.length === 0) {
    const because = 'a check that looks at nothing always passes';
    return [{ file: root, rule: 'none', detail: 'no files were checked: the globs are wrong', because }];
  }
  return files.toSorted().flatMap((file) => checkFile(file, readFileSync(join(root, file), 'utf8')));
}

function checkFile(file: string, source: string): Problem[] {
  const problems: Problem[] = [];
  const report = (rule: Problem['rule'], detail: string, because: string): number =>
    problems.push({ file, rule, detail, because });

  const lines = source.split('\n').length - 1;
  if (lines > linesMax && !/@long \S/.test(source)) {
    report(
      'length',
      `${lines} lines`,
      `a file of at most ${linesMax} lines is read whole; split it, or say why: @long reason`,
    );
  }
  if (emptyNames.has(basename(file).replace(/\..*$/, ''))) {
    report('name', basename(file), 'a file is named after what it exports');
  }
  const parsed = parseSync(file, source);
  if (parsed.errors.length > 0) {
    report('syntax', parsed.errors[0]?.message ?? '', 'what cannot be read cannot be checked');
    return problems;
  }
  const facts = factsOf(parsed.program);
  if (facts.doubleCasts > 0)
    report('cast', 'as unknown as', 'it silences the types; decode or narrow instead');
  if (isTest(file)) return problems;

  const room = roomOf(file);
  if (room === undefined) {
    report('room', 'this folder is no room', 'every folder says in scripts/rooms.ts what it may import');
    return problems;
  }
  for (const target of facts.imports) checkImport(file, room, target, report);
  if (room.pure === true) {
    for (const name of facts.impurities) report('pure', name, 'a machine is given time and chance as inputs');
  }
  return problems;
}

function checkImport(
  file: string,
  room: Room,
  target: string,
  report: (rule: Problem['rule'], detail: string, because: string) => void,
): void {
  const place = placeOf(file, target);
  if (target.startsWith('.') && packageOf(place) !== packageOf(file) && packageOf(place) !== '') {
    report('package', target, 'packages import each other by name, so that their exports stay true');
  }
  if (
    (isTest(place) || testPackages.has(place)) &&
    !room.may.some((named) => named === '*' || named === place)
  ) {
    report('test', target, 'what ships must not depend on what tests it');
    return;
  }
  const door = doors.find((candidate) => isWithin(place, candidate.door) && !isWithin(file, candidate.door));
  if (door !== undefined && !door.from.some((folder) => isWithin(file, folder))) {
    report('door', target, door.because);
  }
  const own = roomOf(place) === room && concrete(room, place) === concrete(room, file);
  const allowed = own || room.may.some((folder) => folder === '*' || matches(place, folder));
  if (!allowed) report('import', `${room.room} may not import ${target}`, room.because);
}

/** @returns the file from the root that a specifier means, or the bare name of a package or built-in. */
function placeOf(file: string, target: string): string {
  if (target.startsWith('.')) return posix.join(dirname(file), target);
  const ours = /^@kith\/([^/]+)\/(.+)$/.exec(target);
  if (ours !== null) return `packages/${ours[1] ?? ''}/src/${ours[2] ?? ''}.ts`;
  if (target.startsWith('node:')) return target;
  return target.split('/', target.startsWith('@') ? 2 : 1).join('/');
}

function packageOf(file: string): string {
  return /^packages\/[^/]+\//.exec(file)?.[0] ?? '';
}

function isTest(file: string): boolean {
  return /\.test\.tsx?$/.test(file) || file.startsWith('test/') || /^packages\/[^/]+\/test\//.test(file);
}

function matches(place: string, allowed: string): boolean {
  return allowed === 'node:*' ? place.startsWith('node:') : isWithin(place, allowed);
}

function isWithin(file: string, folder: string): boolean {
  return file === folder || file.startsWith(`${folder}/`);
}

/** @returns the room with the longest name around this file. */
function roomOf(file: string): Room | undefined {
  return rooms
    .filter((room) => isWithin(file, concrete(room, file)))
    .toSorted((a, b) => b.room.length - a.room.length)[0];
}

/** @returns the room's folder, with its `*` filled in from the file's path. */
function concrete(room: Room, file: string): string {
  const parts = file.split('/');
  return room.room.replaceAll(/[^/]+/g, (part: string, at: number) => {
    const index = room.room.slice(0, at).split('/').length - 1;
    return part === '*' ? (parts[index] ?? part) : part;
  });
}

/** A node of the syntax tree, of which only the few shapes below matter. */
type Tree = { type: string; [key: string]: unknown };

function factsOf(program: unknown): Facts {
  const facts: Facts = { imports: [], impurities: [], doubleCasts: 0 };
  const used: string[] = [];
  const bound = new Set<string>();
  visit(program, (tree) => {
    const target = stringOf(importedBy(tree));
    if (target !== undefined) facts.imports.push(target);
    if (tree['async'] === true) facts.impurities.push('async');
    if (tree.type === 'AwaitExpression') facts.impurities.push('await');
    if (
      nameOf(tree['object']) === 'Math' &&
      (nameOf(tree['property']) ?? stringOf(tree['property'])) === 'random'
    ) {
      facts.impurities.push('Math.random');
    }
    if (isUnknownCast(tree)) facts.doubleCasts += 1;
    collectNames(tree, used, bound);
  });
  facts.impurities.push(...new Set(used.filter((name) => impureGlobals.has(name) && !bound.has(name))));
  return facts;
}

/** @returns the node that names what this node imports, if it does */
function importedBy(tree: Tree): unknown {
  if (tree.type !== 'CallExpression' || !Array.isArray(tree['arguments'])) return tree['source'];
  const { callee } = tree;
  const isMade =
    isTree(callee) && callee.type === 'CallExpression' && nameOf(callee['callee']) === 'createRequire';
  return isMade || nameOf(callee) === 'require' ? tree['arguments'][0] : undefined;
}

/** Names a file binds itself (a parameter called `process`) are not the globals. */
function collectNames(tree: Tree, used: string[], bound: Set<string>): void {
  if (tree.type === 'VariableDeclarator' || tree.type === 'FunctionDeclaration')
    bound.add(nameOf(tree['id']) ?? '');
  if (tree.type === 'ImportSpecifier') bound.add(nameOf(tree['local']) ?? '');
  const parameters = tree['params'];
  if (Array.isArray(parameters)) for (const parameter of parameters) bound.add(nameOf(parameter) ?? '');
  for (const [key, value] of Object.entries(tree)) {
    const isMemberName = (key === 'property' || key === 'key') && tree['computed'] !== true;
    const isLabel = ['id', 'local', 'imported', 'exported', 'parameterName'].includes(key);
    for (const child of Array.isArray(value) ? value : [value]) {
      const name = nameOf(child);
      if (name !== undefined && !isLabel && !(isMemberName && tree['shorthand'] !== true)) used.push(name);
    }
  }
}

function isUnknownCast(tree: Tree): boolean {
  const inner = tree.type === 'TSAsExpression' ? tree['expression'] : undefined;
  return (
    isTree(inner) &&
    inner.type === 'TSAsExpression' &&
    isTree(inner['typeAnnotation']) &&
    inner['typeAnnotation'].type === 'TSUnknownKeyword'
  );
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

function nameOf(value: unknown): string | undefined {
  return isTree(value) && value.type === 'Identifier' ? String(value['name']) : undefined;
}

function stringOf(value: unknown): string | undefined {
  if (!isTree(value)) return undefined;
  return value.type === 'Literal' && typeof value['value'] === 'string' ? value['value'] : undefined;
}

if (import.meta.main) {
  const problems = checkLayers(join(import.meta.dirname, '..'));
  for (const { file, rule, detail, because } of problems)
    console.error(`${file}: ${rule}: ${detail} (${because})`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
