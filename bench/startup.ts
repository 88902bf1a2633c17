/** From the start of the process to `ready`, on a profile that exists, with a warm cache of compiled code. */
import { join } from 'node:path';
import type { Bench } from './harness/bench.ts';
import { startTimed } from './harness/started.ts';
import { inWorkFolder } from './harness/work-folder.ts';

const kith = join(import.meta.dirname, '../bin/kith');
const libraries = join(import.meta.dirname, 'floors/import-libp2p.ts');

export const bench: Bench = {
  about:
    'start of the process `kith up --headless --json` to its ready line; beside it, importing libp2p alone',
  goals: [
    {
      what: 'milliseconds (docs/benchmarks.md: at most 500)',
      value: ({ figures }) => figures['readyMs'] ?? Number.NaN,
      sense: 'atMost',
      limit: 500,
    },
  ],
  run: async () =>
    await inWorkFolder(async (folder) => {
      const listen = ['--listen', '/ip4/127.0.0.1/tcp/0', '--lan', 'off'];
      const command = [kith, 'up', '--headless', '--json', '--data', join(folder, 'data'), ...listen];
      const env = { KITH_KEYCHAIN: 'file' };
      await (await startTimed(command, env)).stop(); // Makes the profile, and warms the caches.
      const node = await startTimed(command, env);
      await node.stop();
      const floor = await startTimed([process.execPath, libraries]);
      await floor.stop();
      return { figures: { readyMs: node.readyMs }, floors: { importLibp2pMs: floor.readyMs } };
    }),
};
