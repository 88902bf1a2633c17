/**
 * Two projects. `unit`: tests beside the code. `e2e`: real nodes in processes of their own, one file at a time,
 * after the units, because they measure themselves against the machine's clock and network.
 */
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { patienceMs } from './test/e2e/deadline.ts';
import { compiledTexts } from './packages/web/build/compiled-texts.ts';

const config: ViteUserConfig = defineConfig({
  test: {
    allowOnly: false,
    maxWorkers: 2,
    projects: [
      {
        // The app has no parser of its texts: they come to it compiled, here as in the build.
        plugins: [compiledTexts()],
        test: {
          name: 'unit',
          include: ['packages/*/{src,test,build}/**/*.test.{ts,tsx}', '{scripts,bench}/**/*.test.ts'],
          testTimeout: 180_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 120_000,
          // As all waits there: what is late on a busy machine is not wrong.
          expect: { poll: { timeout: patienceMs } },
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});

export default config;
