/**
 * Who has a place among the links. Recognised links never make room, held ones only where rooms of the mesh hold
 * nearly all places; of the others, those go first
 * that cost an attacker least: many from one subnet, strangers that came to us, questions that fell silent.
 */
import type { PeerId } from '../../base/ids.ts';
import type { PlaceFor } from './dial-target.ts';
import type { LinkSet } from './link-set.ts';
import type { LinkState } from './link-state.ts';
import type { LinksConfig } from './links-contract.ts';

export interface Verdict {
  /** Why the newcomer must not stay. */
  refusal: 'duplicate' | 'full' | undefined;
  /** Who goes for it, and why. */
  goes: [LinkState, 'duplicate' | 'full'][];
}

export class Places {
  #config: LinksConfig;
  #links: LinkSet;

  constructor(config: LinksConfig, links: LinkSet) {
    this.#config = config;
    this.#links = links;
  }

  /** For a link that just came up. */
  forLink(state: LinkState, self: PeerId | undefined, nowMs: number): Verdict {
    const { graceMs, linksMax, linksPerNodeMax, strangersPerSubnetMax } = this.#config;
    const same = this.#links.to(state.remote);
    if (same.length >= linksPerNodeMax) return { refusal: 'duplicate', goes: [] };
    // One end alone decides which link stays, or each might close the one the other keeps.
    const weDecide = self !== undefined && self < state.remote;
    if (weDecide && same.some((other) => other.pings === 0)) return { refusal: 'duplicate', goes: [] };
    if (weDecide && same.length > 0) {
      return { refusal: undefined, goes: same.map((other) => [other, 'duplicate']) };
    }
    const crowd = state.dialled || state.subnet === undefined ? [] : this.#links.crowd(state.subnet);
    if (crowd.length >= strangersPerSubnetMax) {
      return fullUnless(crowd.find(({ upMs }) => nowMs - upMs >= graceMs));
    }
    // Ours for questions stand beside the others: rooms that hold all places must not keep us from asking.
    const isOurQuestion = state.dialled && state.purpose === 'question';
    if (isOurQuestion || this.#counted() < linksMax) return { refusal: undefined, goes: [] };
    const stranger = this.#links.leastUseful(graceMs, nowMs) ?? this.#links.mostCrowded(state.subnet ?? '');
    return fullUnless(stranger ?? this.#beyondRooms());
  }

  /** Links that share the `linksMax` places. */
  #counted(): number {
    return this.#links.size - this.#questions(true).length;
  }

  /** Rooms of the mesh may not hold all places: whoever comes may be somebody we know. The youngest that came goes. */
  #beyondRooms(): LinkState | undefined {
    const held = this.#links.heldByRooms();
    if (held.length <= this.#config.linksMax - this.#config.peopleMin) return undefined;
    return held.findLast(({ dialled }) => !dialled) ?? held.at(-1);
  }

  /**
   * For a link on which hellos were said, and what it is for with them; it is counted already.
   * @returns who goes: that link itself, or one that nobody needs, or nobody.
   */
  forOpened(state: LinkState, promoted: boolean, nowMs: number): LinkState | undefined {
    if (state.purpose === 'question') return this.#forQuestion(state, nowMs);
    if (!promoted || this.#counted() <= this.#config.linksMax) return undefined;
    return this.#links.leastUseful(this.#config.graceMs, nowMs) ?? state;
  }

  /** One of the same kind that was idle for a while, or of a crowd, makes room. */
  #forQuestion(state: LinkState, nowMs: number): LinkState | undefined {
    const { questionsMax, theirQuestionsMax } = this.#config;
    const countMax = state.dialled ? questionsMax : theirQuestionsMax;
    const others = this.#questions(state.dialled).filter((other) => other !== state);
    if (others.length < countMax) return undefined;
    return this.#idlest(others, nowMs) ?? ofTheCrowd(others, state) ?? state;
  }

  /** Ours or theirs: what others ask must not take the places of what we ask. */
  #questions(ours: boolean): LinkState[] {
    return this.#links.questions(!ours).filter(({ dialled }) => dialled === ours);
  }

  /** The one of these links for a question that was idle longest, if that is long enough to make room. */
  #idlest(questions: readonly LinkState[], nowMs: number): LinkState | undefined {
    let idlest: LinkState | undefined;
    for (const other of questions) {
      if (other.held || nowMs - other.usedMs < this.#config.times.questionIdleMs / 5) continue;
      if (idlest === undefined || other.usedMs < idlest.usedMs) idlest = other;
    }
    return idlest;
  }

  /** Whether one more is worth dialling, beside so many dials under way. */
  free(want: PlaceFor, dialling: number, nowMs: number): boolean {
    const { graceMs, linksFew, linksMax, questionsMax } = this.#config;
    if (want === 'question') {
      const ours = this.#questions(true);
      if (ours.length + dialling < questionsMax) return true;
      return dialling === 0 && this.#idlest(ours, nowMs) !== undefined;
    }
    const links = this.#counted() + dialling;
    if (want === 'known') return links < linksFew;
    if (links < linksMax || this.#links.leastUseful(graceMs, nowMs) !== undefined) return true;
    return want === 'person' && this.#beyondRooms() !== undefined;
  }
}

/** The oldest of the subnet that asks most, where that has at least two more than the newcomer's own. */
function ofTheCrowd(questions: readonly LinkState[], newcomer: LinkState): LinkState | undefined {
  if (newcomer.dialled) return undefined;
  const counts = new Map<string, number>();
  for (const { subnet, held } of questions) {
    if (subnet !== undefined && !held) counts.set(subnet, (counts.get(subnet) ?? 0) + 1);
  }
  const least = counts.get(newcomer.subnet ?? '') ?? 0;
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  if (most === undefined || most[1] < least + 2) return undefined;
  return questions.find(({ subnet, held }) => subnet === most[0] && !held);
}

function fullUnless(victim: LinkState | undefined): Verdict {
  if (victim === undefined) return { refusal: 'full', goes: [] };
  return { refusal: undefined, goes: [[victim, 'full']] };
}
