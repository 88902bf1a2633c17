/**
 * How much of the network this node seems to see, for its own person and nobody else. Never certainty: a node cannot
 * tell an island from a world whose other nodes were switched off, and says "probably".
 *
 * A state that is worse has to last before it is told, so that it does not flap; one that is better is told at once.
 */
import type { PeerId } from '../../base/ids.ts';
import { Branches, branchesDefaults, type BranchesConfig } from './branches.ts';
import { Coverage, coverageDefaults, type CoverageConfig } from './coverage.ts';

export interface OutlookConfig {
  /** Without any link for so long: alone. */
  aloneMs: number;
  /** Without a link beyond the LAN for so long: local only. */
  localOnlyMs: number;
  /** How long two parts are said to be merging after they met. */
  mergingMs: number;
  coverage: CoverageConfig;
  branches: BranchesConfig;
}

export const outlookDefaults: OutlookConfig = {
  aloneMs: 10_000, // A guess: a link that breaks is dialled again after 2 s.
  localOnlyMs: 30_000, // A guess.
  mergingMs: 60_000, // A guess: a minute of shuffles.
  coverage: coverageDefaults,
  branches: branchesDefaults,
};

export type OutlookState = 'alone' | 'local-only' | 'probably-cut-off' | 'connected' | 'merging';

export interface Outlook {
  state: OutlookState;
  /** For people, whole sentences. */
  detail: string;
  sinceMs: number;
  /** Nodes with a link to us, beyond the LAN and on it. */
  wide: number;
  local: number;
  /** Nodes that went missing at once and are not back. */
  missing: number;
}

/** What stands at present, as the caller counts it. */
export interface Sight {
  wide: number;
  local: number;
  anchorsGone: boolean;
}

export class OutlookSense {
  #config: OutlookConfig;
  #coverage: Coverage;
  #branches: Branches;
  #outlook: Outlook;
  #wideSeen = false;
  #anySeen = false;
  /** Since when there is no link beyond the LAN, or none at all. */
  #noneWideMs: number | undefined;
  #noneMs: number | undefined;
  #mergingUntilMs = -Infinity;
  #wakeMs = Infinity;

  constructor(config: OutlookConfig) {
    this.#config = config;
    this.#coverage = new Coverage(config.coverage);
    this.#branches = new Branches(config.branches);
    const nothing = { wide: 0, local: 0, missing: 0 };
    this.#outlook = { state: 'alone', detail: sentence('alone', 'never'), sinceMs: 0, ...nothing };
  }

  get outlook(): Outlook {
    return { ...this.#outlook };
  }

  get nextWakeMs(): number {
    return this.#wakeMs;
  }

  linkOpened(peer: PeerId, wide: boolean, nowMs: number): void {
    this.#anySeen = true;
    if (!wide) return;
    this.#wideSeen = true;
    this.#coverage.opened(peer, nowMs);
  }

  /** The last link to a node went. @param lost - nobody said goodbye. */
  linkClosed(peer: PeerId, lost: boolean, nowMs: number): void {
    this.#coverage.closed(peer, lost, nowMs);
  }

  /** A dial to a node beyond the LAN ended. */
  dialled(peer: PeerId, success: boolean): void {
    this.#coverage.tried(peer, success);
  }

  slept(nowMs: number): void {
    this.#coverage.slept(nowMs);
  }

  /** Records of `fresh` nodes not known before were taken; now `known` are. @returns whether to review soon. */
  heardOf(fresh: number, known: number, nowMs: number): boolean {
    if (!this.#branches.heardOf(fresh, known, nowMs)) return false;
    const news = nowMs >= this.#mergingUntilMs;
    this.#mergingUntilMs = nowMs + this.#config.mergingMs;
    return news;
  }

  /** @returns the outlook, when what people read about it changed. */
  review(sight: Sight, nowMs: number): Outlook | undefined {
    const { wide, local } = sight;
    const contact = this.#coverage.review(sight.anchorsGone, nowMs) === 'contact';
    if (contact) this.#mergingUntilMs = nowMs + this.#config.mergingMs;
    this.#noneWideMs = wide > 0 ? undefined : (this.#noneWideMs ?? nowMs);
    this.#noneMs = wide + local > 0 ? undefined : (this.#noneMs ?? nowMs);
    const state = this.#state(wide, nowMs);
    const detail = sentence(state, this.#seen(state));
    const before = this.#outlook;
    const sinceMs = state === before.state ? before.sinceMs : nowMs;
    this.#outlook = { state, detail, sinceMs, wide, local, missing: this.#coverage.missing };
    this.#wakeMs = this.#nextMs(nowMs);
    return state === before.state && detail === before.detail ? undefined : this.outlook;
  }

  #state(wide: number, nowMs: number): OutlookState {
    const { aloneMs, localOnlyMs } = this.#config;
    const { state } = this.#outlook;
    if (this.#noneMs !== undefined) {
      return state === 'alone' || nowMs - this.#noneMs >= aloneMs ? 'alone' : state;
    }
    if (wide === 0) {
      const settled = state === 'alone' || state === 'local-only';
      return settled || nowMs - (this.#noneWideMs ?? nowMs) >= localOnlyMs ? 'local-only' : state;
    }
    if (nowMs < this.#mergingUntilMs) return 'merging';
    return this.#coverage.suspicious ? 'probably-cut-off' : 'connected';
  }

  #seen(state: OutlookState): 'never' | 'before' {
    const seen = state === 'alone' ? this.#anySeen : this.#wideSeen;
    return seen ? 'before' : 'never';
  }

  /** When time alone may change it. */
  #nextMs(nowMs: number): number {
    const { aloneMs, localOnlyMs } = this.#config;
    const { state } = this.#outlook;
    let nextMs = this.#coverage.watches ? nowMs + watchEveryMs : Infinity;
    if (this.#noneMs !== undefined && state !== 'alone') nextMs = Math.min(nextMs, this.#noneMs + aloneMs);
    const mayNarrow = this.#noneMs === undefined && state !== 'local-only' && state !== 'alone';
    if (this.#noneWideMs !== undefined && mayNarrow)
      nextMs = Math.min(nextMs, this.#noneWideMs + localOnlyMs);
    if (state === 'merging') nextMs = Math.min(nextMs, this.#mergingUntilMs);
    return Math.max(nextMs, nowMs + 1);
  }
}

const watchEveryMs = 10_000;

/** What the person reads. `seen`: whether there ever was more than that since the start. */
function sentence(state: OutlookState, seen: 'never' | 'before'): string {
  switch (state) {
    case 'alone':
      return seen === 'never'
        ? 'No other node has been found yet.'
        : 'No other node can be reached at the moment.';
    case 'local-only':
      return seen === 'never'
        ? 'Only nodes on this local network can be reached.'
        : 'Only nodes on this local network can be reached; it is probably cut off from the rest.';
    case 'probably-cut-off':
      return 'Probably cut off: many nodes that were there a short while ago cannot be reached.';
    case 'merging':
      return 'Two parts of the network seem to have met again; it takes a moment until they are one.';
    case 'connected':
      return 'Connected.';
  }
}
