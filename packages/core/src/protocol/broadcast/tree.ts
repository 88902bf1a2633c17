/**
 * The tree of one author as one node sees it: who is its parent, and who would be a better one.
 *
 * Latencies of links are mostly constant, so the neighbour that was first is probably first again; jitter makes single
 * messages lie, so only a lead that lasts changes the parent. Specification: docs/protocol/broadcast.md, section tree.
 */
import { type Author, type Held, noSlot } from './author.ts';
import type { BroadcastConfig } from './config.ts';

/** A message that came, and how. */
export interface Delivery {
  author: Author;
  held: Held;
  /** Who announced it first, and when; undefined where it came unannounced. */
  firstSlot: number | undefined;
  firstMs: number | undefined;
}

/** The author's newest message came from this neighbour first. */
export function deliveredBy(author: Author, slot: number): void {
  // What comes from a neighbour that was pruned is the end of what was under way, or the author's own copies, which do
  // not heed prunes: nothing else can be expected from there.
  if (author.parent !== noSlot && (author.pruned & (1 << slot)) !== 0) return;
  author.parent = slot;
}

/**
 * The neighbour `slot` announced the newest message `leadMs` before it came; `noSlot` where nobody did.
 *
 * @returns the neighbour that is to be asked to send this author's messages, or `noSlot`
 */
export function announcedBefore(
  author: Author,
  slot: number,
  lead: { ms: number; config: BroadcastConfig },
): number {
  const { leadWeight, graftLeadMs } = lead.config;
  const kept = author.rivalLeadMs * (1 - leadWeight);
  if (slot === noSlot) author.rivalLeadMs = kept;
  else if (slot === author.rival) author.rivalLeadMs = kept + lead.ms * leadWeight;
  else if (lead.ms * leadWeight > kept) {
    author.rival = slot;
    author.rivalLeadMs = lead.ms * leadWeight;
  } else author.rivalLeadMs = kept;
  if (author.rival === noSlot || author.rivalLeadMs < graftLeadMs) return noSlot;
  const better = author.rival;
  author.rival = noSlot;
  author.rivalLeadMs = 0;
  return better;
}

/**
 * A message came again. Its sender needs none of this author from us: it has a way of its own.
 *
 * @param crossed whether our copy went to it as well: then it concludes the same, and need not be told
 * @returns whether it is to be told to send digests alone
 */
export function cameAgain(
  author: Author,
  slot: number,
  when: { crossed: boolean; nowMs: number; againMs: number },
): boolean {
  const bit = 1 << slot;
  if (slot === author.parent) return false;
  author.lazy |= bit;
  if (when.crossed && (author.pruned & bit) === 0) return false;
  if ((author.pruned & bit) === 0) author.pruned |= bit;
  else if ((author.prunedTwice & bit) === 0 && when.nowMs - author.prunedAtMs >= when.againMs)
    author.prunedTwice |= bit;
  else return false;
  author.prunedAtMs = when.nowMs;
  return true;
}

/** We ask this neighbour for the author's messages: it may send them as they come. */
export function asked(author: Author, slot: number): void {
  const kept = ~(1 << slot);
  author.pruned &= kept;
  author.prunedTwice &= kept;
}
