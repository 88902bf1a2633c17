/** Random schedules and seeded worlds, twenty to fifty times as many as in an everyday run; each step is one file. */
import { runTestFile, testFilesWith } from './harness/unit-tests.ts';
import type { LongPart } from './part.ts';

const files = testFilesWith('PROPERTY_RUNS', 'WORLDS');

export const part: LongPart = {
  about: 'thousands of random schedules of ratchet, outbox, links and peers',
  steps: files.length,
  step: async (index) => {
    const file = files[index];
    if (file === undefined) throw new Error('no property test was found');
    const isSlow = /\/peer\/|\/links\/|reference/.test(file);
    runTestFile(file, { PROPERTY_RUNS: isSlow ? '2000' : '50000', WORLDS: isSlow ? '2000' : '20000' });
    return { files: 1 };
  },
};
