/** A network grows, takes in newcomers, is parted and whole again, and loses a third of its nodes at once. */
import { Bounds } from '../checkers/bounds.ts';
import { expectKinds } from '../checkers/coverage.ts';
import { quantile } from '../graph.ts';
import type { Figure, Scenario, ScenarioOutcome, ScenarioRequest } from '../scenario.ts';
import type { SimNode } from '../world/sim-node.ts';
import type { World } from '../world/world.ts';
import { Drawing } from './drawing.ts';
import { everybodyTopic, Neighbourhood } from './neighbourhood.ts';
import { newWideWorld, someRegion } from './wide-world.ts';

const secondMs = 1_000;
const minuteMs = 60_000;
/** All but the newcomers join within this. */
const growthMs = minuteMs;
const settleMs = 2 * minuteMs;
const partedMs = 3 * minuteMs;
const healMs = 3 * minuteMs;
/** Below that many neighbours a node looks for more: then it has its view. */
const viewMin = 5;
const newcomersMax = 20;
const lanPeers = 7;
const lanSubnet = '99.1.2';
/** In the drawing it stands beside the regions; in a partition it is with the near ones. */
const lanGroup = -1;
const lookMs = 20;

export const overlay: Scenario = {
  name: 'overlay',
  summary:
    'A network grows, takes in newcomers, is parted and whole again, and loses a third of its nodes at once.',
  peers: { default: 1_000, min: 24, max: 10_000 },
  inTest: { peers: 40, seeds: [1] },
  megabytes: 4_096,
  run: async (request) => await new Story(request, await newWideWorld(request)).tell(),
};

class Story {
  readonly #world: World;
  readonly #request: ScenarioRequest;
  readonly #neighbours: Neighbourhood;
  readonly #drawing: Drawing;
  readonly #bounds: Bounds;
  readonly #figures: Figure[] = [];
  readonly #regions = new Map<SimNode, number>();

  constructor(request: ScenarioRequest, world: World) {
    this.#request = request;
    this.#world = world;
    this.#neighbours = new Neighbourhood(world, everybodyTopic);
    this.#bounds = new Bounds(world);
    this.#bounds.watch(minuteMs);
    this.#drawing = new Drawing(world, {
      peers: request.peers,
      groupOf: (node) => this.#regions.get(node) ?? 0,
      linksOf: (node) => this.#neighbours.of(node),
    });
  }

  async tell(): Promise<ScenarioOutcome> {
    await this.#grow();
    await this.#newcomers();
    await this.#part();
    await this.#kill();
    this.#bounds.check();
    expectKinds(this.#world, [
      'in/linkUp',
      'in/linkDown',
      'in/frame',
      'in/wake',
      'in/dialFailed',
      'out/dial',
      'out/send',
    ]);
    return { ...this.#world.outcome(), figures: this.#figures, snapshots: this.#drawing.snapshots };
  }

  /** Each knows one who came before. */
  async #grow(): Promise<void> {
    const world = this.#world;
    const early = this.#request.peers - this.#newcomerCount - lanPeers - 1;
    const chance = world.stream('growth');
    for (let index = 0; index < early; index++) {
      // The first few stand before the others come, as they do in life.
      world.after(index < 3 ? 0 : chance.between(2_000, growthMs), () => this.#join(someRegion(chance)));
    }
    for (const quarter of [1, 2, 3, 4]) {
      await this.#pass(growthMs / 4, [0.1 * (quarter - 1), 0.1 * quarter], 'growing');
      this.#drawing.look(quarter === 4 ? 'everybody has joined' : `${quarter * 25} % of the time to join`);
    }
    await this.#pass(settleMs, [0.4, 0.5], 'settling');
    this.#drawing.look('settled');
    this.#state('in one part', this.#neighbours.parts().largest, 'share', { atLeast: 1 });
    const sizes = world.nodes.map((node) => this.#neighbours.sizeOf(node));
    this.#state('neighbours at the median', quantile(sizes, 0.5), 'nodes');
    this.#state('neighbours at most', Math.max(...sizes), 'nodes', { atMost: 8 });
    this.#state(
      'nodes with a full view',
      sizes.filter((size) => size >= viewMin).length / sizes.length,
      'share',
    );
  }

  async #newcomers(): Promise<void> {
    const world = this.#world;
    const waits: number[] = [];
    for (let count = 0; count < this.#newcomerCount; count++) {
      waits.push(this.#waitOf(this.#join(someRegion(world.stream(`newcomer/${count}`)))));
      await world.runFor(secondMs);
    }
    this.#state('newcomer has its view, median', quantile(waits, 0.5), 'ms');
    this.#state('newcomer has its view, slowest', quantile(waits, 1), 'ms', { atMost: 5_000 });
    // On a LAN nobody has to know anybody; one of them knows a node elsewhere.
    for (let count = 0; count < lanPeers; count++) this.#join(0, { lan: 'home', isAlone: count > 0 });
    await this.#pass(minuteMs, [0.5, 0.6], 'newcomers');
    const nearWait = this.#waitOf(this.#join(0, { lan: 'home', isAlone: true }));
    this.#state('newcomer on a LAN has its view', nearWait, 'ms', { atMost: 2_000 });
    this.#state('in one part with the LAN', this.#neighbours.parts().largest, 'share', { atLeast: 1 });
    this.#drawing.look('newcomers are in');
  }

  async #part(): Promise<void> {
    const world = this.#world;
    const isFar = (node: SimNode): boolean => (this.#regions.get(node) ?? 0) >= 2;
    const [far, near] = [world.nodes.filter(isFar), world.nodes.filter((node) => !isFar(node))];
    world.partition(near, far);
    await this.#pass(partedMs, [0.6, 0.75], 'parted');
    this.#drawing.look('three regions are cut off', (node) => (isFar(node) ? 'parted' : undefined));
    for (const [side, nodes] of [
      ['near', near],
      ['far', far],
    ] as const) {
      this.#state(`${side} side in one part while parted`, this.#neighbours.parts(nodes).largest, 'share', {
        atLeast: 1,
      });
    }
    world.heal();
    this.#state('whole again after the partition', await this.#untilWhole(), 'ms', { atMost: healMs });
    await this.#pass(minuteMs, [0.8, 0.85], 'healing');
    this.#drawing.look('whole again');
  }

  async #kill(): Promise<void> {
    const world = this.#world;
    const victims = world.stream('kill').sample(world.nodes, Math.round(world.nodes.length * 0.3));
    world.kill(victims, 'goes');
    await world.runFor(secondMs);
    this.#drawing.look('30 % lost their power');
    this.#state('survivors in one part at once', this.#neighbours.parts().largest, 'share');
    await this.#pass(healMs, [0.85, 1], 'mending');
    this.#state('survivors in one part after healing', this.#neighbours.parts().largest, 'share', {
      atLeast: 1,
    });
    this.#drawing.look('the others have closed ranks');
  }

  get #newcomerCount(): number {
    return Math.min(newcomersMax, Math.floor(this.#request.peers / 10));
  }

  /** @param isAlone - it knows nobody; else one node that is up. */
  #join(region: number, { lan, isAlone }: { lan?: string; isAlone: boolean } = { isAlone: false }): SimNode {
    const world = this.#world;
    const known = isAlone ? [] : world.nodes.filter((node) => node.up && node.options.lan === undefined);
    const chance = world.stream(`join/${world.nodes.length}`);
    const bootstrap = known.length === 0 ? [] : chance.pick(known).addresses.slice(0, 1);
    // Whoever shares a LAN shares its way out.
    const subnet = lan === undefined ? undefined : lanSubnet;
    const node = world.addNode({ region, bootstrap, lan, subnet });
    this.#regions.set(node, lan === undefined ? region : lanGroup);
    return node;
  }

  /** How long a node that has just started waits for its view; a minute when it does not get it. */
  #waitOf(node: SimNode): number {
    const startMs = this.#world.nowMs;
    this.#world.runUntil(() => this.#neighbours.sizeOf(node) >= viewMin, minuteMs);
    return this.#world.nowMs - startMs;
  }

  async #untilWhole(): Promise<number> {
    const startMs = this.#world.nowMs;
    while (this.#neighbours.parts().count > 1 && this.#world.nowMs - startMs < 2 * healMs) {
      await this.#world.runFor(25 * lookMs);
    }
    return this.#world.nowMs - startMs;
  }

  async #pass(ms: number, [from, to]: [number, number], words: string): Promise<void> {
    await this.#world.runFor(ms, (done) => this.#request.progress(from + (to - from) * done, words));
  }

  #state(name: string, value: number, unit: string, goal?: Figure['goal']): void {
    this.#figures.push({ name, value, unit, goal });
  }
}
