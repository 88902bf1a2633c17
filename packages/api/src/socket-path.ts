/**
 * Where the node of a profile listens, and how its clients find it. Both sides use this file.
 *
 * - Unix: `node.sock` in the profile. Where that path is too long for a socket, a short one in a private folder
 *   of this user, and `node.sock.path` in the profile says which: the environment of a client may differ.
 * - Windows: a named pipe whose name is new and random at every start. Windows lets every local user list pipe
 *   names and open them for reading, so the name is no secret: `node.pipe` in the profile, which only its owner may
 *   read, holds the name and a token, and the node hangs up on whoever does not present it.
 */
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { KithError } from '@kith/core/base/errors';

/** What a client connects to. `token`: to be presented in the `authorization` header; Windows only. */
export interface SocketAddress {
  path: string;
  token: string | undefined;
}

/** The part of the machine that decides; tests pass another. */
export interface SocketHost {
  platform: NodeJS.Platform;
  /** Undefined on Windows. */
  uid: number | undefined;
  /** Folders that may hold our private one, the best first. */
  runtimeFolders: string[];
}

/** This machine. */
export function socketHost(): SocketHost {
  const runtime = process.env['XDG_RUNTIME_DIR'];
  return {
    platform: process.platform,
    uid: process.getuid?.(),
    runtimeFolders: [...(runtime === undefined || runtime === '' ? [] : [runtime]), tmpdir()],
  };
}

const pointerBytesMax = 4_096;

/** Longest path of a socket in bytes: sun_path less its final zero (unix(7); 104 on macOS and the BSDs). */
function socketPathBytesMax(platform: NodeJS.Platform): number {
  return platform === 'linux' ? 107 : 103;
}

/**
 * Decides where the node listens and writes down what its clients need. The caller holds the profile's lock, so
 * whatever an earlier node left is stale and replaced.
 *
 * @param data - Absolute path of the profile's folder, which exists and belongs to this user alone.
 * @throws KithError `internal` - no folder is private and short enough; the sentence says what to set.
 */
export function reserveSocket(data: string, host: SocketHost = socketHost()): SocketAddress {
  if (host.platform === 'win32') {
    const address = {
      path: `\\\\.\\pipe\\kith-${randomBytes(16).toString('hex')}`,
      token: randomBytes(32).toString('base64url'),
    };
    writePrivately(join(data, 'node.pipe'), JSON.stringify(address));
    return address;
  }
  const own = join(data, 'node.sock');
  const pointer = join(data, 'node.sock.path');
  if (Buffer.byteLength(own) <= socketPathBytesMax(host.platform)) {
    rmSync(pointer, { force: true });
    return { path: own, token: undefined };
  }
  const name = `${createHash('sha256').update(resolve(data)).digest('hex').slice(0, 16)}.sock`;
  for (const [index, base] of host.runtimeFolders.entries()) {
    // A runtime folder is this user's already; a temporary one is everybody's.
    const isLast = index === host.runtimeFolders.length - 1;
    const folder = join(base, isLast ? `kith-${host.uid ?? 0}` : 'kith');
    const path = join(folder, name);
    if (Buffer.byteLength(path) > socketPathBytesMax(host.platform)) continue;
    if (!makePrivateFolder(folder, host)) continue;
    writePrivately(pointer, path);
    return { path, token: undefined };
  }
  throw new KithError(
    'internal',
    'The path of this profile is too long for a socket, and no private folder with a short path was found. ' +
      'Set XDG_RUNTIME_DIR to a short folder of your own, or choose a shorter --data.',
  );
}

/**
 * Where the node of this profile listens, if one does.
 *
 * @throws KithError `no-node` - nothing here says where; a node that runs would have said so.
 */
export function findSocket(data: string, host: SocketHost = socketHost()): SocketAddress {
  if (host.platform === 'win32') return parsePipe(readPointer(join(data, 'node.pipe')));
  const pointed = readPointer(join(data, 'node.sock.path'));
  if (pointed !== undefined) {
    // Were the folder gone from a shared place, somebody else could have put their own there.
    if (!isPrivateFolder(join(pointed, '..'), host)) throw new KithError('no-node');
    return { path: pointed, token: undefined };
  }
  const own = join(data, 'node.sock');
  if (Buffer.byteLength(own) > socketPathBytesMax(host.platform)) throw new KithError('no-node');
  return { path: own, token: undefined };
}

/** Removes what {@link reserveSocket} wrote. Safe to call twice. */
export function releaseSocket(data: string, host: SocketHost = socketHost()): void {
  const pointer = join(data, host.platform === 'win32' ? 'node.pipe' : 'node.sock.path');
  rmSync(pointer, { force: true });
}

function parsePipe(text: string | undefined): SocketAddress {
  try {
    const parsed: unknown = JSON.parse(text ?? '');
    if (typeof parsed === 'object' && parsed !== null && 'path' in parsed && 'token' in parsed) {
      const { path, token } = parsed;
      if (typeof path === 'string' && typeof token === 'string' && path.startsWith('\\\\.\\pipe\\kith-')) {
        return { path, token };
      }
    }
  } catch (error) {
    throw new KithError('no-node', undefined, { cause: error });
  }
  throw new KithError('no-node');
}

function readPointer(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8').trim();
    return text.length > 0 && text.length <= pointerBytesMax ? text : undefined;
  } catch {
    // No pointer, or one that we may not read: either way nobody told us where to go.
    return undefined;
  }
}

/** Readable by its owner alone, whole or not at all. */
function writePrivately(path: string, text: string): void {
  const unfinished = `${path}.${process.pid}.new`;
  rmSync(unfinished, { force: true });
  writeFileSync(unfinished, text, { mode: 0o600, flag: 'wx' });
  renameSync(unfinished, path);
}

function makePrivateFolder(folder: string, host: SocketHost): boolean {
  try {
    mkdirSync(folder, { mode: 0o700 });
    // The umask may have taken bits that we need; it never adds any.
    chmodSync(folder, 0o700);
    return true;
  } catch {
    // It exists, or cannot be made. The check tells which.
    return isPrivateFolder(folder, host);
  }
}

function isPrivateFolder(folder: string, host: SocketHost): boolean {
  try {
    const found = lstatSync(folder);
    return found.isDirectory() && found.uid === host.uid && (found.mode & 0o077) === 0;
  } catch {
    return false;
  }
}
