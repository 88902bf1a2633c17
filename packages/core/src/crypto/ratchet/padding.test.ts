import { expect, test } from 'vitest';
import { contentBytesMax, pad, paddedSizes, padInto, unpad } from './padding.ts';

test('every content comes back, in the smallest size that takes it', () => {
  for (const length of [0, 1, 254, 255, 256, 1_023, 1_024, 3_071, 16_383, contentBytesMax]) {
    for (const byte of [0, 0x80, 0xff]) {
      const content = new Uint8Array(length).fill(byte);
      const padded = pad(content);
      expect(padded.length).toBe(paddedSizes.find((size) => size > length));
      expect(unpad(padded)).toEqual(content);
    }
  }
  expect(padInto(new Uint8Array(28_672), Uint8Array.of(9))).toEqual(pad(Uint8Array.of(9)));
  expect(() => pad(new Uint8Array(contentBytesMax + 1))).toThrow(RangeError);
});

test('another size, no mark or a wrong mark is no padding', () => {
  for (const size of [0, 1, 255, 257, 28_673]) expect(unpad(new Uint8Array(size).fill(0x80))).toBeUndefined();
  expect(unpad(new Uint8Array(256))).toBeUndefined();
  expect(unpad(new Uint8Array(256).fill(0x81))).toBeUndefined();
  expect(unpad(pad(Uint8Array.of(0x80)))).toEqual(Uint8Array.of(0x80));
});
