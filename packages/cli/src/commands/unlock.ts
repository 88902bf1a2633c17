import type { CliContext, CommonFlags } from '../context.ts';
import { withNode } from '../session.ts';

/** Removes the PIN of the app's windows. It is not asked for: who may use this command can read the profile without it. */
export async function unlock(this: CliContext, flags: CommonFlags): Promise<void> {
  const { hasPin } = await withNode(this, flags, async (api) => await api.lock.forgetPin.mutate());
  this.output.show({ hasPin }, () => []);
  if (!this.output.isJson) this.output.talk('No PIN is set. The windows of the app are open.');
}
