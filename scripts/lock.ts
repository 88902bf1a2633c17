/**
 * Keeps the installation exact and independent of where it was made: every dependency is pinned to one version,
 * everything the lock file names has a hash, and no download address is written down (each machine's npm uses the
 * registry it is configured for).
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

const exactVersion = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;
const dependencyKinds = ['dependencies', 'devDependencies', 'optionalDependencies'];

/** @returns one sentence a problem; empty when all is well. */
export function checkManifest(file: string, manifest: Json): string[] {
  const problems: string[] = [];
  for (const kind of dependencyKinds) {
    for (const [name, version] of Object.entries(field(manifest, kind))) {
      if (typeof version !== 'string' || !exactVersion.test(version)) {
        problems.push(
          `${file}: ${kind} ${name}: ${JSON.stringify(version)} is no exact version; write it without a range`,
        );
      }
    }
  }
  return problems;
}

/** @returns one sentence a problem; empty when all is well. */
export function checkLock(file: string, lock: Json): string[] {
  const problems: string[] = [];
  const packages = Object.entries(field(lock, 'packages'));
  if (packages.length < 2) problems.push(`${file}: names no packages; nothing was checked`);
  for (const [place, entry] of packages) {
    const { resolved, integrity, link } = field({ entry }, 'entry');
    if (typeof resolved === 'string' && link !== true) {
      problems.push(
        `${file}: ${place} carries the address ${resolved}; npm config set omit-lockfile-registry-resolved true`,
      );
    }
    const ours = !place.includes('node_modules/') || link === true;
    if (!ours && typeof integrity !== 'string') problems.push(`${file}: ${place} has no integrity hash`);
  }
  return problems;
}

function field(value: Json, key: string): { [key: string]: Json } {
  const inner = typeof value === 'object' && value !== null && !Array.isArray(value) ? value[key] : undefined;
  return typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? inner : {};
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..');
  const read = (file: string): Json => JSON.parse(readFileSync(join(root, file), 'utf8'));
  const manifests = ['package.json', ...globSync('packages/*/package.json', { cwd: root })];
  const problems = [
    ...manifests.flatMap((file) => checkManifest(file, read(file))),
    ...checkLock('package-lock.json', read('package-lock.json')),
  ];
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
