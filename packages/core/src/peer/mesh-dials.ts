/**
 * Which addresses of another node the mesh may have dialled. Records are strangers' words: they must not make us knock
 * within our own network, where nobody outside could.
 */
import { isOnLinkWith, scopeOf } from '../base/place.ts';
import type { Candidate } from '../protocol/discovery/contract.ts';

/**
 * Left out: with `lanOnly` what lies beyond the LAN; else IPv6 addresses of our own link, which are as global as ours (`own`)
 * and stand behind our router, unless the LAN itself shows that the node is there.
 */
export function diallable(
  { addresses, lan }: Pick<Candidate, 'addresses' | 'lan'>,
  { own, lanOnly }: { own: readonly string[]; lanOnly: boolean },
): string[] {
  return addresses.filter((each) => {
    if (scopeOf(each) !== 'global') return true;
    return !lanOnly && (lan || !isOnLinkWith(each, own));
  });
}
