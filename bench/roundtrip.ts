/** One message at a time, from `send` to `delivered`, safe on both disks. */
import type { Bench } from './harness/bench.ts';
import { startNodePair, type Load } from './harness/node-pair.ts';
import { tcpFloor } from './harness/tcp-floor.ts';
import { inWorkFolder } from './harness/work-folder.ts';

const serial: Load = { window: 1, messages: 1_000, bytes: 300 };

export const bench: Bench = {
  about: '1:1 round trip, serial, 300 B, two processes on loopback, synchronous=FULL on both ends',
  goals: [
    {
      what: 'times the floor: raw TCP with the same commits (docs/benchmarks.md: at most 3)',
      value: ({ figures, floors }) =>
        (figures['roundTripMs'] ?? Number.NaN) / (floors['roundTripMs'] ?? Number.NaN),
      sense: 'atMost',
      limit: 3,
    },
  ],
  run: async () =>
    await inWorkFolder(async (folder) => {
      const pair = await startNodePair(folder);
      try {
        await pair.load({ ...serial, messages: 300 });
        const seconds = await pair.load(serial);
        const floorSeconds = await tcpFloor(folder, serial);
        return {
          figures: { roundTripMs: (seconds * 1_000) / serial.messages },
          floors: { roundTripMs: (floorSeconds * 1_000) / serial.messages },
        };
      } finally {
        await pair.stop();
      }
    }),
};
