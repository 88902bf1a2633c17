/**
 * A disk that can be cut off: a file system on a loop device whose image lies on a second one. Freezing the outer file
 * system stops every write to the image between two of them, so that a copy of the image is the disk of a machine whose
 * power failed at that moment: what was written to the device is there, what only lay in memory is not. (A real
 * disk may also lose what it had in its own cache and was not told to flush; that, this does not show.)
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Why this machine cannot, or undefined. */
export function blockImagesUnable(): string | undefined {
  if (process.platform !== 'linux') return 'loop devices exist on Linux only';
  if (process.getuid?.() !== 0) return 'needs root, for loop devices';
  for (const tool of ['losetup', 'mkfs.ext4', 'mount', 'umount', 'fsfreeze', 'truncate', 'cp']) {
    try {
      execFileSync('sh', ['-c', 'command -v "$1"', 'sh', tool], { stdio: 'pipe' });
    } catch {
      return `needs ${tool} (util-linux, e2fsprogs)`;
    }
  }
  return existsSync('/dev/loop-control') ? undefined : 'this system has no loop devices';
}

export interface CuttableDisk {
  /** Where the disk is mounted. Another folder after each cut. */
  folder: () => string;
  /** Stops all writing, so that whoever asks for one waits. */
  freeze: () => void;
  /** Copies the image as it stands; then lets go what waited, to be written to the lost original. */
  copyAndThaw: () => void;
  /** Forgets the original and mounts the copy, whose journal is replayed. No process may be using the original. */
  replace: () => void;
  /** Safe to call in any state, and twice. */
  remove: () => void;
}

const outerSize = '1500M';
const innerSize = '192M';

export function createCuttableDisk(folder: string): CuttableDisk {
  const outer = mountImage(join(folder, 'outer.img'), join(folder, 'outer'), outerSize);
  let generation = 0;
  let isFrozen = false;
  const image = (): string => join(outer.folder, `disk${generation}.img`);
  const place = (): string => join(folder, `disk${generation}`);
  let inner = mountImage(image(), place(), innerSize);
  const thaw = (): void => {
    if (isFrozen) run('fsfreeze', '--unfreeze', outer.folder);
    isFrozen = false;
  };
  return {
    folder: () => inner.folder,
    freeze: () => {
      run('fsfreeze', '--freeze', outer.folder);
      isFrozen = true;
    },
    copyAndThaw: () => {
      // Outside the frozen file system: it takes no writes.
      run('cp', '--sparse=always', image(), join(folder, 'copy.img'));
      thaw();
    },
    replace: () => {
      inner.remove();
      run('rm', image());
      generation += 1;
      run('mv', join(folder, 'copy.img'), image());
      inner = mountExisting(image(), place());
    },
    remove: () => {
      thaw();
      inner.remove();
      outer.remove();
    },
  };
}

interface Mounted {
  folder: string;
  remove: () => void;
}

function mountImage(image: string, folder: string, size: string): Mounted {
  run('truncate', '--size', size, image);
  run('mkfs.ext4', '-q', '-F', '-m', '0', image);
  return mountExisting(image, folder);
}

function mountExisting(image: string, folder: string): Mounted {
  mkdirSync(folder);
  // Direct: what the inner file system writes is not kept back in memory by the outer one.
  const device = run('losetup', '--find', '--show', '--direct-io=on', image).trim();
  let isMounted = false;
  const remove = (): void => {
    // Lazily: the kernel may let go of a device within, and of its image here, a moment after it was told to.
    if (isMounted) run('umount', '--lazy', folder);
    isMounted = false;
    if (run('losetup', '--associated', image) !== '') run('losetup', '--detach', device);
  };
  try {
    run('mount', '-t', 'ext4', device, folder);
    isMounted = true;
  } catch (error) {
    remove();
    throw error;
  }
  return { folder, remove };
}

function run(program: string, ...args: string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
