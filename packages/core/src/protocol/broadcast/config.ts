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
  /** An author is unknown so long after its last message came, not before: longer than anybody repairs others with it. */
  rememberMs: number;
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
  /** An author's first message goes where those of so many authors go, if at least so many are known; else to all. */
  sharedTreesMax: number;
  sharedTreesMin: number;
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
  neighboursMax: 30, // The overlay keeps 5 to 8; on a LAN, where links cost little, a few more.
  authorsMax: 1_024, // A guess: who spoke lately in a large community. About 1 KB each.
  forgottenMax: 32_768, // About 100 bytes each: 3 MB, when somebody makes new authors all the time.
  rememberMs: 240_000, // Twice `cacheMs`: who had it last of all may have been repaired by who had it for so long.
  holesMax: 256, // A run names as many: one frame asks for all of them.
  cacheMs: 120_000, // A guess: links that break are replaced within a minute. Longer absences are catching up.
  cacheBytesMax: 8 * 1_024 * 1_024, // A guess: 120 s of 170 messages a second of 300 bytes.
  cacheMessagesMax: 4_096,
  missingMax: 4_096,
  missingPerNeighbourMax: 512, // An eighth: seven who announce what nobody has leave room for the eighth neighbour.
  patienceMs: 150, // Three median links. 500 ms was no cheaper, and slower where links come and go.
  patienceUnknownMs: 60, // A median link: a body may be right behind its digest.
  retryMs: 1_000, // A guess: five slow round trips.
  roundsMax: 4,
  digestEveryMs: 250, // Half of patience, so that no repair waits long. As fast as 100 ms, with half the frames when busy.
  summaryEveryMs: 15_000, // Eight times while anything is held.
  summaryAgainMs: 2_000, // A guess: the other end counts us as neighbour a round trip later at most.
  summaryRunsMax: 256, // Four frames, 4 KB.
  graftLeadMs: 15, // 8, 15, 30 and never: 1.16, 1.18, 1.18, 1.29 x flooding at 40 % jitter, for 658, 630, 609, 596 bytes.
  leadWeight: 0.3, // 0.15 was as good.
  sharedTreesMax: 4, // 2, 3, 4, 8: 837, 1,116, 1,385, 1,700 bytes for a first message, in 1.51, 1.24, 1.11, 1.03 x flooding.
  sharedTreesMin: 3, // Fewer trees together have detours.
  newNeighbourEager: true, // Links living 150 s: 299 ms to 99 % and 669 bytes, against 374 ms and 605 with digests first.
  dontWantBytes: 4_096, // A guess: ten times a message, so that the announcement costs under a hundredth.
  pruneAgainMs: 3_000, // Above any round trip: what was under way has come by then.
  bodies: { burst: 4_096, perSecond: 2_000 }, // A guess: a third of a core for their signatures.
  idRuns: { burst: 8_192, perSecond: 2_000 }, // A guess: more than a busy topic names, and under 1 % of a core.
  answers: { burst: 4 * 1_024 * 1_024, perSecond: 1_024 * 1_024 }, // Half of all held, at once.
  authored: { burst: 1_024, perSecond: 256 }, // A guess: far above any person, far below what a link allows.
};
