/** How far a link to whom we want has come: for people who wait for it. */
import type { PeerId } from '../../base/ids.ts';
import { type Failure, isAmong, type Target } from './dial-target.ts';
import type { LinkSet } from './link-set.ts';
import type { LinkState } from './link-state.ts';

export interface WantProgress {
  /** Where it is looked for. */
  addresses: readonly string[];
  /** Dials, and links that came of them, which ended without who was wanted. */
  failures: number;
  lastFailure: Failure | undefined;
  /** Since when the present dial has no answer; undefined while none is under way. */
  diallingSinceMs: number | undefined;
  /** Who is linked where it was looked for: one who may still prove to be it, or one who had the time and did not. */
  answered: 'nobody' | 'maybe' | 'somebody-else';
}

/** `known`: the addresses a node is known by. `sinceMs`: who was linked before then had its time to be recognised. */
export function progressOf(
  target: Readonly<Target>,
  links: LinkSet,
  { known, sinceMs }: { known: (remote: PeerId) => readonly string[]; sinceMs: number },
): WantProgress {
  const { places, failures, lastFailure, dialling, lastDialMs } = target;
  const plains = places.map(({ plain }) => plain);
  const there = links.leadingTo(plains, known).filter(({ ids }) => !isAmong(target, ids));
  const isNew = there.some(({ upMs }) => Math.max(upMs, target.sinceMs) > sinceMs);
  return {
    addresses: places.map(({ address }) => address),
    failures,
    lastFailure,
    diallingSinceMs: dialling ? lastDialMs : undefined,
    answered: there.length === 0 ? 'nobody' : isNew ? 'maybe' : 'somebody-else',
  };
}

/**
 * What the end of a link means, on which whoever it was dialled for was not recognised.
 *
 * @param sinceMs - as in {@link progressOf}; who left earlier may have been anybody.
 */
export function failureOf(state: LinkState, turnedAway: boolean, sinceMs: number): Failure {
  if (turnedAway) return 'refused';
  if (state.upMs > sinceMs) return 'other';
  return state.open ? 'somebody-else' : 'not-kith';
}
