/** The bounds and the patience of dialling. */
import type { Random } from '../../base/random.ts';
import type { BucketConfig } from '../../base/token-bucket.ts';
import type { KnocksConfig } from './knocks.ts';

export interface DiallingConfig {
  wantsMax: number;
  lanMax: number;
  addressesMax: number;
  dialsMax: number;
  /** Asked for once and not reached yet. */
  reachesMax: number;
  /** Of the dials, those for what is asked for once: the others stay free for people. */
  reachDialsMax: number;
  /** What is asked for once waits this long for a dial of its own. */
  reachMsMax: number;
  /** And looks for one this often. */
  reachAgainMs: number;
  retryMsMin: number;
  retryMsMax: number;
  /** A dial without an answer is given up after this. */
  dialMsMax: number;
  /** How long the node with the higher network id leaves the dialling to the lower. */
  yieldMs: number;
  lanDials: BucketConfig;
  /** Of what is asked for once. */
  knocks: KnocksConfig;
}

export const diallingDefaults: DiallingConfig = {
  wantsMax: 1_024,
  lanMax: 1_024,
  addressesMax: 8,
  dialsMax: 8,
  reachesMax: 128, // Four overlays of 8 neighbours each, and lookups over 3 paths at 3 nodes a time.
  reachDialsMax: 6,
  reachAgainMs: 500,
  reachMsMax: 30_000, // A lookup or a view that waited longer has asked somebody else.
  retryMsMin: 2_000, // A guess: a node that restarts is back by then.
  retryMsMax: 900_000, // A guess: 15 minutes keeps a phone's radio asleep.
  dialMsMax: 60_000, // Above the time-out of the network adapter, which answers first.
  yieldMs: 1_000, // Measured: a dial on a LAN is over in a few milliseconds (stack notes on mDNS).
  lanDials: { burst: 16, refillMs: 500 }, // A forged mDNS answer must not make us scan a network.
  knocks: {
    // A lost neighbour is looked for in 5 s, doubling: six times in five minutes, and then once in five.
    inVain: { burst: 6, refillMs: 120_000 },
    hostsMax: 1_024, // As many as nodes are remembered.
    nodesMax: 256,
  },
};

/** Doubles from retryMsMin to retryMsMax, then takes a random half off so that nodes spread out. */
export function backoffMs(
  { retryMsMin, retryMsMax }: DiallingConfig,
  attempts: number,
  random: Random,
): number {
  const ceilingMs = Math.min(retryMsMin * 2 ** Math.max(0, attempts - 1), retryMsMax);
  return Math.round(ceilingMs * (0.5 + random.next() / 2));
}
