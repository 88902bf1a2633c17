/**
 * `npm test`: every test, the units first. Arguments are vitest's: `npm test -- packages/core -t ratchet`.
 *
 * Ends with what was skipped, by name and reason, and a line that stands alone: `12 passed, 0 failed, 1 skipped`. What is
 * no test but went wrong (a file that does not load, an error outside any test) counts as a failure by its own name.
 */
import { parseCLI, startVitest, type TestModule, type TestSuite } from 'vitest/node';
import { finalLine } from './final-line.ts';

interface Tally {
  passed: number;
  /** Names of what failed. */
  failed: string[];
  /** Names and reasons. */
  skipped: string[];
}

function tally(
  modules: readonly TestModule[],
  unhandledErrors: readonly unknown[],
  isFiltered: boolean,
): Tally {
  const result: Tally = { passed: 0, failed: [], skipped: [] };
  const named = (thing: TestModule | TestSuite): void => {
    const name =
      thing.type === 'module'
        ? thing.relativeModuleId
        : `${thing.module.relativeModuleId} > ${thing.fullName}`;
    if (thing.errors().length > 0) result.failed.push(`${name} (outside its tests)`);
  };
  for (const module of modules) {
    named(module);
    for (const suite of module.children.allSuites()) named(suite);
    for (const test of module.children.allTests()) {
      const name = `${module.relativeModuleId} > ${test.fullName}`;
      const outcome = test.result();
      if (outcome.state === 'passed') result.passed += 1;
      else if (outcome.state === 'failed') result.failed.push(name);
      else if (outcome.state === 'pending') result.failed.push(`${name} (never ran)`);
      // With -t the person left out the others on purpose.
      else if (!isFiltered || outcome.note !== undefined) {
        result.skipped.push(`${name}: ${outcome.note ?? 'no reason given'}`);
      }
    }
  }
  for (const error of unhandledErrors) result.failed.push(`an error outside any test: ${firstLine(error)}`);
  if (result.passed + result.failed.length + result.skipped.length === 0)
    result.failed.push('no test was found');
  return result;
}

function firstLine(error: unknown): string {
  const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
  return String(message).split('\n')[0] ?? '';
}

const { filter, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)]);
let outcome: Tally = { passed: 0, failed: ['the tests did not run to their end'], skipped: [] };
const isFiltered = options.testNamePattern !== undefined;
const vitest = await startVitest('test', filter, {
  ...options,
  watch: false,
  passWithNoTests: true,
  reporters: [
    'default',
    { onTestRunEnd: (modules, errors) => void (outcome = tally(modules, errors, isFiltered)) },
  ],
});
await vitest.close();

for (const name of outcome.failed) console.log(`FAILED   ${name}`);
for (const name of outcome.skipped) console.log(`SKIPPED  ${name}`);
console.log(finalLine(outcome.passed, outcome.failed.length, outcome.skipped.length));
process.exitCode = outcome.failed.length === 0 ? 0 : 1;
