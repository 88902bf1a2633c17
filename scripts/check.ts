/**
 * `npm run check`: everything that can be said about the code without running it. Prints one line a step and
 * the full words of those that failed; exits 1 when any did. `npm run check -- lint layers` runs those alone.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { delimiter, join } from 'node:path';

interface Step {
  name: string;
  command: string[];
}

const types = (name: string, project: string): Step => ({
  name: `types:${name}`,
  command: ['tsc', '--pretty', 'false', '-p', project],
});
const script = (name: string, file: string): Step => ({ name, command: [process.execPath, file] });

/** The slow ones first: the whole then takes little longer than the slowest. */
const steps: Step[] = [
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'unused', command: ['knip', '--no-progress'] },
  { name: 'format', command: ['oxfmt', '--check'] },
  types('core', 'packages/core'),
  // Tests and the native backend see Node; the machines must not, so they have a project of their own.
  types('core-with-node', 'packages/core/tsconfig.node.json'),
  types('node', 'packages/node'),
  types('sim', 'packages/sim'),
  types('api', 'packages/api'),
  types('cli', 'packages/cli'),
  types('web', 'packages/web'),
  types('web-with-node', 'packages/web/tsconfig.node.json'),
  types('web-tests', 'test/e2e/web'),
  types('rest', '.'),
  script('layers', 'scripts/layers.ts'),
  script('lock', 'scripts/lock.ts'),
  script('texts', 'scripts/texts.ts'),
];

const root = join(import.meta.dirname, '..');
const environment = {
  ...process.env,
  PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`,
};

/** @returns whether the step passed; says so on the terminal either way. */
async function run(step: Step): Promise<boolean> {
  const startMs = performance.now();
  const [command = '', ...args] = step.command;
  const { code, words } = await new Promise<{ code: number | null; words: string }>((resolve) => {
    // npm's commands are .cmd files on Windows, which only a shell starts. No argument here needs quoting.
    const child = spawn(command, args, { cwd: root, env: environment, shell: process.platform === 'win32' });
    let words = '';
    child.stdout.on('data', (chunk: Buffer) => (words += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
    child.on('error', (error) => resolve({ code: 1, words: error.message }));
    child.on('close', (code) => resolve({ code, words }));
  });
  const took = `${((performance.now() - startMs) / 1000).toFixed(1)} s`;
  console.log(
    code === 0 ? `ok      ${step.name} (${took})` : `FAILED  ${step.name} (${took})\n${words.trimEnd()}\n`,
  );
  return code === 0;
}

const asked = process.argv.slice(2);
const unknown = asked.filter(
  (name) => !steps.some((step) => step.name === name || step.name.startsWith(`${name}:`)),
);
if (unknown.length > 0) {
  console.error(
    `no such step: ${unknown.join(', ')}; there are ${steps.map((step) => step.name).join(', ')}`,
  );
  process.exit(2);
}
const waiting = steps.filter(
  (step) =>
    asked.length === 0 || asked.some((name) => step.name === name || step.name.startsWith(`${name}:`)),
);
const total = waiting.length;
let failed = 0;
const workers = Array.from({ length: Math.min(2, availableParallelism()) }, async () => {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
    if (!(await run(step))) failed += 1;
  }
});
await Promise.all(workers);
console.log(failed === 0 ? `check: all ${total} steps passed` : `check: ${failed} of ${total} steps failed`);
process.exitCode = failed === 0 ? 0 : 1;
