/**
 * Whether two parts of the network that grew apart have just met: for a while hardly any new node was heard of, then
 * very many at once. Only a network that fits the record shelf is small enough to show that.
 */
export interface BranchesConfig {
  calmMinutes: number;
  knownMin: number;
  freshMin: number;
}

export const branchesDefaults: BranchesConfig = {
  calmMinutes: 10, // A guess.
  knownMin: 4, // Less is no branch.
  freshMin: 8, // A guess: a handful of friends who switch on together is no branch either.
};

const minuteMs = 60_000;

export class Branches {
  #config: BranchesConfig;
  /** New nodes a minute; the last is the current minute. */
  #fresh: number[] = [0];
  #minute: number | undefined;
  /** Known before the current minute. */
  #known = 0;

  constructor(config: BranchesConfig) {
    this.#config = config;
  }

  /** @param known - nodes known with these. @returns whether two branches seem to have met. */
  heardOf(fresh: number, known: number, nowMs: number): boolean {
    this.#turn(known - fresh, nowMs);
    const { calmMinutes, knownMin, freshMin } = this.#config;
    const last = this.#fresh.length - 1;
    const now = (this.#fresh[last] ?? 0) + fresh;
    this.#fresh[last] = now;
    if (this.#fresh.length <= calmMinutes || this.#known < knownMin) return false;
    // What came in the minute before may belong to the same meeting, so it is not asked to be calm.
    const before = this.#fresh.slice(0, -2).reduce((sum, each) => sum + each, 0);
    const recent = now + (this.#fresh[last - 1] ?? 0);
    return before * 4 <= this.#known && recent >= Math.max(freshMin, this.#known / 2);
  }

  #turn(known: number, nowMs: number): void {
    const minute = Math.floor(nowMs / minuteMs);
    const passed = Math.min(minute - (this.#minute ?? minute), this.#config.calmMinutes + 1);
    this.#minute = minute;
    if (passed <= 0) return;
    this.#known = known;
    for (let count = 0; count < passed; count++) this.#fresh.push(0);
    this.#fresh = this.#fresh.slice(-(this.#config.calmMinutes + 1));
  }
}
