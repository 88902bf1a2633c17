/** How many frames of each kind one link may send us, and we it. What is beyond is ignored; much beyond is abuse. */
import { type BucketConfig, TokenBucket } from '../../base/token-bucket.ts';

export interface FrameLimitsConfig {
  neighbour: BucketConfig;
  walk: BucketConfig;
  shuffle: BucketConfig;
  follow: BucketConfig;
  /** Walks that we pass on over one link: below `walk`, so that no honest node is ever beyond. */
  ourWalks: BucketConfig;
  /** Frames that were ignored. Without a token the link is reported. */
  ignored: BucketConfig;
}

export const frameLimitsDefaults: FrameLimitsConfig = {
  neighbour: { burst: 8, refillMs: 4_000 }, // A question and a farewell every few minutes are usual.
  walk: { burst: 32, refillMs: 500 }, // One newcomer a second, each on two walks.
  shuffle: { burst: 8, refillMs: 5_000 }, // Usual is one in 30 s for all neighbours together.
  follow: { burst: 64, refillMs: 2_000 }, // Each of their topics says it for itself, all at once on a new link.
  ourWalks: { burst: 16, refillMs: 1_000 },
  ignored: { burst: 64, refillMs: 1_000 }, // A guess.
};

export type LimitedFrame = 'neighbour' | 'walk' | 'shuffle' | 'follow';

export class FrameLimits {
  readonly ourWalks: TokenBucket;
  #buckets: Record<LimitedFrame, TokenBucket>;
  #ignored: TokenBucket;
  #reported = false;

  constructor(config: FrameLimitsConfig, nowMs: number) {
    this.ourWalks = new TokenBucket(config.ourWalks, nowMs);
    this.#ignored = new TokenBucket(config.ignored, nowMs);
    this.#buckets = {
      neighbour: new TokenBucket(config.neighbour, nowMs),
      walk: new TokenBucket(config.walk, nowMs),
      shuffle: new TokenBucket(config.shuffle, nowMs),
      follow: new TokenBucket(config.follow, nowMs),
    };
  }

  /** Whether a frame is looked at. `abuse`: it is not, and the link is to be reported; said once. */
  judge(kind: LimitedFrame, nowMs: number): 'take' | 'ignore' | 'abuse' {
    if (!this.#reported && this.#buckets[kind].take(nowMs)) return 'take';
    return this.refuse(nowMs);
  }

  /** A frame that nobody asked for. */
  refuse(nowMs: number): 'ignore' | 'abuse' {
    if (this.#reported || this.#ignored.take(nowMs)) return 'ignore';
    this.#reported = true;
    return 'abuse';
  }
}
