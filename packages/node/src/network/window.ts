/**
 * How much the other side may send before it waits for us. Yamux says so again after every frame it reads, each time in an
 * encrypted frame of its own: for small frames as dear as what it answers. Saying it when half is used up is enough.
 */
import type { Stream } from '@libp2p/interface';
import type { YamuxStream } from '@libp2p/yamux/stream';

/** Half of Yamux's first and least window: the other side always has as much left. */
const unsaidBytesMax: number = 128 * 1024;

/** From now on the stream tells of room once {@link unsaidBytesMax} were read. Other streams than Yamux's stay as they are. */
export function spareWindowUpdates(stream: Stream | WindowedStream): void {
  if (!isWindowed(stream)) return;
  let unsaidBytes = 0;
  const read = stream.handleData.bind(stream);
  const tell = stream.sendWindowUpdate.bind(stream);
  stream.handleData = (frame) => {
    unsaidBytes += frame.header.length;
    read(frame);
  };
  stream.sendWindowUpdate = () => {
    // Paused it tells of nothing; what came meanwhile is told when it goes on.
    if (stream.readStatus === 'paused' || unsaidBytes < unsaidBytesMax) return;
    unsaidBytes = 0;
    tell();
  };
}

export type WindowedStream = Pick<YamuxStream, 'handleData' | 'sendWindowUpdate' | 'readStatus'>;

function isWindowed(stream: Stream | WindowedStream): stream is WindowedStream {
  return 'handleData' in stream && 'sendWindowUpdate' in stream;
}
