/**
 * A file that is there whole or not at all: written beside its place under another name, for its owner alone, and put in
 * place at the end. An interrupted command leaves nothing behind.
 */
import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { KithError } from '@kith/api/errors';

export interface NewFile {
  write(text: string): void;
  /** Puts it in place. */
  keep(): void;
  /** Removes what was not kept. Safe to call at any time. */
  drop(): void;
}

/**
 * @param replace - whether a file that is there may be replaced.
 * @throws KithError `usage` - it is there and may not; `disk-full`, `disk-failed`. All methods throw the last two.
 */
export function newFile(path: string, { replace }: { replace: boolean }): NewFile {
  if (!replace && existsSync(path)) throw taken(path);
  const part = `${path}.${process.pid}.part`;
  const drop = (): void => rmSync(part, { force: true });
  const descriptor = guarded(path, () => openSync(part, 'wx', 0o600));
  let isOpen = true;
  const close = (): void => {
    if (isOpen) closeSync(descriptor);
    isOpen = false;
  };
  const interrupted = (): void => {
    drop();
    process.exit(1);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupted);
  return {
    write: (text) => guarded(path, () => writeAll(descriptor, Buffer.from(text))),
    keep() {
      guarded(path, () => {
        fsyncSync(descriptor);
        close();
        if (replace) renameSync(part, path);
        else place(part, path);
      });
    },
    drop() {
      close();
      drop();
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupted);
    },
  };
}

/** Not over one that came meanwhile, where the file system can say so in one step. */
function place(part: string, path: string): void {
  try {
    linkSync(part, path);
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST' || existsSync(path)) throw taken(path);
    renameSync(part, path);
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
}

function taken(path: string): KithError {
  return new KithError('usage', `${path} is there already. Add --force to replace it.`);
}

function guarded<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof KithError) throw cause;
    const code = codeOf(cause);
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new KithError('disk-full', undefined, { cause });
    throw new KithError('disk-failed', `${path} cannot be written (${code}).`, { cause });
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
}
