/** Names of scenarios for a shell that completes. */
import type { CliContext } from './context.ts';

export async function proposeScenarios(this: CliContext, partial: string): Promise<readonly string[]> {
  return [...(await this.simScenarios()), 'all'].filter((name) => name.startsWith(partial));
}
