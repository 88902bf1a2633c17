/**
 * `npm run build`: makes the web app that the node serves, in packages/web/dist. With `--if-stale`, as npm runs it before
 * `npm start` and `npm test`, only where its sources or the locked dependencies have changed since; a build that fails is
 * then said, and does not keep the node from starting.
 *
 * Plain JavaScript, like setup.js, because a shell that ran that may still find the machine's own Node. What is built
 * appears whole: it is made in another folder and takes the place of what was there when it is done.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alone, isRunning } from './alone.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const web = join(root, 'packages/web');
const dist = join(web, 'dist');
const cache = join(root, 'node_modules/.cache');
/** Of the sources that a build was made of. Hidden, so that it is never served. */
const marker = join(dist, '.fingerprint');
const windows = process.platform === 'win32';
const isIfStale = process.argv.includes('--if-stale');

const say = (/** @type {string} */ words) => process.stderr.write(`${words}\n`);

/** What ends up in the app, or decides what does. */
const sources = ['packages/web', 'packages/api/src', 'packages/core/src/base', 'package-lock.json'];
/** Made by builds and tests, not of what they are made. */
const left = new Set(['node_modules', 'dist', 'coverage']);

/** @returns {string} stands for everything that a build depends on */
function fingerprint() {
  const hash = createHash('sha256');
  const add = (/** @type {string} */ file) => {
    hash.update(`${relative(root, file).replaceAll('\\', '/')}\0`);
    hash.update(createHash('sha256').update(readFileSync(file)).digest());
  };
  const walk = (/** @type {string} */ folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      if (left.has(entry.name) || entry.name.startsWith('.') || /\.test\.tsx?$/.test(entry.name)) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile()) add(path);
    }
  };
  for (const source of sources) {
    const path = join(root, source);
    if (source.endsWith('.json')) add(path);
    else if (existsSync(path)) walk(path);
  }
  return hash.digest('hex');
}

/** @returns {boolean} whether what lies there was made of what is here now */
function isFresh(/** @type {string} */ wanted) {
  return (
    existsSync(join(dist, 'index.html')) && existsSync(marker) && readFileSync(marker, 'utf8') === wanted
  );
}

/** @returns {{ ok: boolean, words: string }} */
function runVite(/** @type {string} */ folder) {
  const own = join(root, 'node_modules/.bin/node');
  const node = !windows && existsSync(own) ? own : process.execPath;
  // Relative, as Vite takes it, and the plugins that look into the folder afterwards.
  const args = ['build', '--outDir', relative(web, folder), '--emptyOutDir', '--logLevel', 'warn'];
  const result = spawnSync(node, [join(root, 'node_modules/vite/bin/vite.js'), ...args], {
    cwd: web,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 2 ** 26,
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const words = `${result.error?.message ?? ''}${result.stdout ?? ''}${result.stderr ?? ''}`.trim();
  return { ok: result.status === 0 && existsSync(join(folder, 'index.html')), words };
}

/** Puts a build where the node finds it. A node that runs has read the one before, and reads this one when it is there. */
function takePlace(/** @type {string} */ made) {
  const old = join(cache, `web-old-${process.pid}`);
  rmSync(old, { recursive: true, force: true });
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(made, dist);
  rmSync(old, { recursive: true, force: true });
}

/** Folders that a build which was killed left behind. */
function sweep() {
  for (const name of existsSync(cache) ? readdirSync(cache) : []) {
    const pid = Number(/^web-(?:new|old)-(\d+)$/.exec(name)?.[1] ?? 0);
    if (pid === 0 || isRunning(pid)) continue;
    rmSync(join(cache, name), { recursive: true, force: true });
  }
}

/** @returns {Promise<boolean>} whether the app is built, or nothing was to be done */
async function build() {
  if (!existsSync(join(web, 'package.json'))) return true;
  if (isIfStale && isFresh(fingerprint())) return true;
  mkdirSync(cache, { recursive: true });
  return await alone(join(cache, 'web.lock'), say, async () => buildAlone());
}

/** @returns {boolean} */
function buildAlone() {
  const wanted = fingerprint();
  if (isIfStale && isFresh(wanted)) return true;
  const startMs = Date.now();
  say('Building the web app. This takes some seconds, and is done again only when it has changed.');
  const made = join(cache, `web-new-${process.pid}`);
  sweep();
  rmSync(made, { recursive: true, force: true });
  const { ok, words } = runVite(made);
  if (!ok) {
    rmSync(made, { recursive: true, force: true });
    say(words);
    say('The web app could not be built; why stands above.');
    return false;
  }
  if (words !== '') say(words);
  writeFileSync(join(made, '.fingerprint'), wanted);
  takePlace(made);
  say(`Built in ${((Date.now() - startMs) / 1000).toFixed(1)} s.`);
  return true;
}

const isBuilt = await build();
if (!isBuilt && isIfStale) {
  const what = existsSync(join(dist, 'index.html'))
    ? 'The app as it was built before is used.'
    : 'There is no app.';
  say(`${what} Everything else goes on; "npm run build" tries again.`);
}
process.exitCode = isBuilt || isIfStale ? 0 : 1;
