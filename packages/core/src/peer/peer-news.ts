/**
 * The events that nodes have a link to us or no longer. Each is stored, and so costs a commit and a place among the events
 * that are kept: strangers who call and hang up all day must not decide about either.
 */
import type { PeerId } from '../base/ids.ts';
import { type BucketConfig, TokenBucket } from '../base/token-bucket.ts';
import type { LinkPath } from './contract.ts';
import type { Turn } from './turn.ts';

/** As many at once as there are links; then, in a day, a small part of the events that are kept. */
export const peerNewsDefaults: Record<'near' | 'far', BucketConfig> = {
  near: { burst: 64, refillMs: 2_000 },
  far: { burst: 64, refillMs: 30_000 },
};

export class PeerNews {
  #turn: Turn;
  #allowed: Record<'near' | 'far', TokenBucket>;
  /** Nodes that were said to have a link: at most as many as have one. */
  #told = new Set<PeerId>();

  constructor(turn: Turn, config: Record<'near' | 'far', BucketConfig> = peerNewsDefaults) {
    this.#turn = turn;
    this.#allowed = {
      near: new TokenBucket(config.near, turn.nowMs),
      far: new TokenBucket(config.far, turn.nowMs),
    };
  }

  /** The best path to a node changed. Whose coming was told, its going is told too. */
  changed(peer: PeerId, path: LinkPath | 'none'): void {
    if (path === 'none') {
      if (this.#told.delete(peer)) this.#turn.event('peer', { id: peer, link: path });
      return;
    }
    if (!this.#allowed[path === 'lan' ? 'near' : 'far'].take(this.#turn.nowMs)) return;
    this.#told.add(peer);
    this.#turn.event('peer', { id: peer, link: path });
  }
}
