import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findSocket, releaseSocket, reserveSocket, socketHost, type SocketHost } from './socket-path.ts';

let base: string;
let deep: string;
let unix: SocketHost;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'kith-path-'));
  deep = join(base, 'a'.repeat(60), 'b'.repeat(60));
  mkdirSync(deep, { recursive: true });
  const runtime = join(base, 'run');
  mkdirSync(runtime);
  unix = { platform: 'linux', uid: process.getuid?.(), runtimeFolders: [runtime, base] };
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

test('a short path stands in the profile, and both sides know it', () => {
  expect(reserveSocket(base, unix)).toEqual({ path: join(base, 'node.sock'), token: undefined });
  expect(findSocket(base, unix)).toEqual({ path: join(base, 'node.sock'), token: undefined });
});

test('a path too long for a socket gets a short one in a private folder', () => {
  const reserved = reserveSocket(deep, unix);
  expect(reserved.path).toMatch(/\/run\/kith\/[0-9a-f]{16}\.sock$/);
  expect(Buffer.byteLength(reserved.path)).toBeLessThanOrEqual(107);
  expect(statSync(join(base, 'run', 'kith')).mode & 0o777).toBe(0o700);
  expect(statSync(join(deep, 'node.sock.path')).mode & 0o777).toBe(0o600);
  // The client may have another environment: the pointer decides.
  expect(findSocket(deep, { ...unix, runtimeFolders: [] })).toEqual(reserved);
  releaseSocket(deep, unix);
  expect(() => findSocket(deep, unix)).toThrow('No node is running');
});

test('the limit is 107 bytes on Linux and 103 elsewhere, counted in bytes', () => {
  const room = (bytes: number): string => {
    const folder = join(base, 'x'.repeat(bytes - Buffer.byteLength(join(base, 'y', 'node.sock')) + 1));
    mkdirSync(folder, { recursive: true });
    return folder;
  };
  const own = (folder: string, host: SocketHost): boolean =>
    reserveSocket(folder, host).path.startsWith(folder);
  const mac: SocketHost = { ...unix, platform: 'darwin' };
  expect(own(room(107), unix)).toBe(true);
  expect(own(room(108), unix)).toBe(false);
  expect(own(room(103), mac)).toBe(true);
  expect(own(room(104), mac)).toBe(false);
});

test('a folder that others may enter, or a link, is passed over', () => {
  mkdirSync(join(base, 'run', 'kith'));
  chmodSync(join(base, 'run', 'kith'), 0o755);
  expect(reserveSocket(deep, unix).path).toContain(`/kith-${unix.uid}/`);
  rmSync(join(base, `kith-${unix.uid}`), { recursive: true });
  symlinkSync(base, join(base, `kith-${unix.uid}`));
  expect(() => reserveSocket(deep, unix)).toThrow('XDG_RUNTIME_DIR');
});

test('a pointer into a folder that is no longer ours leads nowhere', () => {
  reserveSocket(deep, unix);
  chmodSync(join(base, 'run', 'kith'), 0o777);
  expect(() => findSocket(deep, unix)).toThrow('No node is running');
});

test('on Windows the name is new at every start, and the profile tells it with a token', () => {
  const windows: SocketHost = { platform: 'win32', uid: undefined, runtimeFolders: [base] };
  const first = reserveSocket(base, windows);
  expect(first.path).toMatch(/^\\\\\.\\pipe\\kith-[0-9a-f]{32}$/);
  expect(first.token).toMatch(/^[\w-]{43}$/);
  expect(findSocket(base, windows)).toEqual(first);
  expect(statSync(join(base, 'node.pipe')).mode & 0o777).toBe(0o600);
  expect(reserveSocket(base, windows).path).not.toBe(first.path);
  releaseSocket(base, windows);
  expect(() => findSocket(base, windows)).toThrow('No node is running');
});

test('a damaged pointer is no node, not a crash', () => {
  const windows: SocketHost = { platform: 'win32', uid: undefined, runtimeFolders: [base] };
  for (const text of ['', '{', '7', '{"path":7,"token":"x"}', '{"path":"/etc/passwd","token":"x"}']) {
    writeFileSync(join(base, 'node.pipe'), text);
    expect(() => findSocket(base, windows), text).toThrow('No node is running');
  }
});

test('this machine', () => {
  expect(socketHost().runtimeFolders.length).toBeGreaterThan(0);
});
