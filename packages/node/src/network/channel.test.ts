import {
  StreamCloseEvent,
  StreamMessageEvent,
  TypedEventEmitter,
  type MessageStreamEvents,
} from '@libp2p/interface';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Channel, type ChannelStream } from './channel.ts';
import { FrameDecoder } from './frames.ts';
import { drainMsMax, frameBytesMax, frameMsMax, inboundFramesBurstMax } from './limits.ts';

/** A stream with the habits of libp2p's, as far as a channel sees them. */
class ScriptedStream extends TypedEventEmitter<MessageStreamEvents> implements ChannelStream {
  status: ChannelStream['status'] = 'open';
  remoteWriteStatus: ChannelStream['remoteWriteStatus'] = 'writable';
  writableNeedsDrain = false;
  writeBufferLength = 0;
  paused = false;
  /** Handed over when reading goes on, before `resume` returns. */
  gathered: Uint8Array[] = [];
  /** False: the other side takes nothing for now. */
  takes = true;
  readonly sent: Uint8Array[] = [];

  send(data: Uint8Array): boolean {
    if (this.status !== 'open') throw new Error('closed');
    this.sent.push(data);
    this.writableNeedsDrain = !this.takes;
    return this.takes;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    for (const bytes of this.gathered.splice(0)) this.arrives(bytes);
    // As in libp2p: whatever happened meanwhile, reading is on at the end.
    this.paused = false;
  }

  arrives(bytes: Uint8Array): void {
    this.dispatchEvent(new StreamMessageEvent(bytes));
  }

  drains(): void {
    this.writableNeedsDrain = !this.takes;
    this.safeDispatchEvent('drain');
  }

  closes(error?: Error): void {
    this.status = 'closed';
    this.dispatchEvent(new StreamCloseEvent(false, error));
  }
}

interface Setup {
  stream: ScriptedStream;
  channel: Channel;
  told: { frames: number; flushed: number[]; closed: string[]; connectionClosed: number };
}

function setup(): Setup {
  const stream = new ScriptedStream();
  const told: Setup['told'] = { frames: 0, flushed: [], closed: [], connectionClosed: 0 };
  const connection = {
    close: () => {
      told.connectionClosed++;
      return Promise.resolve();
    },
    abort: () => undefined,
  };
  const channel = new Channel(stream, connection, {
    frame: () => told.frames++,
    flushed: (receipt) => told.flushed.push(receipt),
    closed: (reason) => told.closed.push(reason),
  });
  return { stream, channel, told };
}

function flood(count: number): Uint8Array {
  const bytes = new Uint8Array(count * 5);
  for (let at = 0; at < bytes.length; at += 5) bytes.set([0, 0, 0, 1, 9], at);
  return bytes;
}

function framesIn(sent: Uint8Array[]): Uint8Array[] {
  const frames: Uint8Array[] = [];
  const decoder = new FrameDecoder();
  for (const bytes of sent) decoder.push(bytes, (frame) => frames.push(frame) > 0);
  return frames;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

test('frames queued in one turn share a write', async () => {
  const { stream, channel } = setup();
  for (let index = 0; index < 100; index++) channel.send('message', Uint8Array.of(index), undefined);
  expect(stream.sent).toEqual([]);
  await Promise.resolve();
  expect(stream.sent.length).toBe(1);
  expect(framesIn(stream.sent).map(([byte]) => byte)).toEqual(
    Array.from({ length: 100 }, (_, index) => index),
  );
});

test('a side that takes nothing is waited for each time, and left after the limit', async () => {
  const { stream, channel, told } = setup();
  stream.takes = false;
  for (let receipt = 1; receipt <= 4; receipt++) channel.send('bulk', new Uint8Array(frameBytesMax), receipt);
  for (let turn = 1; turn <= 3; turn++) {
    await vi.advanceTimersByTimeAsync(drainMsMax - 1);
    expect(stream.sent.length).toBe(turn);
    expect(told.flushed.at(-1)).toBe(turn === 1 ? undefined : turn - 1);
    stream.takes = true;
    stream.drains();
    stream.takes = false;
    await vi.advanceTimersByTimeAsync(0);
  }
  await vi.advanceTimersByTimeAsync(drainMsMax + 1);
  expect(told.closed).toEqual(['the other side takes nothing any more']);
  expect(channel.send('control', Uint8Array.of(1), undefined)).toBe(false);
});

test('a stream that drains only in part is waited for on', async () => {
  const { stream, channel, told } = setup();
  stream.takes = false;
  channel.send('bulk', new Uint8Array(frameBytesMax), 1);
  channel.send('bulk', new Uint8Array(frameBytesMax), 2);
  await vi.advanceTimersByTimeAsync(0);
  stream.drains();
  await vi.advanceTimersByTimeAsync(0);
  expect(stream.sent.length).toBe(1);
  expect(told.flushed).toEqual([]);
});

test('beyond the budget it pauses, and stays paused when what had gathered spends the budget again', () => {
  const { stream, told } = setup();
  stream.arrives(flood(inboundFramesBurstMax + 1_000));
  expect(stream.paused).toBe(true);
  stream.gathered.push(flood(inboundFramesBurstMax));
  vi.advanceTimersByTime(10);
  expect(told.frames).toBe(2 * inboundFramesBurstMax + 1_000);
  expect(stream.paused).toBe(true);
  vi.advanceTimersByTime(10_000);
  expect(stream.paused).toBe(false);
});

test('a frame must be whole in time; whole frames in between do not help an eternal one', () => {
  const { stream, channel, told } = setup();
  stream.arrives(Uint8Array.of(0, 0, 0, 2, 1));
  vi.advanceTimersByTime(frameMsMax - 1);
  channel.checkSlow(performance.now());
  stream.arrives(Uint8Array.of(2, 0, 0));
  vi.advanceTimersByTime(frameMsMax - 1);
  channel.checkSlow(performance.now());
  expect(told).toMatchObject({ frames: 1, closed: [] });
  stream.arrives(Uint8Array.of(1));
  vi.advanceTimersByTime(2);
  channel.checkSlow(performance.now());
  expect(told.closed).toEqual(['a frame took too long to arrive']);
});

test('closing sends what is queued, then the last frame, and tells once', async () => {
  const { stream, channel, told } = setup();
  channel.send('message', Uint8Array.of(1), 1);
  channel.close('enough', Uint8Array.of(2));
  channel.close('again');
  stream.closes();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(framesIn(stream.sent).map(([byte]) => byte)).toEqual([1, 2]);
  expect(told.closed).toEqual(['enough']);
  expect(told.connectionClosed).toBe(1);
  stream.arrives(flood(1));
  expect(told.frames).toBe(0);
});

test('closing does not wait for a side that takes nothing', async () => {
  const { stream, channel, told } = setup();
  stream.takes = false;
  channel.send('bulk', new Uint8Array(frameBytesMax), 1);
  channel.send('bulk', new Uint8Array(frameBytesMax), 2);
  await Promise.resolve();
  channel.close('enough');
  expect(stream.sent.length).toBe(1);
  expect(told).toMatchObject({ closed: ['enough'], connectionClosed: 1 });
});

test.each([
  [undefined, 'closed by the other side'],
  [new Error('reset'), 'connection lost'],
])('the end of the stream, with %s, ends the channel', (error, reason) => {
  const { stream, channel, told } = setup();
  stream.closes(error);
  expect(told.closed).toEqual([reason]);
  expect(channel.send('control', Uint8Array.of(1), undefined)).toBe(false);
});

test('a stream that was closed before we looked is noticed', async () => {
  const stream = new ScriptedStream();
  stream.status = 'reset';
  const closed: string[] = [];
  const connection = { close: () => Promise.resolve(), abort: () => undefined };
  const channel = new Channel(stream, connection, {
    frame: () => undefined,
    flushed: () => undefined,
    closed: (reason) => closed.push(reason),
  });
  await Promise.resolve();
  expect(closed).toEqual(['closed by the other side']);
  expect(channel.send('control', Uint8Array.of(1), undefined)).toBe(false);
});
