/** Runs a scenario in a child process, which ends with this one. */
import { fork } from 'node:child_process';
import { availableMemory } from 'node:process';
import { join } from 'node:path';
import type { ChildRequest, ChildTalk } from './child.ts';
import { brokenResult, type RunResult } from './run.ts';
import type { Scenario } from './scenario.ts';

/** Longer than any scenario may take: the whole of `--scenario all` has an hour. */
const runMsMax = 60 * 60_000;

/** Of what the child says beside its result, kept for the case that none comes. */
const talkLengthMax = 4_000;

export interface ChildRun extends ChildRequest {
  about: Pick<Scenario, 'name' | 'summary'>;
  progress: (done: number, words: string) => void;
}

/** Memory that the machine can spare now, in megabytes. */
export function spareMegabytes(): number {
  return availableMemory() / 2 ** 20;
}

/** Resolves with what came of the run. Never rejects: a child that breaks off is a result that is not ok. */
export async function runInChild(run: ChildRun): Promise<RunResult> {
  const { about, progress, ...request } = run;
  const heapMegabytes = Math.max(512, Math.floor(spareMegabytes() * 0.9));
  const child = fork(join(import.meta.dirname, 'child.ts'), [], {
    // The young generation of a program that idles would be swept a thousand times a second here.
    execArgv: [
      '--disable-warning=ExperimentalWarning',
      `--max-old-space-size=${heapMegabytes}`,
      '--max-semi-space-size=32',
    ],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const end = (): void => void child.kill('SIGKILL');
  process.once('exit', end);
  let isLate = false;
  const deadline = setTimeout(() => {
    isLate = true;
    end();
  }, runMsMax);
  let talk = '';
  let result: RunResult | undefined;
  child.stderr?.on('data', (chunk: Buffer) => (talk = (talk + chunk.toString()).slice(-talkLengthMax)));
  child.on('message', (said: ChildTalk) => {
    if (said.kind === 'progress') progress(said.done, said.words);
    else result = said.result;
  });
  const how = await new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(signal ?? `exit code ${code ?? 'unknown'}`));
    child.send(request, (error) => error !== null && resolve(error.message));
  });
  clearTimeout(deadline);
  process.off('exit', end);
  if (result !== undefined) return result;
  const why = isLate ? `it took longer than ${runMsMax / 60_000} minutes` : `its process ended (${how})`;
  return brokenResult(about, request, `${why}. ${reasonIn(talk)}`.trim());
}

/** What a process that died said of it, without the stack of an engine that ran out of memory. */
function reasonIn(talk: string): string {
  const fatal = /FATAL ERROR: .*/.exec(talk)?.[0];
  return (fatal ?? talk).trim().slice(0, 1_000);
}
