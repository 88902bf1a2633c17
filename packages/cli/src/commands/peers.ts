import type { CliContext, CommonFlags } from '../context.ts';
import { columns, localTime } from '../output.ts';
import { withNode } from '../session.ts';

export async function peers(this: CliContext, flags: CommonFlags): Promise<void> {
  const { output } = this;
  const found = await withNode(this, flags, async (api) => await api.network.peers.query());
  if (output.isJson) {
    for (const peer of found) output.json(peer);
    return;
  }
  if (found.length === 0) output.talk('No other node was heard of.');
  const rows = found.map(({ id, addresses, lastSeen, score, link }) => [
    id,
    link,
    score.toFixed(2),
    localTime(lastSeen),
    addresses.join(' '),
  ]);
  for (const line of columns(rows)) output.line(line);
}
