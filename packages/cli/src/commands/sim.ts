import type { CliContext, CommonFlags } from '../context.ts';

interface SimFlags extends CommonFlags {
  scenario?: string;
  peers?: number;
  seed?: number;
  report?: string;
  list?: boolean;
  twice?: boolean;
  fresh?: boolean;
}

/** Runs the simulator in this process; each of its runs has a process of its own. */
export async function sim(this: CliContext, flags: SimFlags): Promise<void> {
  this.exitCode = await this.startSim({
    scenario: flags.scenario,
    peers: flags.peers,
    seed: flags.seed,
    json: flags.json ?? false,
    report: flags.report,
    list: flags.list ?? false,
    twice: flags.twice ?? false,
    fresh: flags.fresh ?? false,
  });
}
