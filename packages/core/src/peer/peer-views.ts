/** What people are shown of other nodes. */
import type { PeerId } from '../base/ids.ts';
import type { PeerEntryView } from '../protocol/discovery/contract.ts';
import type { PeerView } from './contract.ts';

type Known = PeerEntryView & { view: PeerView['view'] };

/** @param contacts - nodes that were recognised as a device of a contact. */
export function peerViews(
  known: readonly Known[],
  contacts: ReadonlySet<PeerId>,
  { nowMs, wallMs }: { nowMs: number; wallMs: number },
): PeerView[] {
  return known.map(({ peer, addresses, lastSeenMs, score, link, record, view }) => ({
    id: peer,
    addresses,
    lastSeenWallMs: wallMs - (nowMs - lastSeenMs),
    score,
    link,
    contact: contacts.has(peer),
    record: record === undefined ? null : viewOf(record, wallMs),
    view,
  }));
}

/** A sequence is the time of issue, unless its maker had to count on. */
function viewOf(record: NonNullable<Known['record']>, wallMs: number): NonNullable<PeerView['record']> {
  const { sequence, remainingMs, hops } = record;
  return { ageMs: Math.max(0, wallMs - sequence), expiresInMs: Math.max(0, remainingMs), hops };
}
