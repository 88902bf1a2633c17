import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameDecoder, writeFrame } from './frames.ts';
import { frameBytesMax, lengthBytes } from './limits.ts';

function encode(frames: Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(frames.reduce((sum, frame) => sum + lengthBytes + frame.length, 0));
  frames.reduce((at, frame) => writeFrame(bytes, at, frame), 0);
  return bytes;
}

function decode(
  bytes: Uint8Array,
  cuts: number[],
): { frames: Uint8Array[]; fault: string | undefined; partial: boolean } {
  const decoder = new FrameDecoder();
  const frames: Uint8Array[] = [];
  let fault: string | undefined;
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  for (let index = 1; index < edges.length; index++) {
    const chunk = bytes.subarray(edges[index - 1], edges[index]);
    fault = decoder.push(chunk, (frame) => frames.push(frame) > 0);
  }
  return { frames, fault, partial: decoder.partial };
}

const frame = fc.uint8Array({ minLength: 1, maxLength: 300 });

test('comes out whole and in order, however it is cut', () => {
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 20 }), (frames, cuts) => {
      expect(decode(encode(frames), cuts)).toEqual({ frames, fault: undefined, partial: false });
    }),
    { numRuns: 2_000 },
  );
});

test('any bytes at all: frames within the limits or a fault, never an exception', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.array(fc.nat(), { maxLength: 8 }), (bytes, cuts) => {
      const { frames } = decode(bytes, cuts);
      for (const { length } of frames) expect(length).toBeLessThanOrEqual(frameBytesMax);
      expect(decode(bytes, []).frames).toEqual(frames);
    }),
    { numRuns: 2_000 },
  );
});

test('the largest frame, and one byte more', () => {
  expect(decode(encode([new Uint8Array(frameBytesMax)]), []).frames[0]?.length).toBe(frameBytesMax);
  expect(decode(Uint8Array.of(0, 1, 0, 1), []).fault).toBe('frame-too-long');
  expect(decode(Uint8Array.of(0, 0, 0, 0), []).fault).toBe('frame-empty');
});

test('after a fault nothing is decoded any more', () => {
  const decoder = new FrameDecoder();
  const frames: Uint8Array[] = [];
  const take = (got: Uint8Array): boolean => frames.push(got) > 0;
  expect(decoder.push(Uint8Array.of(0, 0, 0, 0), take)).toBe('frame-empty');
  expect(decoder.push(encode([Uint8Array.of(1)]), take)).toBe('frame-empty');
  expect(frames).toEqual([]);
});

test('a frame shares no memory with the chunk it came in, also where that is a Buffer', () => {
  const chunk = Buffer.from(encode([Uint8Array.of(1, 2, 3)]));
  const { frames } = decode(chunk, []);
  chunk.fill(9);
  expect(frames).toEqual([Uint8Array.of(1, 2, 3)]);
});

test('says whether a frame is begun', () => {
  expect(decode(Uint8Array.of(0), []).partial).toBe(true);
  expect(decode(Uint8Array.of(0, 0, 0, 2, 1), []).partial).toBe(true);
  expect(decode(Uint8Array.of(0, 0, 0, 1, 1), []).partial).toBe(false);
});
