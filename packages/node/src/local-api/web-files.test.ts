import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebFiles, webBytesMax } from './web-files.ts';

let folder = '';
let dist = '';
const faults: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kith-web-'));
  dist = join(folder, 'dist');
  mkdirSync(join(dist, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'marker');
  writeFileSync(join(dist, 'index.html'), '<!doctype html>one');
  writeFileSync(join(dist, 'assets/app-Bx3_9fQk.js'), 'plain');
  writeFileSync(join(dist, 'assets/app-Bx3_9fQk.js.br'), 'brotli');
  writeFileSync(join(dist, 'assets/app-Bx3_9fQk.js.gz'), 'gzip');
  writeFileSync(join(dist, 'icon.svg'), '<svg/>');
  faults.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

function files(): WebFiles {
  return new WebFiles(dist, (code) => faults.push(code));
}
const body = (web: WebFiles, path: string, headers = {}): string | undefined =>
  web.answer(path, headers)?.body?.toString();

test('files by their exact names, pages by the index, nothing else', () => {
  const web = files();
  expect(body(web, '/icon.svg')).toBe('<svg/>');
  for (const path of ['/', '/index.html', '/settings/network', '/c/0abc-_9']) {
    expect(body(web, path), path).toBe('<!doctype html>one');
  }
  symlinkSync(join(folder, 'secret.txt'), join(dist, 'link.txt'));
  writeFileSync(join(dist, '.hidden.txt'), 'marker');
  writeFileSync(join(dist, 'map.unknown'), 'marker');
  const fresh = files();
  for (const path of [
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/assets/%2e%2e/icon.svg',
    '/..%2fsecret.txt',
    '/..\\secret.txt',
    '/icon.svg%00',
    '/icon.svg\u0000',
    '//icon.svg',
    '/./icon.svg',
    '/icon.svg/',
    '/ICON.SVG',
    'icon.svg',
    '',
    'http://127.0.0.1/icon.svg',
    '/link.txt',
    '/.hidden.txt',
    '/map.unknown',
    '/assets/app-Bx3_9fQk.js.br',
    '/missing.js',
    '/__proto__.js',
    '/constructor.prototype',
  ]) {
    expect(fresh.answer(path, {}), path).toBeUndefined();
  }
  // Words without a dot are the app's own to make sense of: it gets its index, and no file by that name.
  expect(body(fresh, '/__proto__')).toBe('<!doctype html>one');
  expect(fresh.answer(`/${'a'.repeat(600)}`, {})).toBeUndefined();
});

test('what is named by its content is kept for ever, the rest is asked for again', () => {
  const web = files();
  expect(web.answer('/assets/app-Bx3_9fQk.js', {})?.headers['cache-control']).toContain('immutable');
  for (const path of ['/', '/icon.svg'])
    expect(web.answer(path, {})?.headers['cache-control']).toBe('no-cache');
  const etag = String(web.answer('/', {})?.headers['etag']);
  expect(web.answer('/', { 'if-none-match': etag })).toMatchObject({ status: 304, body: undefined });
  expect(web.answer('/', { 'if-none-match': `"x", W/${etag}` })?.status).toBe(304);
  expect(web.answer('/', { 'if-none-match': '"x"' })?.status).toBe(200);
});

test('the compression that was made before, where the browser takes it', () => {
  const web = files();
  const ask = (accepted: string | undefined): string | undefined =>
    body(web, '/assets/app-Bx3_9fQk.js', { 'accept-encoding': accepted });
  expect(ask('gzip, deflate, br, zstd')).toBe('brotli');
  expect(ask('gzip')).toBe('gzip');
  expect(ask('br;q=0, gzip;q=0.5')).toBe('gzip');
  expect(ask('BR')).toBe('brotli');
  for (const none of [undefined, '', 'identity', 'deflate', 'br;q=0', 'brotli'])
    expect(ask(none), none).toBe('plain');
  const { headers } = web.answer('/assets/app-Bx3_9fQk.js', { 'accept-encoding': 'br' }) ?? {};
  expect(headers).toMatchObject({
    'content-encoding': 'br',
    'content-type': 'text/javascript; charset=utf-8',
    'content-length': 6,
    vary: 'accept-encoding',
  });
  expect(headers?.['etag']).not.toBe(web.answer('/assets/app-Bx3_9fQk.js', {})?.headers['etag']);
});

test('a build that is not there, appears, is replaced, and is half replaced', () => {
  rmSync(dist, { recursive: true });
  const web = files();
  expect(web.isBuilt()).toBe(false);
  expect(web.answer('/', {})).toBeUndefined();
  mkdirSync(join(dist, 'assets'), { recursive: true });
  writeFileSync(join(dist, 'index.html'), 'first');
  writeFileSync(join(dist, 'assets/a-11111111.js'), 'a');
  expect(body(web, '/')).toBe('first');
  // While it is being written anew, what was read before is served whole.
  rmSync(dist, { recursive: true });
  expect(body(web, '/')).toBe('first');
  expect(body(web, '/assets/a-11111111.js')).toBe('a');
  mkdirSync(dist);
  writeFileSync(join(dist, 'index.html'), 'second one');
  expect(body(web, '/')).toBe('second one');
  expect(web.answer('/assets/a-11111111.js', {})).toBeUndefined();
});

test('a folder that is no build is not read into memory', () => {
  writeFileSync(join(dist, 'huge.js'), Buffer.alloc(webBytesMax + 1));
  const web = files();
  expect(web.isBuilt()).toBe(false);
  expect(faults).toEqual(['web-unreadable']);
  // Once, not at every request.
  expect(web.answer('/', {})).toBeUndefined();
  expect(faults.length).toBe(1);
});

test('a folder that cannot be looked at ends no node: what was read before is served on', () => {
  const web = files();
  expect(body(web, '/')).toBe('<!doctype html>one');
  rmSync(dist, { recursive: true });
  symlinkSync(dist, dist); // Leads to itself: every look fails.
  expect(body(web, '/')).toBe('<!doctype html>one');
  expect(files().isBuilt()).toBe(false);
  expect(faults).toEqual(['web-unreadable', 'web-unreadable']);
});
