/**
 * Whether a large part of the nodes beyond our LAN went missing at once, judged by our own links and dials alone.
 *
 * A sudden loss of links opens an inquiry; only dials that then fail make it a suspicion. Nodes that leave one by one,
 * also quickly, are life: what was lost lately is compared with what used to be lost. Sleep of this machine breaks
 * every link and says nothing.
 */
import type { PeerId } from '../../base/ids.ts';

export interface CoverageConfig {
  /** Losses within this time are one event. */
  suddenMs: number;
  /** Losses before it, up to this long, are what is usual. */
  usualMs: number;
  /** Losses that are remarkable where hardly any are usual. */
  lossesMin: number;
  /** Other nodes that must have been dialled in vain since. */
  failuresMin: number;
  /** A suspicion needs this long to grow, an inquiry this long to find nothing. */
  patienceMs: number;
  inquiryMs: number;
  /** After this long the nodes that are missing are no longer expected. */
  expectedMs: number;
  /** After a sleep lost links do not count for so long. */
  graceMs: number;
}

export const coverageDefaults: CoverageConfig = {
  suddenMs: 90_000, // Links notice a silent other within 75 s (docs/protocol/links.md).
  usualMs: 3_600_000, // With less, ordinary churn looks calm by chance every few hours (outlook.test.ts).
  lossesMin: 3, // A guess: two of a handful may leave together by chance.
  failuresMin: 3, // A guess.
  patienceMs: 30_000, // A guess: long enough for the dials of a healthy overlay to find replacements.
  inquiryMs: 600_000, // Back-off dials a lost node again within that time.
  expectedMs: 7_200_000, // The longest lifetime of a record: nobody tells of them any more.
  graceMs: 120_000, // Every link that a sleep broke is noticed within 75 s.
};

/** Losses that are remembered; the oldest goes, and what is usual is taken from a shorter time. */
const lossesMax = 256;
const missingMax = 64;
const triedMax = 128;

interface Inquiry {
  sinceMs: number;
  missing: Set<PeerId>;
  back: Set<PeerId>;
  failed: Set<PeerId>;
  reached: Set<PeerId>;
  suspicious: boolean;
}

export class Coverage {
  #config: CoverageConfig;
  /** Links to nodes beyond the LAN that stand, since when. */
  #standing = new Map<PeerId, number>();
  #losses: { peer: PeerId; atMs: number }[] = [];
  #inquiry: Inquiry | undefined;
  #graceUntilMs = -Infinity;
  /** Losses up to here belong to an inquiry that is closed; they still show what is usual. */
  #judgedMs = -Infinity;
  /** Since when there is anything to observe. */
  #firstMs: number | undefined;

  constructor(config: CoverageConfig) {
    this.#config = config;
  }

  /** How many nodes went missing and did not come back, while that is suspicious; else 0. */
  get missing(): number {
    const inquiry = this.#inquiry;
    return inquiry?.suspicious === true ? inquiry.missing.size - inquiry.back.size : 0;
  }

  get suspicious(): boolean {
    return this.#inquiry?.suspicious === true;
  }

  /** Whether anything here changes by time alone. */
  get watches(): boolean {
    return this.#inquiry !== undefined || this.#losses.length > 0;
  }

  opened(peer: PeerId, nowMs: number): void {
    this.#firstMs ??= nowMs;
    this.#standing.set(peer, nowMs);
    this.#losses = this.#losses.filter((loss) => loss.peer !== peer);
    this.#reached(peer);
  }

  /** @param lost - it broke or fell silent; nobody said goodbye. */
  closed(peer: PeerId, lost: boolean, nowMs: number): void {
    this.#standing.delete(peer);
    if (!lost || nowMs < this.#graceUntilMs) return;
    this.#losses.push({ peer, atMs: nowMs });
    if (this.#losses.length > lossesMax) this.#losses.shift();
    const inquiry = this.#inquiry;
    if (inquiry === undefined) return;
    inquiry.back.delete(peer);
    if (inquiry.missing.size < missingMax) inquiry.missing.add(peer);
  }

  tried(peer: PeerId, success: boolean): void {
    if (success) {
      this.#reached(peer);
      return;
    }
    const inquiry = this.#inquiry;
    if (inquiry === undefined || inquiry.failed.size >= triedMax) return;
    inquiry.failed.add(peer);
    inquiry.reached.delete(peer);
  }

  /** This machine was not running: what it lost meanwhile is no sign of anything. */
  slept(nowMs: number): void {
    this.#losses = [];
    this.#firstMs = nowMs;
    this.#graceUntilMs = nowMs + this.#config.graceMs;
    if (this.#inquiry?.suspicious === false) this.#inquiry = undefined;
  }

  /**
   * Draws the conclusions. @param anchorsGone - there were anchors, and no link to one of them stands.
   * @returns `contact` when many of the missing are back.
   */
  review(anchorsGone: boolean, nowMs: number): 'contact' | 'nothing' {
    this.#losses = this.#losses.filter(({ atMs }) => nowMs - atMs < this.#config.usualMs);
    const inquiry = this.#inquiry ?? this.#inquire(nowMs);
    if (inquiry === undefined) return 'nothing';
    const { missing, back } = inquiry;
    if (back.size * 2 >= missing.size) {
      this.#end(nowMs);
      return inquiry.suspicious ? 'contact' : 'nothing';
    }
    const { patienceMs, inquiryMs, expectedMs } = this.#config;
    const sinceMs = nowMs - inquiry.sinceMs;
    if (!inquiry.suspicious && sinceMs >= patienceMs)
      inquiry.suspicious = this.#convinced(inquiry, anchorsGone);
    if (sinceMs >= (inquiry.suspicious ? expectedMs : inquiryMs)) this.#end(nowMs);
    return 'nothing';
  }

  #inquire(nowMs: number): Inquiry | undefined {
    const { suddenMs, lossesMin } = this.#config;
    const sudden = this.#losses.filter(({ atMs }) => nowMs - atMs < suddenMs && atMs > this.#judgedMs);
    const usual = this.#usual(this.#losses.length - sudden.length, nowMs);
    let survivors = 0;
    for (const sinceMs of this.#standing.values()) if (nowMs - sinceMs >= suddenMs) survivors++;
    // Losses by chance scatter by the root of their mean.
    const remarkable = lossesMin + usual + 3.5 * Math.sqrt(usual);
    if (sudden.length < remarkable || sudden.length < survivors) return undefined;
    const missing = new Set(sudden.map(({ peer }) => peer));
    const none = { back: new Set<PeerId>(), failed: new Set<PeerId>(), reached: new Set<PeerId>() };
    this.#inquiry = { sinceMs: nowMs, missing, ...none, suspicious: false };
    return this.#inquiry;
  }

  /** Losses that are to be expected in the time of a sudden event. A half more than were seen: nothing is sure. */
  #usual(seen: number, nowMs: number): number {
    const { suddenMs, usualMs } = this.#config;
    const full = this.#losses.length >= lossesMax ? this.#losses[0]?.atMs : undefined;
    const observedMs = Math.min(usualMs, nowMs - (full ?? this.#firstMs ?? nowMs)) - suddenMs;
    return ((seen + 0.5) * suddenMs) / Math.max(observedMs, suddenMs);
  }

  #convinced({ failed, reached }: Inquiry, anchorsGone: boolean): boolean {
    const { failuresMin } = this.#config;
    if (failed.size < failuresMin) return anchorsGone && failed.size > 0 && reached.size === 0;
    return failed.size >= reached.size;
  }

  #reached(peer: PeerId): void {
    const inquiry = this.#inquiry;
    if (inquiry === undefined) return;
    if (inquiry.missing.has(peer)) inquiry.back.add(peer);
    inquiry.failed.delete(peer);
    if (inquiry.reached.size < triedMax) inquiry.reached.add(peer);
  }

  #end(nowMs: number): void {
    this.#inquiry = undefined;
    this.#judgedMs = nowMs;
  }
}
