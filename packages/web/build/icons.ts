/**
 * Draws the icons of the app from the mark: `node packages/web/build/icons.ts` writes them into public/. Plain arithmetic, so
 * that every machine makes the same bytes; icons.test.ts holds the files to it.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';

type Colour = readonly [red: number, green: number, blue: number];

interface Shape {
  /** Edge in pixels. */
  size: number;
  /** Part of the edge that the mark takes. Maskable icons keep a fifth free on each side (W3C manifest, safe zone). */
  share: number;
  /** Part of the edge by which the corners are rounded; 0: the system cuts them. */
  corner: number;
}

export const icons: Readonly<Record<string, Shape>> = {
  'icon-192.png': { size: 192, share: 0.62, corner: 0.22 },
  'icon-512.png': { size: 512, share: 0.62, corner: 0.22 },
  'icon-maskable-512.png': { size: 512, share: 0.5, corner: 0 },
};

/** The accent's fill, and what stands on it, in sRGB: tokens.css. */
const ground: Colour = [68, 97, 208];
const mark: Colour = [250, 251, 255];
/** The mark is drawn in a square of 24: mark.tsx. */
const radius = 8.5;
const dotRadius = 2.1;
const lineWidth = 0.9;
const lineOpacity = 0.5;
/** Samples along each edge of a pixel. */
const samples = 4;

const dots: readonly (readonly [number, number])[] = Array.from({ length: 6 }, (_, index) => {
  const angle = (index * Math.PI) / 3 - Math.PI / 2;
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
});

/** @returns a PNG of the mark on the accent. */
export function drawIcon({ size, share, corner }: Shape): Buffer {
  const rows = Buffer.alloc(size * (1 + size * 4));
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      // Each row begins with its filter: none.
      rows.set(pixel(x, y, { size, share, corner }), y * (1 + size * 4) + 1 + x * 4);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  // Eight bits a channel, red green blue and opacity.
  header.set([8, 6], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function pixel(x: number, y: number, { size, share, corner }: Shape): number[] {
  let inside = 0;
  let lit = 0;
  for (let sample = 0; sample < samples * samples; sample += 1) {
    const px = x + ((sample % samples) + 0.5) / samples - size / 2;
    const py = y + (Math.floor(sample / samples) + 0.5) / samples - size / 2;
    if (!isInSquare(px, py, size / 2, corner * size)) continue;
    inside += 1;
    // Into the mark's own measure, in which its outermost dots touch the share.
    const scale = (2 * (radius + dotRadius)) / (share * size);
    lit += strength(px * scale, py * scale);
  }
  const part = inside === 0 ? 0 : lit / inside;
  const mixed = ground.map((channel, index) => Math.round(channel + ((mark[index] ?? 0) - channel) * part));
  return [...mixed, Math.round((255 * inside) / samples ** 2)];
}

function isInSquare(x: number, y: number, half: number, corner: number): boolean {
  const beyondX = Math.max(0, Math.abs(x) - (half - corner));
  const beyondY = Math.max(0, Math.abs(y) - (half - corner));
  return corner === 0 || Math.hypot(beyondX, beyondY) <= corner;
}

/** How much of the mark is at a point: a dot wholly, a line in part. */
function strength(x: number, y: number): number {
  if (dots.some(([dx, dy]) => Math.hypot(x - dx, y - dy) <= dotRadius)) return 1;
  const isOnLine = dots.some((from, index) => {
    const to = dots[(index + 1) % dots.length] ?? from;
    return distanceToLine([x, y], from, to) <= lineWidth / 2;
  });
  return isOnLine ? lineOpacity : 0;
}

type Point = readonly [number, number];

function distanceToLine([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2);
  const part = Math.min(1, Math.max(0, along));
  return Math.hypot(x - ax - part * (bx - ax), y - ay - part * (by - ay));
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

if (import.meta.main) {
  for (const [name, shape] of Object.entries(icons)) {
    writeFileSync(join(import.meta.dirname, '../public', name), drawIcon(shape));
  }
}
