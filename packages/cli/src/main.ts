/**
 * The command line. Light: a command's own code, and the client, are loaded when that command runs.
 */
import { KithError } from '@kith/api/errors';
import { proposeCompletions, run as runApplication } from '@stricli/core';
import { findMode, moveFlagsBehindCommand } from './arguments.ts';
import type { CliContext, Programs } from './context.ts';
import { exitOf, Output } from './output.ts';

/** The version of this program. */
export const version = '0.1.0';

/**
 * Runs one command.
 *
 * @param argv - Without the program's own name.
 * @returns the exit code: 0 done, 1 failed, 2 wrong usage, 3 no node, 4 timed out, 5 refused. The caller sets
 *   `process.exitCode` rather than ending the process, so that what was written reaches its reader.
 */
export async function run(argv: string[], programs: Programs): Promise<number> {
  const words = moveFlagsBehindCommand(argv);
  const { isJson, wantsVersion } = findMode(words);
  const { stdout, stderr, env, stdin } = process;
  // `kith watch | head`: whoever read has seen enough.
  stdout.on('error', endQuietly);
  const output = new Output({ stdout, stderr, environment: env }, isJson);
  if (wantsVersion) {
    output.show({ version }, () => [version]);
    return 0;
  }
  const { application } = await import('./application.ts');
  const told = { out: '', err: '' };
  let failure: KithError | undefined;
  const depth = (): number => (output.hasColour ? 8 : 1);
  const captured = {
    stdout: { write: (text: string) => void (told.out += text), getColorDepth: depth },
    stderr: { write: (text: string) => void (told.err += text), getColorDepth: depth },
    env: {},
    exitCode: undefined as number | string | null | undefined,
  };
  const context: CliContext = {
    process: captured,
    output,
    input: stdin,
    environment: env,
    ...programs,
    exitCode: 0,
  };
  const commands = application((error) => {
    failure = error;
  });
  if (argv[0] === '__complete') {
    const proposals = await proposeCompletions(commands, argv.slice(1), context);
    for (const { completion } of proposals) output.line(completion);
    return 0;
  }
  await runApplication(commands, words, context);
  if (failure !== undefined) {
    output.fail(failure);
    return exitOf(failure);
  }
  const isUsage = typeof captured.exitCode === 'number' && captured.exitCode < 0;
  if (isUsage) {
    output.fail(new KithError('usage', usageSentence(told.err)));
    return exitOf(new KithError('usage'));
  }
  if (told.out !== '') stdout.write(told.out);
  return context.exitCode;
}

function usageSentence(told: string): string {
  const sentence = told.trim().replaceAll(/\s*\n\s*/g, ' ');
  return `${sentence}${/[.!?]$/.test(sentence) ? '' : '.'} See "kith --help".`;
}

function endQuietly(error: Error): void {
  if ('code' in error && error.code === 'EPIPE') process.exit(0);
  throw error;
}
