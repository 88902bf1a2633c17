/** Durable, acknowledged messages a second, with some under way. */
import type { Bench } from './harness/bench.ts';
import { startNodePair, type Load } from './harness/node-pair.ts';
import { tcpFloor } from './harness/tcp-floor.ts';
import { inWorkFolder } from './harness/work-folder.ts';

const narrow: Load = { window: 64, messages: 10_000, bytes: 300 };
const wide: Load = { window: 512, messages: 20_000, bytes: 300 };

export const bench: Bench = {
  about:
    '1:1 acknowledged messages/s, 300 B, window 64 and 512, two processes, synchronous=FULL on both ends',
  goals: [
    {
      what: 'of the floor at window 64: raw TCP with the same commits (docs/benchmarks.md: at least 0.5)',
      value: ({ figures, floors }) =>
        (figures['window64PerSecond'] ?? Number.NaN) / (floors['window64PerSecond'] ?? Number.NaN),
      sense: 'atLeast',
      limit: 0.5,
    },
  ],
  run: async () =>
    await inWorkFolder(async (folder) => {
      const pair = await startNodePair(folder);
      try {
        await pair.load({ ...narrow, messages: 3_000 });
        const figures: Record<string, number> = {};
        const floors: Record<string, number> = {};
        for (const load of [narrow, wide]) {
          const name = `window${load.window}PerSecond`;
          figures[name] = load.messages / (await pair.load(load));
          floors[name] = load.messages / (await tcpFloor(folder, load));
        }
        return { figures, floors };
      } finally {
        await pair.stop();
      }
    }),
};
