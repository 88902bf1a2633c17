/**
 * Where the mesh knocked lately: nobody is dialled twice in a row, and no host for long without being answered by the node that was asked for.
 *
 * A record is signed by who makes it, but what it claims costs nothing: thousands of keys may all name the address of one victim, and every
 * search, test and exchange of neighbours of every node would knock there. Who is reached gives back what its dial took. What our person
 * wants (contacts, addresses given to start with) is not counted, and no place that is near: no stranger's record leads there.
 */
import type { PeerId } from '../../base/ids.ts';
import { machineOf, scopeOf } from '../../base/place.ts';
import { type BucketConfig, TokenBucket } from '../../base/token-bucket.ts';

export interface KnocksConfig {
  /** Dials of one host that nobody answered. */
  inVain: BucketConfig;
  /** Hosts remembered, and nodes; the one dialled longest ago is forgotten. */
  hostsMax: number;
  nodesMax: number;
}

interface Plain {
  plain: string;
}

export class Knocks {
  #config: KnocksConfig;
  /** Both: the longest ago first. */
  #nodes = new Map<PeerId, number>();
  #hosts = new Map<string, TokenBucket>();

  constructor(config: KnocksConfig) {
    this.#config = config;
  }

  /** @returns machine time in ms; -Infinity where it is not remembered. */
  lastMs(remote: PeerId): number {
    return this.#nodes.get(remote) ?? -Infinity;
  }

  /** Those of the places that may be dialled now. */
  open<Each extends Plain>(places: readonly Each[], nowMs: number): Each[] {
    return places.filter(({ plain }) => {
      const bucket = this.#hosts.get(hostOf(plain) ?? '');
      return bucket === undefined || bucket.readyMs(nowMs) <= nowMs;
    });
  }

  /** A node is dialled at these places, all at once: each host pays once. */
  note(remote: PeerId | undefined, places: readonly Plain[], nowMs: number): void {
    if (remote !== undefined) putLast(this.#nodes, remote, { value: nowMs, countMax: this.#config.nodesMax });
    for (const host of new Set(places.map(({ plain }) => hostOf(plain)))) {
      if (host === undefined) continue;
      const bucket = this.#hosts.get(host) ?? new TokenBucket(this.#config.inVain, nowMs);
      bucket.take(nowMs);
      putLast(this.#hosts, host, { value: bucket, countMax: this.#config.hostsMax });
    }
  }

  /** The node that was asked for answered there. */
  answered(plain: string): void {
    this.#hosts.get(hostOf(plain) ?? '')?.giveBack();
  }

  /** Our own network is another: what nobody answered before says nothing. */
  forgetHosts(): void {
    this.#hosts.clear();
  }
}

function putLast<Key, Value>(
  map: Map<Key, Value>,
  key: Key,
  { value, countMax }: { value: Value; countMax: number },
): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= countMax) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    break;
  }
}

/** Undefined where dials are not counted. */
function hostOf(plain: string): string | undefined {
  return scopeOf(plain) === 'global' ? machineOf(plain) : undefined;
}
