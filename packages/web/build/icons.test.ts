import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { drawIcon, icons } from './icons.ts';

const folder = join(import.meta.dirname, '../public');

/** Pixels, whatever this machine's zlib made of them. */
function pixels(png: Buffer): Buffer {
  const start = png.indexOf('IDAT') + 4;
  return inflateSync(png.subarray(start, start + png.readUInt32BE(start - 8)));
}

it.each(Object.entries(icons))('%s is as build/icons.ts draws it', (name, shape) => {
  expect(pixels(readFileSync(join(folder, name))).equals(pixels(drawIcon(shape)))).toBe(true);
});

it('the manifest names only icons that are there', () => {
  const manifest = JSON.parse(readFileSync(join(folder, 'app.webmanifest'), 'utf8')) as {
    icons: { src: string }[];
  };
  expect(manifest.icons.length).toBeGreaterThan(2);
  for (const { src } of manifest.icons)
    expect(readFileSync(join(folder, src)).length, src).toBeGreaterThan(200);
});
