import { setTimeout as pause } from 'node:timers/promises';
import { KithError } from '@kith/api/errors';
import type { CliContext, CommonFlags } from '../context.ts';
import { withNode } from '../session.ts';

/** A node has this long to end: its last commit and its goodbyes. */
const endMsMax = 30_000;
const lookMs = 20;

/** Returns when the process has ended, so that another node may start on the profile. */
export async function stop(this: CliContext, flags: CommonFlags): Promise<void> {
  const pid = await withNode(this, flags, async (api) => {
    const found = await api.node.status.query();
    await api.node.stop.mutate();
    return found.pid;
  });
  for (let waitedMs = 0; isRunning(pid); waitedMs += lookMs) {
    if (waitedMs >= endMsMax) throw new KithError('timeout', `The node (process ${pid}) has not ended yet.`);
    await pause(lookMs);
  }
  this.output.show({ stopped: true }, () => ['Stopped.']);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process that is there but not ours has got the number since.
    return !(error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'));
  }
}
