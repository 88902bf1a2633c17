/**
 * Messages to everybody who follows a topic: pushed along a tree per author, announced beside it, repaired on gaps.
 *
 * Pure state machine. It knows links by number and topics by 16 bytes; who is whose neighbour is the overlay's matter,
 * and whether a signature is genuine is a question to a port. Specification: docs/protocol/broadcast.md.
 *
 * Invariants (broadcast.test.ts and broadcast-world.test.ts check them):
 *   1. Nothing is forwarded, remembered or received whose signature was not verified.
 *   2. A message is received at most once; of two contents under one sequence only the first.
 *   3. No forged copy keeps the true one out.
 *   4. What is published while the neighbours connect everybody reaches everybody, also when frames are lost.
 *   5. Every collection is bounded; nothing a neighbour sends makes it throw.
 */
import { bytesEqual } from '../../base/bytes.ts';
import type { LinkId } from '../../base/ids.ts';
import { invariant } from '../../base/invariant.ts';
import type { BroadcastFrame } from '../../wire/broadcast.ts';
import type { BroadcastIdsFrame } from '../../wire/broadcast-ids.ts';
import { Allowance } from './allowance.ts';
import type { BroadcastFields, BroadcastFigures, BroadcastParts, TopicOutput } from './contract.ts';
import type { LinkAllowances } from './neighbour.ts';
import { Topic } from './topic.ts';

export type BroadcastInput =
  | { type: 'follow'; topic: Uint8Array }
  /** Forgets everything of the topic, its neighbours too. */
  | { type: 'unfollow'; topic: Uint8Array }
  /** The overlay made the link an active neighbour in this topic, or no longer. A link that ends is taken out of each. */
  | { type: 'neighbour'; topic: Uint8Array; link: LinkId; on: boolean }
  | { type: 'frame'; link: LinkId; frame: BroadcastFrame | BroadcastIdsFrame }
  /** A message of our own, signed; its topic is followed, its sequence one above the last. */
  | ({ type: 'publish' } & BroadcastFields)
  | { type: 'wake' };

export type BroadcastOutput =
  | TopicOutput
  /** There are `topicsMax` topics already: this one is not followed. */
  | { type: 'refused'; topic: Uint8Array };

export class Broadcast {
  #parts: BroadcastParts;
  #topics: Topic[] = [];
  #links = new Map<LinkId, { allowances: LinkAllowances; topics: number }>();
  #outputs: BroadcastOutput[] = [];
  #wakeMs = Infinity;

  constructor(parts: BroadcastParts) {
    invariant(parts.config.neighboursMax <= 30, 'neighbours are bits of one number');
    this.#parts = parts;
  }

  /** Applies one input. `nowMs`: machine time, never runs backwards. */
  handle(input: BroadcastInput, nowMs: number): BroadcastOutput[] {
    this.#outputs = [];
    if (input.type === 'wake') this.#wake(nowMs);
    else {
      const topic = this.#change(input, nowMs);
      if (topic !== undefined) this.#wakeMs = Math.min(this.#wakeMs, topic.nextWakeMs());
    }
    return this.#outputs;
  }

  /** When the driver must next send `wake`, or undefined to sleep. O(1); may be early, never late. */
  nextWakeMs(): number | undefined {
    return this.#wakeMs === Infinity ? undefined : this.#wakeMs;
  }

  follows(topic: Uint8Array): boolean {
    return this.#find(topic) !== undefined;
  }

  /** For people who want to know: what is held of a topic. */
  figures(topic: Uint8Array): BroadcastFigures | undefined {
    return this.#find(topic)?.figures();
  }

  #change(input: Exclude<BroadcastInput, { type: 'wake' }>, nowMs: number): Topic | undefined {
    const topic = this.#find(input.type === 'frame' ? input.frame.topic : input.topic);
    switch (input.type) {
      case 'follow':
        if (topic === undefined) this.#follow(input.topic);
        return undefined;
      case 'unfollow':
        for (const link of topic?.links() ?? []) this.#release(link);
        this.#topics = this.#topics.filter((each) => each !== topic);
        return undefined;
      case 'neighbour':
        if (topic !== undefined) this.#neighbour(topic, input, nowMs);
        return topic;
      case 'frame':
        // Frames of a topic we do not share, or not yet: the summary at the beginning makes up for them.
        topic?.frame(input.link, input.frame, nowMs);
        return topic;
      case 'publish':
        invariant(topic !== undefined, 'who publishes in a topic follows it');
        topic.publish(input, nowMs);
        return topic;
    }
  }

  #follow(topic: Uint8Array): void {
    if (this.#topics.length >= this.#parts.config.topicsMax) this.#outputs.push({ type: 'refused', topic });
    else
      this.#topics.push(new Topic(topic, { ...this.#parts, emit: (output) => this.#outputs.push(output) }));
  }

  /** A handful of comparisons that nearly all end with the first byte: cheaper than a text to look it up by. */
  #find(name: Uint8Array): Topic | undefined {
    for (const topic of this.#topics) if (bytesEqual(topic.name, name)) return topic;
    return undefined;
  }

  #neighbour(topic: Topic, { link, on }: { link: LinkId; on: boolean }, nowMs: number): void {
    if (!on) {
      if (topic.leave(link, nowMs)) this.#release(link);
      return;
    }
    const { bodies, idRuns, answers } = this.#parts.config;
    const known = this.#links.get(link) ?? {
      allowances: {
        bodies: new Allowance(bodies, nowMs),
        idRuns: new Allowance(idRuns, nowMs),
        answers: new Allowance(answers, nowMs),
      },
      topics: 0,
    };
    if (!topic.join(link, known.allowances, nowMs)) return;
    known.topics++;
    this.#links.set(link, known);
  }

  #release(link: LinkId): void {
    const known = this.#links.get(link);
    if (known !== undefined && --known.topics === 0) this.#links.delete(link);
  }

  #wake(nowMs: number): void {
    this.#wakeMs = Infinity;
    for (const topic of this.#topics) {
      if (topic.nextWakeMs() <= nowMs) topic.wake(nowMs);
      this.#wakeMs = Math.min(this.#wakeMs, topic.nextWakeMs());
    }
  }
}
