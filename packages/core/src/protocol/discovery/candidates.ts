/**
 * Where nodes may be dialled. Views and routing tables ask for the same few hundred nodes thousands of times, so an
 * answer is kept until something it was drawn from is another: the record, the addresses seen, the LAN, the link.
 */
import type { PeerId } from '../../base/ids.ts';
import type { PeerTable } from '../../base/peer-table.ts';
import { narrowest, scopeOf, subnetOf } from '../../base/place.ts';
import type { Candidate } from './contract.ts';
import type { HeldRecord, RecordShelf } from './record-shelf.ts';
import type { StandingLink, StandingLinks } from './standing-links.ts';

const candidateAddressesMax = 8;
/** Answers kept: as many as there are nodes in the peer table and on the shelf. Beyond, all are drawn anew. */
const candidatesMax = 2_048;
const none: readonly string[] = [];

export interface CandidateSources {
  table: PeerTable;
  shelf: RecordShelf;
  links: StandingLinks;
}

interface Answer {
  /** What it was drawn from. */
  seen: readonly string[];
  lan: boolean;
  held: HeldRecord | undefined;
  link: StandingLink | undefined;
  /** Undefined where nothing says where to dial. */
  candidate: Candidate | undefined;
}

export class Candidates {
  #sources: CandidateSources;
  #answers = new Map<PeerId, Answer>();

  constructor(sources: CandidateSources) {
    this.#sources = sources;
  }

  /** Undefined where nothing is known. */
  of(peer: PeerId): Candidate | undefined {
    const { table, shelf, links } = this.#sources;
    const entry = table.get(peer);
    const held = shelf.get(peer);
    const link = links.get(peer);
    const seen = entry?.addresses ?? none;
    const lan = entry?.lan === true;
    const kept = this.#answers.get(peer);
    if (kept !== undefined && kept.held === held && kept.seen === seen) {
      if (kept.link === link && kept.lan === lan) return kept.candidate;
    }
    if (entry === undefined && held === undefined) return undefined;
    if (kept === undefined && this.#answers.size >= candidatesMax) this.#answers.clear();
    const candidate = candidateOf(peer, { seen, lan, held, link });
    this.#answers.set(peer, { seen, lan, held, link, candidate });
    return candidate;
  }

  /** Nothing is known of it any more: what was kept goes with it. */
  forget(peer: PeerId): void {
    this.#answers.delete(peer);
  }
}

function candidateOf(
  peer: PeerId,
  { seen, lan, held, link }: Omit<Answer, 'candidate'>,
): Candidate | undefined {
  const addresses = addressesOf(seen, held?.record.addresses ?? none, lan);
  const [first] = addresses;
  if (first === undefined) return undefined;
  const scope = narrowest(addresses) ?? 'site';
  const isNear = scope !== 'global' || lan || link?.lan === true;
  // Where a link leads was proved by its handshake; a record only claims.
  return { peer, addresses, subnet: link?.subnet ?? subnetOf(first), scope, lan: isNear };
}

/** What mDNS says first, then what the node signed, then where it was before. */
function addressesOf(seen: readonly string[], signed: readonly string[], lan: boolean): readonly string[] {
  if (seen.length === 0) return signed; // Canonical, and four at most.
  const all = lan ? [...seen, ...signed] : [...signed, ...seen];
  return [...new Set(all)].filter((each) => scopeOf(each) !== undefined).slice(0, candidateAddressesMax);
}
