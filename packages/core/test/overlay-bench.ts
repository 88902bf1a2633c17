/** One overlay machine and puppets for its neighbours: what tests of its rules feed and look at. */
import type { LinkId, PeerId } from '../src/base/ids.ts';
import { seededRandom } from '../src/base/random.ts';
import { Overlay, type OverlayInput } from '../src/protocol/overlay/overlay.ts';
import { overlayDefaults } from '../src/protocol/overlay/overlay-config.ts';
import type { OverlayFrame, OverlayOutput } from '../src/protocol/overlay/overlay-state.ts';
import type { NeighbourWish } from '../src/wire/neighbour.ts';
import type { RecordEntry } from '../src/wire/record-entries.ts';
import { openTopic, peerAt, peerOfRecord, placeOf, recordOf } from './overlay-world.ts';

const self = peerAt('1.1', 1);
export const secret: Uint8Array = new Uint8Array(16).fill(9);
export const tags: { ours: Uint8Array; theirs: Uint8Array } = {
  ours: new Uint8Array(16).fill(1),
  theirs: new Uint8Array(16).fill(2),
};

export class Bench {
  readonly overlay: Overlay;
  readonly topic: Uint8Array;
  learnt = 0;
  nowMs = 1_000_000;
  #links = 0;
  #peers = new Map<LinkId, PeerId>();

  /** @param hasRecord - whose records are known, so that they can be named. */
  constructor(
    topic: Uint8Array = openTopic,
    isListed: boolean = true,
    hasRecord: (peer: PeerId) => boolean = () => true,
  ) {
    this.topic = topic;
    const ports = {
      candidate: (peer: PeerId) => placeOf(peer),
      offer: (peers: PeerId[]) => peers.filter((each) => hasRecord(each)).map((each) => recordOf(each)),
      own: () => (isListed ? recordOf(self) : undefined),
      learn: (entries: RecordEntry[]) => {
        this.learnt += entries.length;
        return entries.map((each) => peerOfRecord(each));
      },
      tags: () => (topic === openTopic ? undefined : tags),
    };
    const parts = { self, topic, config: overlayDefaults, random: seededRandom(1), ports, nowMs: this.nowMs };
    this.overlay = new Overlay(parts);
  }

  feed(input: OverlayInput): OverlayOutput[] {
    return this.overlay.handle(input, this.nowMs);
  }

  open(peer: PeerId, dialled: boolean = false): LinkId {
    this.feed(this.opening(peer, dialled));
    return this.#links as LinkId;
  }

  #recordsFor(link: LinkId, wish: NeighbourWish): RecordEntry[] {
    const peer = this.#peers.get(link);
    return peer !== undefined && (wish === 'ask' || wish === 'urgent') ? [recordOf(peer)] : [];
  }

  opening(peer: PeerId, dialled: boolean): OverlayInput {
    const link = ++this.#links as LinkId;
    this.#peers.set(link, peer);
    return { type: 'linkOpen', link, peer, ...placeOf(peer), dialled, brief: false };
  }

  /** Who asks shows its record, unless it is said to have none. */
  say(
    link: LinkId,
    wish: NeighbourWish,
    records: RecordEntry[] = this.#recordsFor(link, wish),
  ): OverlayOutput[] {
    return this.feed({
      type: 'frame',
      link,
      frame: { type: 'neighbour', topic: this.topic, wish, records },
    });
  }
}

export function sent(outputs: OverlayOutput[]): OverlayFrame[] {
  return outputs.flatMap((output) => (output.type === 'send' ? [output.frame] : []));
}

export function wishes(outputs: OverlayOutput[]): string[] {
  return sent(outputs).flatMap((frame) => (frame.type === 'neighbour' ? [frame.wish] : []));
}
