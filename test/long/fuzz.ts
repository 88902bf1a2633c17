/** A million cases for each decoder, in the fuzz tests that stand beside them; each step is one file and a tenth. */
import { runTestFile, testFilesWith } from './harness/unit-tests.ts';
import type { LongPart } from './part.ts';

const casesAll = 1_000_000;
const stepsPerFile = 10;
const files = testFilesWith('FUZZ_CASES', 'fuzzCases');

export const part: LongPart = {
  about: `${casesAll.toLocaleString('en')} cases for each decoder: none throws, none is read in two ways`,
  steps: files.length * stepsPerFile,
  step: async (index) => {
    const file = files[index % files.length];
    if (file === undefined) throw new Error('no fuzz test was found');
    runTestFile(file, { FUZZ_CASES: String(casesAll / stepsPerFile) });
    return { 'files of decoders by 100,000 cases': 1 };
  },
};
