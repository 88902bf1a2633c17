/** The links over which the mesh may speak: both hellos were said. */
import type { LinkId, PeerId } from '../base/ids.ts';
import { type Scope, scopeOf, subnetOf } from '../base/place.ts';
import type { LinksOutput } from '../protocol/links/links-contract.ts';

export interface MeshLink {
  link: LinkId;
  remote: PeerId;
  address: string;
  path: 'lan' | 'direct' | 'relayed';
  /** How far the other end is, and so which records it may be told. */
  scope: Scope;
  subnet: string | undefined;
  dialled: boolean;
  /** For one question. */
  brief: boolean;
  /** It was for one question once, and is a neighbour's by the wish of either end. */
  promoted: boolean;
}

export class MeshLinks {
  #links = new Map<LinkId, MeshLink>();
  #byRemote = new Map<PeerId, MeshLink[]>();

  /** A link that became a neighbour's is the same link, brief no longer. */
  open(output: Extract<LinksOutput, { type: 'open' }>): MeshLink {
    const { link, remote, address, path, dialled, purpose } = output;
    const known = this.#links.get(link);
    if (known !== undefined) {
      known.brief = purpose === 'question';
      known.promoted = output.promoted;
      return known;
    }
    const far = scopeOf(address) ?? 'global'; // Who is told what is near must be known to be near.
    const scope = path === 'lan' && far === 'global' ? 'site' : far;
    const opened = {
      link,
      remote,
      address,
      path,
      dialled,
      scope,
      subnet: subnetOf(address),
      brief: purpose === 'question',
      promoted: false,
    };
    this.#links.set(link, opened);
    this.#byRemote.set(remote, [...(this.#byRemote.get(remote) ?? []), opened]);
    return opened;
  }

  close(link: LinkId): MeshLink | undefined {
    const closed = this.#links.get(link);
    if (closed === undefined) return undefined;
    this.#links.delete(link);
    const others = this.to(closed.remote).filter((each) => each !== closed);
    if (others.length > 0) this.#byRemote.set(closed.remote, others);
    else this.#byRemote.delete(closed.remote);
    return closed;
  }

  get(link: LinkId): MeshLink | undefined {
    return this.#links.get(link);
  }

  all(): MeshLink[] {
    return [...this.#links.values()];
  }

  /** Oldest first. */
  to(remote: PeerId): readonly MeshLink[] {
    return this.#byRemote.get(remote) ?? [];
  }
}
