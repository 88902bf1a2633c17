/**
 * How far the first contact with somebody has come, and what holds it up: for a person who waits. Asked often, so it
 * costs little. Specification: docs/protocol/meeting.md.
 */
import type { PersonId } from '../base/ids.ts';
import { scopeOf } from '../base/place.ts';
import type { ContactState } from '../base/store.ts';
import type { Failure } from '../protocol/links/dial-target.ts';
import type { WantProgress } from '../protocol/links/progress.ts';
import type { Outbox } from '../protocol/outbox/outbox.ts';
import type { Delivery } from './delivery.ts';
import type { Mesh } from './mesh.ts';
import type { Neighbours } from './neighbours.ts';
import type { Turn } from './turn.ts';

/** A dial that has no answer for so long has a cause to show, though it goes on. A guess: people get uneasy by then. */
const patienceMs = 5_000;

/**
 * `looking`: no address of theirs is known. `dialling`: addresses are tried. `linked`: a node answered, and proves who it
 * is or did. `asked`: a link to who answers to their card took our request. `connected`: both have let each other in.
 */
export type ReachStep = 'looking' | 'dialling' | 'linked' | 'asked' | 'connected';

export type ReachCause =
  | 'offline-here'
  | 'no-address'
  | 'no-answer'
  | 'refused'
  | 'unreachable'
  | 'not-kith'
  | 'somebody-else'
  | 'lan-only';

export interface ReachView {
  step: ReachStep;
  /** Known at present. */
  addresses: number;
  /** Since the contact was added or the node started. */
  failures: number;
  /** Undefined where nothing is known to be wrong. */
  cause: ReachCause | undefined;
}

export interface ReachFacts {
  state: ContactState;
  /** A link stands to a device of theirs, or to who answers to their card. */
  linked: boolean;
  /** A link took our request. */
  asked: boolean;
  progress: WantProgress | undefined;
  /** Links to anybody. */
  links: number;
  lanOnly: boolean;
  nowMs: number;
}

export interface ReachParts {
  turn: Turn;
  delivery: Delivery;
  outbox: Outbox;
  neighbours: Neighbours;
  mesh: Mesh;
}

export function reachOf(parts: ReachParts, person: PersonId, state: ContactState): ReachView {
  const { turn, delivery, outbox, neighbours, mesh } = parts;
  const request = delivery.requestTo(person);
  return judgeReach({
    state,
    linked: neighbours.isLinked(person),
    asked: request !== undefined && outbox.wasHanded(request),
    progress: neighbours.progress(person),
    links: neighbours.linkCount,
    lanOnly: mesh.lanOnly,
    nowMs: turn.nowMs,
  });
}

export function judgeReach(facts: ReachFacts): ReachView {
  const { progress } = facts;
  return {
    step: stepOf(facts),
    addresses: progress?.addresses.length ?? 0,
    failures: progress?.failures ?? 0,
    cause: causeOf(facts),
  };
}

function stepOf({ state, linked, asked, progress }: ReachFacts): ReachStep {
  if (state === 'connected') return 'connected';
  if (asked) return 'asked';
  if (linked || progress?.answered === 'maybe') return 'linked';
  return progress === undefined ? 'looking' : 'dialling';
}

function causeOf({ state, linked, progress, links, lanOnly, nowMs }: ReachFacts): ReachCause | undefined {
  // Whom nobody is looking for is not held up.
  if (state !== 'requested' || linked || progress?.answered === 'maybe') return undefined;
  if (progress === undefined) return links === 0 ? 'offline-here' : 'no-address';
  const { addresses, answered, diallingSinceMs, lastFailure } = progress;
  if (lanOnly && addresses.every((each) => scopeOf(each) === 'global')) return 'lan-only';
  if (answered === 'somebody-else') return 'somebody-else';
  if (diallingSinceMs !== undefined && nowMs - diallingSinceMs >= patienceMs) return 'no-answer';
  const cause = lastFailure && causes[lastFailure];
  // Without any link it is rather this machine that gets nowhere.
  return cause === 'unreachable' && links === 0 ? 'offline-here' : cause;
}

const causes: Record<Failure, ReachCause> = {
  timeout: 'no-answer',
  refused: 'refused',
  unreachable: 'unreachable',
  'not-kith': 'not-kith',
  'somebody-else': 'somebody-else',
  other: 'unreachable',
};
