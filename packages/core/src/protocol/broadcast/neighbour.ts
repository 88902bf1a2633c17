/** A neighbour in one topic, and what waits to be announced to it. */
import type { LinkId } from '../../base/ids.ts';
import type { Allowance } from './allowance.ts';
import type { Held } from './author.ts';

/** What one link may cause, in all topics together. */
export interface LinkAllowances {
  bodies: Allowance;
  idRuns: Allowance;
  answers: Allowance;
}

export class Neighbour {
  readonly link: LinkId;
  readonly slot: number;
  readonly bit: number;
  readonly allowances: LinkAllowances;
  /** Not announced yet, because a digest went not long ago. */
  pending: Held[] = [];
  digestReadyMs = 0;
  /** Infinity when it was told twice. */
  summaryAgainAtMs: number;

  constructor(link: LinkId, place: { slot: number; allowances: LinkAllowances; summaryAgainAtMs: number }) {
    this.link = link;
    this.slot = place.slot;
    this.bit = 1 << place.slot;
    this.allowances = place.allowances;
    this.summaryAgainAtMs = place.summaryAgainAtMs;
  }

  /** Leaves out what the neighbour has shown to have meanwhile. Nothing waits afterwards. */
  takePending(): Held[] {
    const fresh = this.pending.filter(({ have, sent }) => ((have | sent) & this.bit) === 0);
    this.pending = [];
    return fresh;
  }
}
