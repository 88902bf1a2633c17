/** Every number of the overlay. Measured ones are told with their figures in docs/protocol/overlay.md. */
import { type ActiveConfig, activeDefaults } from './active-view.ts';
import { type FrameLimitsConfig, frameLimitsDefaults } from './frame-limits.ts';
import { type PassiveConfig, passiveDefaults } from './passive-view.ts';

export interface OverlayConfig {
  active: ActiveConfig;
  passive: PassiveConfig;
  limits: FrameLimitsConfig;
  /** Links it knows of; the links machine keeps fewer. */
  linksMax: number;
  /** Dials under way at a time. */
  attemptsMax: number;
  /** A dial that takes longer no longer stands for the neighbour it may bring: another is begun. */
  hedgeMs: number;
  /** A dial nobody answered for so long is given up. */
  attemptMsMax: number;
  /** Time for the answer to a question, and to records. */
  answerMs: number;
  /** Who refused is not asked again before. */
  refusedMs: number;
  /** Steps of a newcomer's walk, and the step at which it is remembered (HyParView: ARWL 6, PRWL 3). */
  walkHops: number;
  walkKeepAt: number;
  /** Who came and is urgent may send another away that often. */
  urgentMs: number;
  shuffleMs: number;
  testMs: number;
  /** Both, while the node is young or alarmed. */
  hastyMs: number;
  /** With fewer peers reached than this it is young. */
  youngBelow: number;
  /** And for so long after its neighbours last changed. */
  youngMs: number;
  /** With fewer neighbours than the one it asks so many more than it needs. */
  needyBelow: number;
  needyExtra: number;
  /** Of the neighbours that a refusal names: so many of those that came last. With more, who comes only to be named would be most of them. */
  youngestNamed: number;
  /** How long an alarm lasts, and so many it chooses meanwhile. */
  alarmMs: number;
  alarmChosen: number;
  /** So many neighbours lost within `alarmWindowMs`, or dials in vain of the last 8, are an alarm. */
  alarmLost: number;
  alarmWindowMs: number;
  alarmFailed: number;
  /** One of the chosen neighbours is exchanged for somebody else that often, so that islands meet. */
  mixMs: number;
  /** The same for a node that runs for less than `mixYoungForMs`: its first neighbours were chosen out of few. */
  mixYoungMs: number;
  mixYoungForMs: number;
  /** So long only those name whom we dial that we dialled ourselves: whoever is first at a newcomer must not choose for it. */
  hearsayAfterMs: number;
  /** When nobody can be asked: looked again after, and `starving` said after, doubling to. */
  hungryMsMin: number;
  hungryMsMax: number;
  starvingMsMin: number;
  starvingMsMax: number;
}

export const overlayDefaults: OverlayConfig = {
  active: activeDefaults,
  passive: passiveDefaults,
  limits: frameLimitsDefaults,
  linksMax: 256,
  attemptsMax: 6, // The links machine has 8 dials at a time for all.
  hedgeMs: 2_000, // Two slow round trips: most dials that succeed have by then.
  attemptMsMax: 70_000, // The links machine gives up after 60 s and says so.
  answerMs: 6_000, // A guess: three round trips of two seconds.
  refusedMs: 30_000,
  walkHops: 6,
  walkKeepAt: 3,
  urgentMs: 5_000,
  shuffleMs: 30_000,
  testMs: 20_000,
  hastyMs: 2_000,
  youngBelow: 8,
  youngMs: 60_000, // A guess: thirty tests.
  needyBelow: 5,
  needyExtra: 2,
  youngestNamed: 2, // Half of the neighbours named: a newcomer to 1,000 nodes waits 4.3 s at most, where it was 5.4 with none (20 to 80 of them).
  alarmMs: 120_000,
  alarmChosen: 5,
  alarmLost: 3,
  alarmWindowMs: 20_000,
  alarmFailed: 5,
  mixMs: 180_000,
  mixYoungMs: 30_000,
  mixYoungForMs: 300_000,
  hearsayAfterMs: 5_000, // A dial to whom the person named, an answer, and once more.
  hungryMsMin: 1_000,
  hungryMsMax: 30_000,
  starvingMsMin: 2_000,
  starvingMsMax: 300_000,
};
