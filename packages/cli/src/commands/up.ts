import { dataFolder } from '@kith/api/data-folder';
import type { CliContext, CommonFlags } from '../context.ts';

interface UpFlags extends CommonFlags {
  name?: string;
  headless?: boolean;
  port?: number;
  listen?: readonly string[];
  lan?: 'on' | 'off' | 'only';
  bootstrap?: readonly string[];
  unlisted?: boolean;
  recordTtl?: number;
  hopLimit?: number;
}

/** Runs the node in this process until it ends. */
export async function up(this: CliContext, flags: UpFlags): Promise<void> {
  this.exitCode = await this.startNode({
    data: dataFolder(flags.data, this.environment),
    name: flags.name,
    headless: flags.headless ?? false,
    port: flags.port,
    listen: [...(flags.listen ?? [])],
    lan: flags.lan,
    bootstrap: [...(flags.bootstrap ?? [])],
    unlisted: flags.unlisted ?? false,
    recordTtlMs: flags.recordTtl,
    hopLimit: flags.hopLimit,
    json: flags.json ?? false,
  });
}
