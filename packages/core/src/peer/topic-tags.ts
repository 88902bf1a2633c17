/**
 * What both ends of a link show to say that they know a topic: nobody else can tell what it means. It binds both network
 * ids, so that who stands in the middle of two links passes on nothing that fits.
 */
import { concat, hex, u32be, utf8 } from '../base/bytes.ts';
import type { LinkId } from '../base/ids.ts';
import { labels } from '../crypto/labels.ts';
import { topicBytes } from '../wire/follow.ts';
import type { MeshGround } from './mesh-ground.ts';

export interface LinkTags {
  ours: Uint8Array;
  theirs: Uint8Array;
}

/** So many tags at least are shown on a new link; beyond, a power of two. */
const shownMin = 4;

export class TopicTags {
  #ground: Pick<MeshGround, 'crypto' | 'links' | 'nonces' | 'self'>;
  /** Of this start. */
  #coverKey: Uint8Array;
  /** By link and topic: asked for with every link and topic, and a hash each. */
  #tags = new Map<LinkId, Map<string, LinkTags>>();

  constructor(ground: Pick<MeshGround, 'crypto' | 'links' | 'nonces' | 'self'>) {
    this.#ground = ground;
    this.#coverKey = ground.crypto.keys.bytes(32);
  }

  /** Undefined where both hellos were not said. */
  of(link: LinkId, topic: Uint8Array): LinkTags | undefined {
    const name = hex(topic);
    const known = this.#tags.get(link)?.get(name);
    if (known !== undefined) return known;
    const { crypto, links, nonces, self } = this.#ground;
    const challenges = nonces(link);
    const remote = links.get(link)?.remote;
    if (challenges === undefined || remote === undefined) return undefined;
    const us = concat(challenges.ours, sized(utf8(self)));
    const them = concat(challenges.theirs, sized(utf8(remote)));
    const label = sized(utf8(labels.topicTag));
    const tag = (first: Uint8Array, second: Uint8Array): Uint8Array =>
      crypto.backend.blake2b(topicBytes, topic, concat(label, first, second));
    const tags = { ours: tag(us, them), theirs: tag(them, us) };
    const ofLink = this.#tags.get(link) ?? new Map<string, LinkTags>();
    this.#tags.set(link, ofLink.set(name, tags));
    return tags;
  }

  /**
   * What a new link is shown: our tags of these topics among others that mean nothing, so that a stranger learns no more
   * than the power of two above how many there are.
   */
  shown(link: LinkId, topics: readonly Uint8Array[]): Uint8Array[] {
    const tags = topics.flatMap((topic) => this.of(link, topic)?.ours ?? []);
    let count = shownMin;
    while (count < tags.length) count *= 2;
    for (let number = 0; tags.length < count; number++) tags.push(this.#cover(link, number));
    // In an order that says nothing: that of their bytes.
    return tags.sort((one, other) => (hex(one) < hex(other) ? -1 : 1));
  }

  /** The same whenever the link is shown its tags: of two lists, what both hold must not be what is ours. */
  #cover(link: LinkId, number: number): Uint8Array {
    const { crypto, nonces } = this.#ground;
    const { ours = new Uint8Array(32) } = nonces(link) ?? {};
    return crypto.backend.blake2b(topicBytes, this.#coverKey, concat(ours, u32be(number)));
  }

  forgetLink(link: LinkId): void {
    this.#tags.delete(link);
  }

  forgetTopic(topic: Uint8Array): void {
    for (const ofLink of this.#tags.values()) ofLink.delete(hex(topic));
  }
}

/** Its length before it: of two texts in a row it is clear where the first ends. */
function sized(bytes: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(bytes.length), bytes);
}
