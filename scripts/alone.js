/**
 * One at a time: whoever comes to a piece of work in this checkout while another process is at it waits for that one.
 * Plain JavaScript without a dependency, for the scripts that run before anything is installed.
 */
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const lookMs = 200;
/** Beyond, nobody works any more who could be waited for. */
const waitMsMax = 1_800_000;
/** Between the making of a lock and its writing, and for the taking of one that was left. */
const momentMs = 5_000;

/**
 * @param {string} lock - A file that holds the process ids of who works.
 * @param {(words: string) => void} say
 * @param {(note: (pid: number | undefined) => void) => Promise<boolean>} work - Notes the process that it starts, which may
 * outlive it.
 * @returns {Promise<boolean>} what the work says; false also where its turn never came
 */
export async function alone(lock, say, work) {
  if (!(await takeInTurn(lock, say))) return false;
  try {
    return await work((pid) => {
      if (pid !== undefined && isOurs(lock)) attempt(() => replace(lock, `${process.pid} ${pid}`));
    });
  } finally {
    if (isOurs(lock)) attempt(() => rmSync(lock));
  }
}

/** @returns {boolean} */
export function isRunning(/** @type {number} */ pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

async function takeInTurn(/** @type {string} */ lock, /** @type {(words: string) => void} */ say) {
  const untilMs = Date.now() + waitMsMax;
  for (let isSaid = false, tries = 0; Date.now() < untilMs;) {
    const outcome = create(lock, String(process.pid));
    if (outcome === 'made') return true;
    if (outcome === 'there' && isLeft(lock)) {
      takeAway(lock);
    } else if (outcome === 'there') {
      if (!isSaid) say(`Kith is being set up here already (says ${lock}); waiting until that is done.`);
      isSaid = true;
    } else if (++tries > 10) {
      // Nobody can write here, as whatever wants to will find and say. On Windows it may be a file that just goes.
      return true;
    }
    await sleep(lookMs);
  }
  say(`Kith is still being set up here, says ${lock}. If that is not so, delete this file and try again.`);
  return false;
}

/** @returns {'made' | 'there' | 'refused'} */
function create(/** @type {string} */ file, /** @type {string} */ text) {
  try {
    writeFileSync(file, text, { flag: 'wx' });
    return 'made';
  } catch (error) {
    return codeOf(error) === 'EEXIST' ? 'there' : 'refused';
  }
}

/** Whole at every moment. */
function replace(/** @type {string} */ file, /** @type {string} */ text) {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

/** Under a lock of its own, and looked at once more there: another one may have done it, and be at work. */
function takeAway(/** @type {string} */ lock) {
  const key = `${lock}.left`;
  if (create(key, '') === 'made') {
    if (isLeft(lock)) attempt(() => rmSync(lock));
    attempt(() => rmSync(key));
  } else if ((ageMs(key) ?? 0) > momentMs) {
    attempt(() => rmSync(key));
  }
}

/** Whether nobody works who is named there. */
function isLeft(/** @type {string} */ lock) {
  const age = ageMs(lock);
  const pids = pidsIn(lock);
  if (age === undefined || pids === undefined) return false;
  if (pids.length === 0) return age > momentMs;
  // After a start of the machine the ids are others'; in a container that was started anew ours may be the one.
  if (age > uptime() * 1_000 || pids[0] === process.pid) return true;
  return !pids.some(isRunning);
}

function isOurs(/** @type {string} */ lock) {
  return pidsIn(lock)?.[0] === process.pid;
}

/** @returns {number[] | undefined} undefined where there is none, or it cannot be read */
function pidsIn(/** @type {string} */ lock) {
  return attempt(() => readFileSync(lock, 'utf8').split(' ').map(Number).filter(Boolean));
}

/** @returns {number | undefined} */
function ageMs(/** @type {string} */ file) {
  return attempt(() => Date.now() - statSync(file).mtimeMs);
}

/**
 * @template T
 * @param {() => T} act
 * @returns {T | undefined} undefined where it could not be done
 */
function attempt(act) {
  try {
    return act();
  } catch {
    return undefined;
  }
}

function codeOf(/** @type {unknown} */ error) {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
