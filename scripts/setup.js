/**
 * Makes a fresh checkout runnable; npm runs it before `npm start`, `npm test` and the others. Does nothing, quickly,
 * when nothing is to be done.
 *
 * Plain JavaScript without a dependency, because it runs on whatever Node (20 or newer) the machine has. It installs
 * exactly the locked dependencies, then makes sure that `node_modules/.bin/node` is a Node that can run Kith: the pinned
 * one, or else a suitable one of the machine. The marker is written last and lies in the folder that an installation
 * empties first, so whatever interrupts it, the next run begins anew. Who comes while another one installs waits for it:
 * two nodes started side by side in a fresh checkout would empty each other's folder.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alone } from './alone.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const marker = join(modules, '.kith-setup');
/** Beside the folder that an installation empties. */
const lock = join(root, '.kith-setup.lock');
const windows = process.platform === 'win32';
/** 24.7 is the first release whose node:crypto knows ML-KEM. */
const nodeAtLeast = [24, 7];

/** Characters of what npm says that are kept: why it failed stands at the end. */
const wordsMax = 2 ** 20;

const say = (/** @type {string} */ words) => process.stderr.write(`${words}\n`);

/** Stands for everything an installation depends on. */
function fingerprint() {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  return hash.update(`${process.platform} ${process.arch}`).digest('hex');
}

function isReady() {
  return existsSync(marker) && readFileSync(marker, 'utf8') === fingerprint();
}

/** Told of each process that goes on where we are ended. @typedef {(pid: number | undefined) => void} Note */

/**
 * Runs the npm that started us, on the Node it runs on, or else the one on the PATH.
 * @param {Note} note
 * @param {string[]} args
 * @returns {Promise<{ ok: boolean, words: string }>}
 */
function npm(note, ...args) {
  const { npm_execpath: program, npm_node_execpath: node } = process.env;
  const [command, ...first] = program?.endsWith('npm-cli.js') && node ? [node, program] : ['npm'];
  // On Windows npm is a .cmd file, which only a shell starts. No argument here needs quoting.
  const shell = windows && command === 'npm';
  return new Promise((resolve) => {
    const child = spawn(command, [...first, ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell,
    });
    note(child.pid);
    let words = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (part) => (words = (words + part).slice(-wordsMax)));
    child.on('error', (error) => resolve({ ok: false, words: `${error.message}\n${words}` }));
    child.on('close', (code) => resolve({ ok: code === 0, words }));
  });
}

/** @returns {Promise<boolean>} whether the locked dependencies are there; says why not */
async function install(/** @type {Note} */ note) {
  rmSync(marker, { force: true });
  // Windows keeps the file of a running program: there, when we run on the Node to be replaced, only differences.
  const inUse = windows && process.execPath.startsWith(modules);
  // Scripts stay off, because older npm would run those of every package; the pinned Node's alone is wanted.
  const { ok, words } = await npm(
    note,
    inUse ? 'install' : 'ci',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
  );
  if (ok) return true;
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT/.test(
      words,
    )
  ) {
    say('Kith could not install what it needs: the package registry cannot be reached.');
    say('The first start needs a network. Connect this machine and run the same command again.');
  } else if (/ENOENT/.test(words) && !/npm (error|ERR!)/.test(words)) {
    say(
      'Kith could not find npm. Install Node 20 or newer together with npm, and run the same command again.',
    );
  } else if (/ENOSPC/.test(words)) {
    say('Kith could not install what it needs: the disk is full (about 600 MB are wanted).');
  } else {
    say(words.trim());
    say('Kith could not install what it needs; npm says why above.');
  }
  return false;
}

/** @returns {string | undefined} the version without its v, or undefined when it does not run */
function versionOf(/** @type {string} */ node) {
  const result = spawnSync(node, ['--version'], { encoding: 'utf8', shell: node.endsWith('.cmd') });
  return result.status === 0 ? result.stdout.trim().replace(/^v/, '') : undefined;
}

/** @returns {boolean} */
function isSuitable(/** @type {string | undefined} */ version) {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  return major > nodeAtLeast[0] || (major === nodeAtLeast[0] && minor >= nodeAtLeast[1]);
}

/** @returns {Promise<boolean>} whether `node_modules/.bin/node` now runs Kith; says why not */
async function settleNode(/** @type {Note} */ note) {
  const pinned = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies.node;
  const own = join(modules, '.bin', windows ? 'node.cmd' : 'node');
  const isPinned = () => existsSync(own) && versionOf(own) === pinned;
  if (!isPinned()) await npm(note, 'rebuild', 'node', '--ignore-scripts=false');
  if (isPinned()) return true;

  const name = windows ? 'node.exe' : 'node';
  const folders = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '' && !folder.startsWith(modules));
  const outside = process.execPath.startsWith(modules) ? [] : [process.execPath];
  const candidates = [...outside, ...folders.map((folder) => join(folder, name)).filter(existsSync)];
  const found = candidates.find((node) => isSuitable(versionOf(node)));
  if (found === undefined) {
    say(
      `Kith brings its own Node ${pinned}, but that does not run on this machine (${process.platform} ${process.arch}),`,
    );
    say(
      `and no Node ${nodeAtLeast.join('.')} or newer is installed. Install one, and run the same command again.`,
    );
    return false;
  }
  say(`The Node ${pinned} that Kith brings does not run here; using ${versionOf(found)} at ${found}.`);
  rmSync(own, { force: true });
  if (windows) writeFileSync(own, `@"${found}" %*\r\n`);
  else symlinkSync(found, own);
  return true;
}

/** Lets `npm start` and `npx kith` run bin/kith, on every system by the same word. */
function linkKith() {
  const link = join(modules, '.bin', windows ? 'kith.cmd' : 'kith');
  rmSync(link, { force: true });
  if (windows) writeFileSync(link, '@"%~dp0..\\..\\bin\\kith.cmd" %*\r\n');
  else symlinkSync('../../bin/kith', link);
}

async function setUp() {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    say(`Kith needs Node 20 or newer to set itself up; this is ${process.versions.node}.`);
    return false;
  }
  return isReady() || (await alone(lock, say, setUpAlone));
}

async function setUpAlone(/** @type {Note} */ note) {
  if (isReady()) return true;
  const startMs = Date.now();
  say('Installing what Kith needs, once: exactly the locked versions. This takes up to a minute.');
  if (!(await install(note)) || !(await settleNode(note))) return false;
  linkKith();
  writeFileSync(marker, fingerprint());
  say(`Installed in ${Math.round((Date.now() - startMs) / 1000)} s.`);
  return true;
}

process.exitCode = (await setUp()) ? 0 : 1;
