/** What every command gets. */
import type { CommandContext } from '@stricli/core';
import type { UpOptions } from '@kith/api/up-options';
import type { Output } from './output.ts';

/** Flags of every command. */
export interface CommonFlags {
  json?: boolean;
  data?: string;
}

/** What `kith sim` was told. The compiler holds it to what the simulator takes where the two are joined. */
export interface SimOptions {
  scenario: string | undefined;
  peers: number | undefined;
  seed: number | undefined;
  json: boolean;
  report: string | undefined;
  list: boolean;
  twice: boolean;
  fresh: boolean;
}

/** The programs behind the commands that are more than a client. Each is loaded only when asked for. */
export interface Programs {
  /** Runs a node until it ends, and gives its exit code. */
  startNode: (options: UpOptions) => Promise<number>;
  /** Runs the simulator, which prints what it finds, and gives its exit code. */
  startSim: (options: SimOptions) => Promise<number>;
  /** Names of the simulator's scenarios. */
  simScenarios: () => Promise<readonly string[]>;
}

export interface CliContext extends CommandContext, Programs {
  output: Output;
  input: NodeJS.ReadableStream & { isTTY?: boolean | undefined };
  environment: NodeJS.ProcessEnv;
  /** Exit code of a command that ended without a failure; 0 unless it says otherwise. */
  exitCode: number;
}
