import type { Peer } from '@kith/api/shapes';
import { ago, roughly } from '../ago.ts';
import type { CliContext, CommonFlags } from '../context.ts';
import { columns } from '../output.ts';
import { withNode } from '../session.ts';

/** The beginning of a network id is the same for all of them. */
const idEndLength = 8;

export async function peers(this: CliContext, flags: CommonFlags): Promise<void> {
  const { output } = this;
  const found = await withNode(this, flags, async (api) => await api.network.peers.query());
  if (output.isJson) {
    for (const peer of found) output.json(peer);
    return;
  }
  if (found.length === 0) {
    output.talk('No other node was heard of.');
    return;
  }
  const nowMs = Date.now();
  const rows = found.toSorted(byUse).map((peer) => row(peer, nowMs));
  const [heading, ...lines] = columns([
    ['NODE', 'SEEN', 'SCORE', 'LINK', 'VIEW', 'RECORD', 'ADDRESSES'],
    ...rows,
  ]);
  output.line(output.dim(heading ?? ''));
  for (const line of lines) output.line(line);
}

function row({ id, addresses, lastSeen, score, link, view, record }: Peer, nowMs: number): string[] {
  const held =
    record === null
      ? '-'
      : `${roughly(record.expiresInMs)} left, ${record.hops} ${record.hops === 1 ? 'hop' : 'hops'}`;
  return [
    `…${id.slice(-idEndLength)}`,
    ago(lastSeen, nowMs),
    score.toFixed(2),
    link === 'none' ? '-' : link,
    view === 'none' ? '-' : view,
    held,
    addresses.join(' '),
  ];
}

/** Those we are linked to, then those in our views, then the rest; of each the last seen first. */
function byUse(one: Peer, other: Peer): number {
  const rank = ({ link, view }: Peer): number =>
    (link === 'none' ? 3 : 0) + ['active', 'passive', 'none'].indexOf(view);
  return rank(one) - rank(other) || other.lastSeen.localeCompare(one.lastSeen);
}
