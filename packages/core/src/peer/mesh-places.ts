/** The key space as the rest of the Peer sees it: values to be kept and to be found, each answered once. */
import type { LinkId, PeerId } from '../base/ids.ts';
import { unreachable } from '../base/invariant.ts';
import { placeOf } from '../crypto/record/peer-id.ts';
import { decodeRendezvous } from '../crypto/rendezvous/rendezvous.ts';
import type { KeySpaceConfig, KeySpaceInput, KeySpaceOutput } from '../protocol/key-space/contract.ts';
import { KeySpace } from '../protocol/key-space/key-space.ts';
import type { FindFrame, FoundFrame } from '../wire/find.ts';
import type { KeepFrame, KeptFrame } from '../wire/keep.ts';
import type { RecordEntry } from '../wire/record-entries.ts';
import type { MeshGround } from './mesh-ground.ts';
import type { MeshLink } from './mesh-links.ts';

/** Places of nodes kept at hand. Above the records that discovery keeps. */
const placesMax = 4_096;

export class MeshPlaces {
  #ground: MeshGround;
  #keySpace: KeySpace;
  #places = new Map<PeerId, Uint8Array>();
  #nextLookup = 1;
  #waiting: KeySpaceInput[] = [];
  #isFeeding = false;
  #found = new Map<number, (value: Uint8Array | undefined) => void>();
  #kept = new Map<number, (copies: number) => void>();

  constructor(ground: MeshGround, config: KeySpaceConfig) {
    this.#ground = ground;
    const { crypto, discovery, links, networkKey, random, turn } = ground;
    const { backend } = crypto;
    this.#keySpace = new KeySpace(placeOf(backend, networkKey.publicKey), config, random, {
      place: (peer) => this.#placeOf(peer),
      candidate: (peer) => {
        const known = discovery.candidate(peer);
        // A LAN is no subnet: all of it may be asked.
        return known && { subnet: known.scope === 'global' ? known.subnet : undefined };
      },
      offer: (peers, link) => discovery.offer(peers, links.get(link)?.scope ?? 'global', turn.nowMs),
      own: (link) => discovery.own(links.get(link)?.scope ?? 'global', turn.nowMs),
      linkTo: (peer) => links.to(peer)[0]?.link,
      verify: (value) => decodeRendezvous(backend, value),
    });
  }

  /** Looks a value up. `answer` is called once, now or later: with the newest found, or undefined. */
  find(key: Uint8Array, answer: (value: Uint8Array | undefined) => void): void {
    const lookup = this.#nextLookup++;
    this.#found.set(lookup, answer);
    this.#feed({ type: 'lookup', lookup, key });
  }

  /** Has a value kept by those nearest to its key. `answer` is called once with the number of those that do. */
  keep(key: Uint8Array, value: Uint8Array, answer: (copies: number) => void): void {
    const lookup = this.#nextLookup++;
    this.#kept.set(lookup, answer);
    this.#feed({ type: 'keep', lookup, key, value });
  }

  known(peer: PeerId): void {
    if (this.#ground.discovery.record(peer) !== undefined) this.#feed({ type: 'known', peer });
  }

  forgotten(peer: PeerId): void {
    this.#places.delete(peer);
    this.#feed({ type: 'forgotten', peer });
  }

  linkOpen({ link, remote, subnet, scope }: MeshLink): void {
    this.#feed({ type: 'linkOpen', link, peer: remote, subnet: scope === 'global' ? subnet : undefined });
  }

  linkClosed(link: LinkId): void {
    this.#feed({ type: 'linkClosed', link });
  }

  unreachable(peer: PeerId): void {
    this.#feed({ type: 'unreachable', peer });
  }

  onFrame(link: MeshLink, frame: FindFrame | FoundFrame | KeepFrame | KeptFrame): void {
    const learned = frame.type === 'found' || frame.type === 'find' ? this.#learn(link, frame) : [];
    this.#feed({ type: 'frame', link: link.link, frame, learned });
  }

  /** Nothing of a frame that the key space will drop; with a question, the record of who asks. */
  #learn(link: MeshLink, frame: FindFrame | FoundFrame): PeerId[] {
    const { discovery, turn } = this.#ground;
    const { link: id, remote, scope } = link;
    if (!this.#keySpace.expects(id, frame, turn.nowMs)) return [];
    const isOwn = ({ record }: RecordEntry): boolean => discovery.makerOf(record) === remote;
    const records = frame.type === 'found' ? frame.records : frame.records.filter(isOwn);
    return discovery.learn(records, { peer: remote, scope }, turn.nowMs);
  }

  /** Whether the routing table holds the node: its record is needed then. */
  names(peer: PeerId): boolean {
    return this.#keySpace.knows(peer);
  }

  nextWakeMs(): number {
    return this.#keySpace.nextWakeMs() ?? Infinity;
  }

  wake(): void {
    if (this.nextWakeMs() <= this.#ground.turn.nowMs) this.#feed({ type: 'wake' });
  }

  figures(): { entries: number; values: number; searches: number; questions: number } {
    return this.#keySpace.figures();
  }

  /** Asked for thousands of times in a lookup, and a hash each. */
  #placeOf(peer: PeerId): Uint8Array | undefined {
    const known = this.#places.get(peer);
    if (known !== undefined) return known;
    const record = this.#ground.discovery.record(peer);
    if (record === undefined) return undefined;
    const place = placeOf(this.#ground.crypto.backend, record.publicKey);
    if (this.#places.size >= placesMax) this.#places.clear();
    this.#places.set(peer, place);
    return place;
  }

  /** One after the other, also what comes of carrying out: offline, hundreds of searches end in a row. */
  #feed(input: KeySpaceInput): void {
    this.#waiting.push(input);
    if (this.#isFeeding) return;
    this.#isFeeding = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      for (const output of this.#keySpace.handle(next, this.#ground.turn.nowMs)) this.#carryOut(output);
    }
    this.#isFeeding = false;
  }

  #carryOut(output: KeySpaceOutput): void {
    const { turn, reach } = this.#ground;
    switch (output.type) {
      case 'send':
        turn.send(output.link, 'message', output.frame);
        return;
      case 'connect':
        if (!reach(output.peer, 'question', 'question'))
          this.#feed({ type: 'unreachable', peer: output.peer });
        return;
      case 'release':
        return; // A link for a question ends by itself when it is idle.
      case 'finished': {
        const answer = this.#found.get(output.lookup);
        this.#found.delete(output.lookup);
        answer?.(output.value);
        return;
      }
      case 'kept': {
        const answer = this.#kept.get(output.lookup);
        this.#kept.delete(output.lookup);
        answer?.(output.copies);
        return;
      }
      default:
        unreachable(output);
    }
  }
}
