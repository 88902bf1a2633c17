/** What bounds and tunes the broadcast machine. Where figures are named, docs/protocol/broadcast.md has them. */
import type { AllowanceConfig } from './allowance.ts';

export interface BroadcastConfig {
  topicsMax: number;
  /** Of one topic; at most 30, because a set of them is the bits of one number. */
  neighboursMax: number;
  /** Authors of one topic, beyond which the one longest silent becomes a forgotten one. */
  authorsMax: number;
  /** Forgotten authors of one topic: of these only the newest sequence is known. */
  forgottenMax: number;
  /** Sequences of an author that may still come, below the newest that came. */
  holesMax: number;
  /** Messages of one topic that are kept to repair others: so long, so many bytes, so many messages. */
  cacheMs: number;
  cacheBytesMax: number;
  cacheMessagesMax: number;
  /** Messages of one topic that are known to be missing; of these by the word of one neighbour. */
  missingMax: number;
  missingPerNeighbourMax: number;
  /** How long a message that somebody has may take to come by itself, before it is wanted. */
  patienceMs: number;
  /** The same where nobody is known from whom it could come. */
  patienceUnknownMs: number;
  /** How long an asked neighbour may take before another is asked. */
  retryMs: number;
  /** How often everybody who has it is asked. */
  roundsMax: number;
  /** Between two digests for one neighbour, of one topic: those that come sooner wait and share a frame. */
  digestEveryMs: number;
  /** Between two summaries, each for one neighbour, while there is anything to summarise. */
  summaryEveryMs: number;
  /** After the first summary on a new link, the second: the other end may not have counted us as neighbour yet. */
  summaryAgainMs: number;
  /** Runs in one summary. */
  summaryRunsMax: number;
  /** A neighbour becomes the parent when its digests lead the parent's messages by this on average. */
  graftLeadMs: number;
  /** What one message counts in that average. */
  leadWeight: number;
  /** Whether a new neighbour is sent the messages of known authors at once, or digests until it asks. */
  newNeighbourEager: boolean;
  /** Bodies from this length on are announced before they are forwarded. */
  dontWantBytes: number;
  /** A prune that was not heeded is said once more after this. */
  pruneAgainMs: number;
  /** Per link. */
  bodies: AllowanceConfig;
  /** Per link: one for each run that a frame names, and one for every 16 messages in it. */
  idRuns: AllowanceConfig;
  /** Per link, in bytes. */
  answers: AllowanceConfig;
  /** Per author and topic. */
  authored: AllowanceConfig;
}

export const broadcastDefaults: BroadcastConfig = {
  topicsMax: 64,
  neighboursMax: 30,
  authorsMax: 1_024,
  forgottenMax: 8_192,
  holesMax: 256,
  cacheMs: 120_000,
  cacheBytesMax: 8 * 1_024 * 1_024,
  cacheMessagesMax: 4_096,
  missingMax: 4_096,
  missingPerNeighbourMax: 1_024,
  patienceMs: 500,
  patienceUnknownMs: 150,
  retryMs: 1_000,
  roundsMax: 4,
  digestEveryMs: 100,
  summaryEveryMs: 15_000,
  summaryAgainMs: 2_000,
  summaryRunsMax: 256,
  graftLeadMs: 15,
  leadWeight: 0.3,
  newNeighbourEager: false,
  dontWantBytes: 4_096,
  pruneAgainMs: 3_000,
  bodies: { burst: 4_096, perSecond: 2_000 },
  idRuns: { burst: 8_192, perSecond: 2_000 },
  answers: { burst: 4 * 1_024 * 1_024, perSecond: 1_024 * 1_024 },
  authored: { burst: 1_024, perSecond: 256 },
};
