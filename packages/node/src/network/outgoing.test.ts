import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameDecoder } from './frames.ts';
import { batchBytesMax, frameBytesMax, lengthBytes, outgoingLimits } from './limits.ts';
import { Outgoing } from './outgoing.ts';

const classes = ['control', 'message', 'bulk'] as const;

function drain(outgoing: Outgoing): { frames: Uint8Array[]; batches: number[]; receipts: number[] } {
  const decoder = new FrameDecoder();
  const drained = { frames: [] as Uint8Array[], batches: [] as number[], receipts: [] as number[] };
  for (let batch = outgoing.take(); batch !== undefined; batch = outgoing.take()) {
    drained.batches.push(batch.length);
    decoder.push(batch, (frame) => drained.frames.push(frame) > 0);
    const receipt = outgoing.flushed();
    if (receipt !== undefined) drained.receipts.push(receipt);
  }
  return drained;
}

test('everything goes out once, a higher class first, each class in order, receipts rising to the last', () => {
  const queued = fc.record({
    frameClass: fc.constantFrom(...classes),
    size: fc.integer({ min: 3, max: 30_000 }),
    asks: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(queued, { maxLength: 60 }), (all) => {
      const outgoing = new Outgoing();
      let receipt = 0;
      for (const [index, { frameClass, size, asks }] of all.entries()) {
        const frame = new Uint8Array(size);
        frame.set([classes.indexOf(frameClass), index]);
        expect(outgoing.put(frameClass, frame, asks ? ++receipt : undefined)).toBe(true);
      }
      const { frames, batches, receipts } = drain(outgoing);
      const order = all.map(({ frameClass }, index) => [classes.indexOf(frameClass), index]);
      expect(frames.map((frame) => [frame[0], frame[1]])).toEqual(
        order.toSorted((a, b) => a[0]! - b[0]! || a[1]! - b[1]!),
      );
      for (const bytes of batches) expect(bytes).toBeLessThanOrEqual(batchBytesMax);
      expect(receipts).toEqual(receipts.toSorted((a, b) => a - b));
      expect(receipts.at(-1)).toBe(receipt === 0 ? undefined : receipt);
      expect(outgoing.empty).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('a receipt waits for a lower one of a lower class', () => {
  const outgoing = new Outgoing();
  const large = new Uint8Array(60_000);
  outgoing.put('bulk', large, 1);
  outgoing.put('control', large, 2);
  outgoing.take();
  expect(outgoing.flushed()).toBeUndefined();
  outgoing.take();
  expect(outgoing.flushed()).toBe(2);
  expect(outgoing.flushed()).toBeUndefined();
});

test.each(classes)(
  '%s is bounded in frames and in bytes, and takes again when there is room',
  (frameClass) => {
    const { bytesMax, framesMax } = outgoingLimits[frameClass];
    const small = new Outgoing();
    const large = new Outgoing();
    let [frames, bytes] = [0, 0];
    while (small.put(frameClass, Uint8Array.of(1), undefined)) frames++;
    while (large.put(frameClass, new Uint8Array(frameBytesMax), undefined))
      bytes += frameBytesMax + lengthBytes;
    expect(frames).toBe(framesMax);
    expect(bytes).toBeLessThanOrEqual(bytesMax);
    expect(bytes).toBeGreaterThan(bytesMax - frameBytesMax - 2 * lengthBytes);
    expect(large.put(frameClass, Uint8Array.of(1), 1)).toBe(bytes + 5 <= bytesMax);
    small.take();
    expect(small.put(frameClass, Uint8Array.of(1), undefined)).toBe(true);
  },
);

test('a frame of the largest size goes out although it is larger than a batch', () => {
  const outgoing = new Outgoing();
  outgoing.put('message', new Uint8Array(frameBytesMax), undefined);
  outgoing.put('message', new Uint8Array(frameBytesMax), undefined);
  expect(drain(outgoing).batches).toEqual([frameBytesMax + lengthBytes, frameBytesMax + lengthBytes]);
});
