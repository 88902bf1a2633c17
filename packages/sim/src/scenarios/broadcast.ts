/** Messages to everybody who follows a topic, on links of the whole world, beside what flooding would have taken. */
import { hex } from '@kith/core/base/bytes';
import { frameTypes } from '@kith/core/wire/frame-type';
import { Bounds } from '../checkers/bounds.ts';
import { expectKinds } from '../checkers/coverage.ts';
import { TopicSets } from '../checkers/topic-sets.ts';
import { floodTimes, quantile } from '../graph.ts';
import type { Figure, Scenario, ScenarioOutcome, ScenarioRequest } from '../scenario.ts';
import type { SimNode } from '../world/sim-node.ts';
import type { World } from '../world/world.ts';
import { Drawing } from './drawing.ts';
import { Neighbourhood } from './neighbourhood.ts';
import { Trail, type BroadcastName } from './trail.ts';
import { newWideWorld, someRegion } from './wide-world.ts';

const secondMs = 1_000;
const minuteMs = 60_000;
const growthMs = minuteMs;
const settleMs = 2 * minuteMs;
const bodyBytes = 300;
const authors = 5;
/** The first messages of an author make its tree. */
const warmingRounds = 8;
const measuredRounds = 12;
/** The goals are set for a thousand and more; among few, what waits for its turn and what names itself weigh more. */
const manyPeers = 500;
const carrying = ['broadcast', 'digest', 'want', 'prune', 'dontWant'] as const;

export const broadcast: Scenario = {
  name: 'broadcast',
  summary: 'Messages of 300 bytes to everybody who follows a topic, beside what flooding would have taken.',
  peers: { default: 1_000, min: 20, max: 10_000 },
  inTest: { peers: 40, seeds: [1] },
  megabytes: 4_096,
  // The weather for which the goals are set: late by up to 20 %, but nothing is sent again.
  run: async (request) => await new Story(request, await newWideWorld(request, { lossDelay: 0 })).tell(),
};

interface Sent {
  name: BroadcastName;
  /** The time by which 99 % of all would have it by flooding the same neighbours, in the same weather. */
  floodMs: number;
}

class Story {
  readonly #world: World;
  readonly #request: ScenarioRequest;
  readonly #neighbours: Neighbourhood;
  readonly #drawing: Drawing;
  readonly #trail: Trail;
  readonly #sets: TopicSets;
  readonly #bounds: Bounds;
  readonly #figures: Figure[] = [];
  readonly #regions = new Map<SimNode, number>();
  readonly #topic: string;

  constructor(request: ScenarioRequest, world: World) {
    this.#request = request;
    this.#world = world;
    this.#topic = hex(world.stream('topic').bytes(16));
    this.#neighbours = new Neighbourhood(world, this.#topic);
    this.#trail = new Trail(world);
    this.#sets = new TopicSets(world);
    this.#bounds = new Bounds(world);
    this.#bounds.watch(minuteMs);
    this.#drawing = new Drawing(world, {
      peers: request.peers,
      groupOf: (node) => this.#regions.get(node) ?? 0,
      linksOf: (node) => this.#neighbours.of(node),
    });
  }

  async tell(): Promise<ScenarioOutcome> {
    const world = this.#world;
    await this.#gather();
    const writers = world.stream('authors').sample(world.nodes, authors);
    await this.#publish(writers, warmingRounds, [0.5, 0.7]);
    const bytesBefore = this.#bytes();
    const sent = await this.#publish(writers, measuredRounds, [0.7, 0.95]);
    await world.runFor(10 * secondMs);
    this.#judge(sent, this.#bytes() - bytesBefore);
    const last = await this.#follow(writers[0]!);
    this.#sets.finish();
    this.#bounds.check();
    expectKinds(world, ['in/linkUp', 'in/frame', 'in/wake', 'out/dial', 'out/send', 'out/broadcast']);
    const { snapshots } = this.#drawing;
    return { ...world.outcome(), figures: this.#figures, snapshots, spread: this.#trail.spread(last) };
  }

  /** Everybody joins, and follows the topic by way of one who does already. */
  async #gather(): Promise<void> {
    const world = this.#world;
    const chance = world.stream('growth');
    for (let index = 0; index < this.#request.peers; index++) {
      world.after(index < 3 ? 0 : chance.between(2_000, growthMs), () => this.#join(someRegion(chance)));
    }
    await this.#pass(growthMs, [0, 0.3], 'gathering');
    await this.#pass(settleMs, [0.3, 0.5], 'settling');
    this.#state('followers in one part', this.#neighbours.parts().largest, 'share', { atLeast: 1 });
    this.#drawing.look('everybody follows the topic');
  }

  #join(region: number): void {
    const world = this.#world;
    const [known] = world.stream(`join/${world.nodes.length}`).sample(world.nodes, 1);
    const addresses = known?.addresses.slice(0, 1) ?? [];
    const node = world.addNode({ region, bootstrap: addresses });
    this.#regions.set(node, region);
    const peers = addresses.length === 0 ? [] : [{ addresses }];
    node.submit('follow', { topic: this.#topic, peers }, (outcome) => {
      if (!outcome.ok) world.violate('follow', `${node.name} cannot follow: ${outcome.error.message}`);
    });
  }

  async #publish(writers: readonly SimNode[], rounds: number, range: [number, number]): Promise<Sent[]> {
    const sent: Sent[] = [];
    const [from, to] = range;
    for (let round = 0; round < rounds; round++) {
      for (const [index, writer] of writers.entries()) {
        const part = (round * writers.length + index) / (rounds * writers.length);
        this.#request.progress(from + (to - from) * part, 'broadcasting');
        const floodMs = this.#floodMs(writer);
        const name = this.#say(writer);
        if (name !== undefined) sent.push({ name, floodMs });
        await this.#world.runFor(secondMs);
      }
    }
    return sent;
  }

  #say(writer: SimNode): BroadcastName | undefined {
    const world = this.#world;
    const body = world.stream(`body/${world.nowMs}`).bytes(bodyBytes);
    const told: BroadcastName[] = [];
    writer.submit('publish', { topic: this.#topic, body }, (outcome) => {
      if (!outcome.ok) {
        world.violate('publish', `${writer.name} cannot publish: ${outcome.error.message}`);
        return;
      }
      this.#trail.begin(writer, outcome.out);
      told.push(outcome.out);
    });
    world.runUntil(() => told.length > 0, secondMs);
    return told[0];
  }

  #floodMs(writer: SimNode): number {
    const { internet, nodes, nowMs } = this.#world;
    const chance = this.#world.stream(`flood/${nowMs}`);
    const { jitter } = internet.weather;
    const ways = (index: number): [number, number][] => {
      const node = nodes[index]!;
      return this.#neighbours.of(node).map((other) => {
        const ms = internet.latencyMs(node.host, other.host);
        return [other.index, ms * (1 + jitter * chance.next())];
      });
    };
    return quantile([...floodTimes(writer.index, ways).values()], 0.99);
  }

  #judge(sent: readonly Sent[], bytes: number): void {
    const { peers } = this.#request;
    const arrived = sent.map(({ name }) => this.#trail.spread(name).map(({ atMs }) => atMs));
    // Who never got it counts as never: the time is that of 99 % of all, not of those who did.
    const times = arrived.map((all) =>
      all.length >= peers * 0.99 ? quantile(all, (0.99 * peers) / all.length) : Infinity,
    );
    const ratios = times.map((ms, index) => ms / (sent[index]?.floodMs ?? 0));
    const deliveries = arrived.reduce((sum, all) => sum + all.length - 1, 0);
    this.#state('messages', sent.length, 'messages');
    this.#state('deliveries', deliveries / (sent.length * (peers - 1)), 'share', { atLeast: 1 });
    this.#state('time to 99 %', quantile(times, 0.5), 'ms');
    this.#state(
      'time to 99 % by flooding',
      quantile(
        sent.map(({ floodMs }) => floodMs),
        0.5,
      ),
      'ms',
    );
    this.#state('time to 99 %, times flooding', quantile(ratios, 0.5), '', {
      atMost: peers < manyPeers ? 1.5 : 1.2,
    });
    this.#state('bytes a delivery', bytes / Math.max(1, deliveries), 'bytes', {
      atMost: peers < manyPeers ? 900 : 700,
    });
  }

  /** One more, looked at while it spreads. */
  async #follow(writer: SimNode): Promise<BroadcastName> {
    const name = this.#say(writer) ?? { author: new Uint8Array(32), sequence: 0 };
    const has = (): Set<SimNode> => new Set(this.#trail.of(name).map(({ node }) => node));
    const look = (words: string): void => {
      const reached = has();
      this.#drawing.look(words, (node) => (reached.has(node) ? 'reached' : undefined));
    };
    look('somebody writes');
    const startMs = this.#world.nowMs;
    for (const share of [0.1, 0.5, 0.9, 1]) {
      this.#world.runUntil(() => this.#trail.of(name).length >= share * this.#request.peers, 10 * secondMs);
      look(share === 1 ? 'everybody has it' : `${share * 100} % have it`);
    }
    await this.#world.runFor(Math.max(secondMs, 10 * secondMs - (this.#world.nowMs - startMs)));
    return name;
  }

  /** Bytes of all frames that carry broadcasts, or are about them. */
  #bytes(): number {
    const { sentBytes } = this.#world.internet;
    return carrying.reduce((sum, type) => sum + (sentBytes[frameTypes[type]] ?? 0), 0);
  }

  async #pass(ms: number, [from, to]: [number, number], words: string): Promise<void> {
    await this.#world.runFor(ms, (done) => this.#request.progress(from + (to - from) * done, words));
  }

  #state(name: string, value: number, unit: string, goal?: Figure['goal']): void {
    this.#figures.push({ name, value, unit, goal });
  }
}
