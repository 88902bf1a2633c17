/** Addresses at which the mesh wants a link, whoever answers there: of the first peers of a topic, and of anchors. */
import type { MeshGround } from './mesh-ground.ts';

type Place = { addresses: string[] };

const anchorPrefix = 'anchor/';
/** Of eight dials at a time. */
const anchorsAtOnce = 3;

export class MeshWants {
  #drive: MeshGround['drive'];
  /** By topic: how many. */
  #topics = new Map<string, number>();
  /** So many of the anchors are looked for, or were. */
  #anchors = 0;

  constructor(drive: MeshGround['drive']) {
    this.#drive = drive;
  }

  /** Again: others take their place. */
  followed(topic: string, peers: readonly Place[]): void {
    for (let index = peers.length; index < (this.#topics.get(topic) ?? 0); index++) {
      this.#drive({ type: 'unwant', id: topicWant(topic, index) });
    }
    this.#topics.set(topic, peers.length);
    for (const [index, { addresses }] of peers.entries()) {
      const why = 'topic';
      this.#drive({ type: 'want', id: topicWant(topic, index), addresses, why });
    }
  }

  unfollowed(topic: string): void {
    for (let index = 0; index < (this.#topics.get(topic) ?? 0); index++) {
      this.#drive({ type: 'unwant', id: topicWant(topic, index) });
    }
    this.#topics.delete(topic);
  }

  /**
   * Whoever is now where a neighbour was is welcome. A few more with each call, so that people whom we look for are dialled too.
   * @param alone - nobody is there: it is not put off any longer.
   */
  anchors(anchors: readonly Place[], alone: boolean): void {
    const why = 'known';
    const sought = anchors.slice(0, this.#anchors + anchorsAtOnce);
    for (const [index, { addresses }] of sought.entries()) {
      this.#drive({ type: 'want', id: `${anchorPrefix}${index}`, addresses, why });
    }
    this.#anchors = Math.max(this.#anchors, sought.length);
    if (alone) this.#drive({ type: 'hurry', wants: [anchorPrefix, 'bootstrap/'] });
  }

  get seeksAnchors(): boolean {
    return this.#anchors > 0;
  }

  /** There are neighbours enough: those of before the restart need not be looked for. */
  anchorsReplaced(): void {
    for (let index = 0; index < this.#anchors; index++) {
      this.#drive({ type: 'unwant', id: `${anchorPrefix}${index}` });
    }
    this.#anchors = 0;
  }
}

function topicWant(topic: string, index: number): string {
  return `topic/${topic}/${index}`;
}
