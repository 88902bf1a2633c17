/**
 * Many nodes all over the world, who may follow one topic, with what watches them: whose neighbour is who, what arrives
 * where, whether the bounds hold. Scenarios that strike at a network begin with one.
 */
import { hex } from '@kith/core/base/bytes';
import { Bounds } from '../checkers/bounds.ts';
import { TopicSets } from '../checkers/topic-sets.ts';
import type { Figure, ScenarioRequest } from '../scenario.ts';
import type { NodeOptions, SimNode } from '../world/sim-node.ts';
import type { World } from '../world/world.ts';
import { Drawing } from './drawing.ts';
import { everybodyTopic, Neighbourhood } from './neighbourhood.ts';
import { Trail, type BroadcastName } from './trail.ts';
import { newWideWorld, someRegion } from './wide-world.ts';

const secondMs = 1_000;
const minuteMs = 60_000;
const growthMs = minuteMs;
const settleMs = 2 * minuteMs;
const bodyBytes = 300;
/** A message that did not come by then does not count as arrived. */
const arriveMs = 60 * secondMs;
const writersMax = 5;

export class Crowd {
  readonly world: World;
  readonly topic: string;
  /** In the overlay of the topic. */
  readonly neighbours: Neighbourhood;
  /** In the overlay that everybody is in. */
  readonly everybody: Neighbourhood;
  readonly drawing: Drawing;
  readonly trail: Trail;
  readonly sets: TopicSets;
  readonly bounds: Bounds;
  readonly figures: Figure[] = [];
  readonly #request: ScenarioRequest;
  readonly #regions = new Map<SimNode, number>();

  private constructor(world: World, request: ScenarioRequest, isPlain: boolean) {
    this.world = world;
    this.#request = request;
    this.topic = isPlain ? everybodyTopic : hex(world.stream('topic').bytes(16));
    this.neighbours = new Neighbourhood(world, this.topic);
    this.everybody = new Neighbourhood(world, everybodyTopic);
    this.trail = new Trail(world);
    this.sets = new TopicSets(world);
    this.bounds = new Bounds(world);
    this.bounds.watch(minuteMs);
    this.drawing = new Drawing(world, {
      peers: request.peers,
      groupOf: (node) => this.#regions.get(node) ?? 0,
      linksOf: (node) => this.neighbours.of(node),
    });
  }

  /** An empty one. */
  static async in(request: ScenarioRequest): Promise<Crowd> {
    return new Crowd(await newWideWorld(request), request, false);
  }

  /** An empty one whose nodes follow no topic. */
  static async plain(request: ScenarioRequest): Promise<Crowd> {
    return new Crowd(await newWideWorld(request), request, true);
  }

  /** Everybody joins within a minute, each by way of one who came before, and the crowd settles. */
  async gather(count: number, [from, to]: [number, number]): Promise<void> {
    const chance = this.world.stream('growth');
    for (let index = 0; index < count; index++) {
      // The first few stand before the others come, as they do in life.
      this.world.after(index < 3 ? 0 : chance.between(2_000, growthMs), () => this.join());
    }
    const middle = from + (to - from) * 0.4;
    await this.pass(growthMs, [from, middle], 'gathering');
    await this.pass(settleMs, [middle, to], 'settling');
  }

  /** One more, who knows one that is up and follows the topic, if there is one, by way of it. */
  join(options: NodeOptions = {}): SimNode {
    const { world } = this;
    const chance = world.stream(`join/${world.nodes.length}`);
    const region = options.region ?? someRegion(chance);
    const [known] = chance.sample(
      // Whose address somebody would hand over: one that can be dialled.
      world.nodes.filter((node) => node.up && (node.options.nat ?? 'none') === 'none'),
      1,
    );
    const addresses = known?.addresses.slice(0, 1) ?? [];
    const node = world.addNode({ bootstrap: addresses, ...options, region });
    this.#regions.set(node, region);
    if (this.topic !== everybodyTopic) this.follow(node, addresses);
    return node;
  }

  follow(node: SimNode, addresses: string[]): void {
    const peers = addresses.length === 0 ? [] : [{ addresses }];
    node.submit('follow', { topic: this.topic, peers }, (outcome) => {
      if (outcome.ok) return;
      this.world.violate('follow', `${node.name} cannot follow: ${outcome.error.message}`);
    });
  }

  /** A message of 300 bytes to all. @returns undefined where it cannot be said; that is a violation. */
  say(writer: SimNode): BroadcastName | undefined {
    const { world, topic } = this;
    const body = world.stream(`body/${writer.index}/${world.nowMs}`).bytes(bodyBytes);
    const told: BroadcastName[] = [];
    writer.submit('publish', { topic, body }, (outcome) => {
      if (!outcome.ok) {
        world.violate('publish', `${writer.name} cannot publish: ${outcome.error.message}`);
        return;
      }
      this.trail.begin(writer, outcome.out);
      told.push(outcome.out);
    });
    world.runUntil(() => told.length > 0, secondMs);
    return told[0];
  }

  /**
   * Some of each part write, and every other of that part is to hear them.
   * @param parts - as they hang together by whom they know; a part of one has nobody to write to.
   * @returns the share of all that should arrive which does, and the last message.
   */
  async writeWithin(
    parts: readonly (readonly SimNode[])[],
  ): Promise<{ share: number; last: BroadcastName | undefined }> {
    const { world, trail } = this;
    const said: { name: BroadcastName; part: readonly SimNode[] }[] = [];
    for (const part of parts) {
      if (part.length === 1) continue;
      for (const writer of world.stream(`writers/${world.nowMs}`).sample(part, writersMax)) {
        const name = this.say(writer);
        if (name !== undefined) said.push({ name, part });
        await world.runFor(secondMs);
      }
    }
    await world.runFor(arriveMs);
    let due = 0;
    let arrived = 0;
    for (const { name, part } of said) {
      const has = new Set(trail.of(name).map(({ node }) => node));
      due += part.length;
      arrived += part.filter((node) => has.has(node)).length;
    }
    return { share: due === 0 ? 1 : arrived / due, last: said[0]?.name };
  }

  async pass(ms: number, [from, to]: [number, number], words: string): Promise<void> {
    await this.world.runFor(ms, (done) => this.#request.progress(from + (to - from) * done, words));
  }

  /** Lets time pass until all who are up hang together. @returns how long that took, `ms` at most. */
  async untilWhole(ms: number): Promise<number> {
    const { world } = this;
    const startMs = world.nowMs;
    while (this.neighbours.parts().count > 1 && world.nowMs - startMs < ms) await world.runFor(secondMs);
    return world.nowMs - startMs;
  }

  state(name: string, value: number, unit: string, goal?: Figure['goal']): void {
    this.figures.push({ name, value, unit, goal });
  }
}
