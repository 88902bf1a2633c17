/**
 * Our open questions: to whom, about what, until when. A question waits for a link first, then for its answer.
 *
 * Bounded by those who ask: `key-space.ts` starts no more than its lookups and their paths allow.
 */
import type { LinkId, PeerId } from '../../base/ids.ts';

export interface Question {
  number: number;
  peer: PeerId;
  /** The search it belongs to, as `key-space.ts` numbers them. */
  search: number;
  about: { kind: 'find'; path: number; wanted: number } | { kind: 'keep' };
  /** undefined while its link is not there yet. */
  link: LinkId | undefined;
  deadlineMs: number;
}

export class Questions {
  #open = new Map<number, Question>();
  #next: number;

  /** `first`: where numbers begin, an integer in [0, 2^32): random, so that answers cannot be guessed ahead. */
  constructor(first: number) {
    this.#next = first;
  }

  get size(): number {
    return this.#open.size;
  }

  add(question: Omit<Question, 'number'>): Question {
    const made = { ...question, number: this.#next };
    this.#next = (this.#next + 1) >>> 0;
    this.#open.set(made.number, made);
    return made;
  }

  /** The open question of that number which was sent on that link. */
  get(number: number, link: LinkId): Question | undefined {
    const question = this.#open.get(number);
    return question?.link === link ? question : undefined;
  }

  remove(question: Question): void {
    this.#open.delete(question.number);
  }

  waitingFor(peer: PeerId): Question[] {
    return [...this.#open.values()].filter((each) => each.peer === peer && each.link === undefined);
  }

  on(link: LinkId): Question[] {
    return [...this.#open.values()].filter((each) => each.link === link);
  }

  due(nowMs: number): Question[] {
    return [...this.#open.values()].filter((each) => each.deadlineMs <= nowMs);
  }

  nextMs(): number | undefined {
    let next: number | undefined;
    for (const { deadlineMs } of this.#open.values()) {
      if (next === undefined || deadlineMs < next) next = deadlineMs;
    }
    return next;
  }
}
