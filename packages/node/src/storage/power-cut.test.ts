/**
 * Goal: a power cut takes back nothing that was acknowledged. Method: a child writes to a file system of its own
 * on a loop device; it is stopped where it is, and the image of the device, which holds only what was synced or
 * written back, is copied and opened elsewhere. The same with the sync switched off must lose something: else
 * the method would prove nothing.
 *
 * Needs the right to mount; without it the tests say that they are skipped.
 */
import { execFileSync } from 'node:child_process';
import {
  constants,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { childKey } from '../../test/storage-child-rows.ts';
import { countWhole, startWriting } from '../../test/writing-child.ts';
import { openDatabase } from './database.ts';

const root = mkdtempSync(join(tmpdir(), 'kith-power-'));
const mounted: string[] = [];
const run = (program: string, ...words: string[]): void =>
  void execFileSync(program, words, { stdio: 'pipe' });

function mount(image: string, name: string): string {
  const place = join(root, name);
  mkdirSync(place, { recursive: true });
  run('mount', '-o', 'loop,commit=300', image, place);
  mounted.push(place);
  return place;
}

function unmount(place: string): void {
  run('umount', place);
  mounted.splice(mounted.indexOf(place), 1);
}

/**
 * A fresh file system in a file of its own: the loop device of a file that was unmounted may stay for a while, and would
 * be used again with all that it remembers.
 */
function format(name: string): string {
  const image = join(root, `${name}.img`);
  writeFileSync(image, '');
  truncateSync(image, 64 * 2 ** 20);
  run('mkfs.ext4', '-q', image);
  return image;
}

/** Whether this machine lets us. */
function mayMount(): boolean {
  try {
    unmount(mount(format('probe'), 'probe'));
    return true;
  } catch {
    return false;
  }
}

const able = process.platform === 'linux' && process.getuid?.() === 0 && mayMount();

afterAll(() => {
  for (const place of mounted) run('umount', place);
  rmSync(root, { recursive: true });
});

/** Cuts the power while a child writes. @returns the number it had acknowledged, and what the disk holds. */
async function cut(mode: 'safe' | 'unsafe', name: string): Promise<{ acknowledged: number; place: string }> {
  const image = format(`${name}-live`);
  const live = mount(image, `${name}-live`);
  const child = startWriting(join(live, 'profile', 'kith.db'), mode, 0);
  await child.acknowledged(150);
  child.freeze();
  const after = join(root, `${name}.img`);
  copyFileSync(image, after, constants.COPYFILE_FICLONE);
  const acknowledged = await child.kill();
  unmount(live);
  return { acknowledged, place: mount(after, `${name}-after`) };
}

describe.skipIf(!able)(able ? 'a power cut' : 'a power cut (SKIPPED: no right to mount here)', () => {
  test.each(['first', 'second'])('loses nothing acknowledged: %s', { timeout: 60_000 }, async (name) => {
    const { acknowledged, place } = await cut('safe', name);
    const database = openDatabase(join(place, 'profile', 'kith.db'), childKey);
    try {
      expect(countWhole(database, acknowledged)).toBeGreaterThan(150);
    } finally {
      database.close();
    }
    unmount(place);
  });

  test('with the sync switched off the same method finds the loss', { timeout: 60_000 }, async () => {
    const { acknowledged, place } = await cut('unsafe', 'planted');
    const look = (): void => {
      const database = openDatabase(join(place, 'profile', 'kith.db'), childKey);
      try {
        countWhole(database, acknowledged);
      } finally {
        database.close();
      }
    };
    expect(look).toThrow(/acknowledged and is lost/);
    unmount(place);
  });
});
