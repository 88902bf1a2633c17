/** What every command gets. */
import type { CommandContext } from '@stricli/core';
import type { UpOptions } from '@kith/api/up-options';
import type { Output } from './output.ts';

/** Flags of every command. */
export interface CommonFlags {
  json?: boolean;
  data?: string;
}

export interface CliContext extends CommandContext {
  output: Output;
  input: NodeJS.ReadableStream & { isTTY?: boolean | undefined };
  environment: NodeJS.ProcessEnv;
  startNode: (options: UpOptions) => Promise<number>;
  /** Exit code of a command that ended without a failure; 0 unless it says otherwise. */
  exitCode: number;
}
