/** Goal: a weekly key seals and opens its own direction and week alone, and few of them are held. */
import { expect, test } from 'vitest';
import type { CryptoBackend } from '../backend.ts';
import { createNativeBackend } from '../native/native-backend.ts';
import { Mailbox } from './mailbox.ts';

const native = createNativeBackend();
const exporter = new Uint8Array(32).fill(3);
const frame = new Uint8Array(400).fill(5);

test('one direction is not the other, one week not the next', () => {
  const [sender, receiver] = [new Mailbox(native, exporter, true), new Mailbox(native, exporter, false)];
  const tags = [1, 2, 3].flatMap((week) => Object.values(sender.tags(week)));
  expect(new Set(tags).size).toBe(6);
  const envelope = sender.seal(frame, 10);
  expect(receiver.open(envelope, 10)).toEqual(frame);
  expect(sender.open(envelope, 10)).toBeUndefined();
  expect(receiver.open(envelope, 12)).toBeUndefined();
  expect(new Mailbox(native, new Uint8Array(32), false).open(envelope, 10)).toBeUndefined();
});

test('the same frame gives the same envelope, another frame another nonce', () => {
  const sender = new Mailbox(native, exporter, true);
  expect(sender.seal(frame, 10)).toEqual(sender.seal(frame, 10));
  const other = Uint8Array.from(frame);
  other[399]! ^= 1;
  expect(sender.seal(other, 10).subarray(17, 41)).not.toEqual(sender.seal(frame, 10).subarray(17, 41));
});

test('at most six weekly keys are held, and none after release', () => {
  const held = new Set<Uint8Array>();
  let most = 0;
  const backend: CryptoBackend = {
    ...native,
    secrets: {
      allocate(length) {
        const bytes = native.secrets.allocate(length);
        held.add(bytes);
        most = Math.max(most, held.size);
        return bytes;
      },
      release(bytes) {
        held.delete(bytes);
        native.secrets.release(bytes);
        expect(bytes.every((byte) => byte === 0)).toBe(true);
      },
      status: () => native.secrets.status(),
    },
  };
  const mailbox = new Mailbox(backend, exporter, true);
  const first = mailbox.seal(frame, 0);
  for (let week = 1; week < 20; week++) mailbox.tags(week);
  expect(mailbox.seal(frame, 0)).toEqual(first);
  // One more for a moment: the new one is made before the oldest goes.
  expect(most).toBeLessThanOrEqual(7);
  mailbox.release();
  expect(held.size).toBe(0);
});
