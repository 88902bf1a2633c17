/** People start and stop their nodes all the time: half of the sessions last less than ten minutes. */
import { frameTypes } from '@kith/core/wire/frame-type';
import { expectKinds } from '../checkers/coverage.ts';
import { quantile } from '../graph.ts';
import type { Scenario, ScenarioOutcome, ScenarioParts, ScenarioRequest } from '../scenario.ts';
import { runParts, together } from '../scenario-parts.ts';
import type { Stream } from '../world/chance.ts';
import type { SimNode } from '../world/sim-node.ts';
import { Crowd } from './crowd.ts';
import { whoKnowSomebody } from './knowledge.ts';

const secondMs = 1_000;
const minuteMs = 60_000;
const medianSessionMs = 10 * minuteMs;
const medianAwayMs = 5 * minuteMs;
/** The first sessions all begin with the world: after some time they are mixed as in life. */
const mixingMs = 10 * minuteMs;
const measuredMs = 10 * minuteMs;
const lookEveryMs = 30 * secondMs;
/** Who came a moment ago is still on its way in. */
const settledMs = 10 * secondMs;
/** How much smaller the other network is. */
const smaller = 4;
const carriers = ['neighbour', 'walk', 'shuffle', 'shuffled', 'find', 'found'] as const;

const recordTraffic = 'record traffic of a node';

/** The small network, then the large one. */
const parts: ScenarioParts = {
  count: () => 2,
  run: async (request, part) => {
    const peers = part === 0 ? Math.floor(request.peers / smaller) : request.peers;
    const progress = (done: number, words: string): void =>
      request.progress(done, `${peers} nodes: ${words}`);
    return await live({ ...request, peers, progress });
  },
  join(outcomes) {
    const all = together(outcomes);
    const [small = 0, large = 0] = all.figures
      .filter(({ name }) => name.endsWith(recordTraffic))
      .map(({ value }) => value);
    const name = `${recordTraffic}, ${smaller} times as many nodes`;
    const figure = { name, value: large / small, unit: 'times', goal: { atMost: 1.25 } };
    return { ...all, figures: [...all.figures, figure], snapshots: outcomes[1]!.snapshots, spread: [] };
  },
};

export const churn: Scenario = {
  name: 'churn',
  summary:
    'Nodes come and go, with a median session of ten minutes, in two networks of which one is four times the other.',
  peers: { default: 400, min: 48, max: 4_000 },
  inTest: { peers: 48, seeds: [1] },
  megabytes: 3_072,
  parts,
  run: async (request) => await runParts(parts, request),
};

async function live(request: ScenarioRequest): Promise<ScenarioOutcome> {
  const crowd = await Crowd.plain(request);
  const { world, drawing } = crowd;
  const sessions = new Sessions(crowd);
  await crowd.gather(request.peers, [0, 0.1]);
  for (const node of world.nodes) sessions.begin(node);
  await crowd.pass(mixingMs, [0.1, 0.4], 'mixing');
  const startBytes = carried(crowd);
  let nodeMs = 0;
  const shares: number[] = [];
  let [lonely, settledCount] = [0, 0];
  const looks = measuredMs / lookEveryMs;
  for (let look = 1; look <= looks; look++) {
    const range: [number, number] = [0.4 + (0.6 * (look - 1)) / looks, 0.4 + (0.6 * look) / looks];
    await crowd.pass(lookEveryMs, range, 'coming and going');
    nodeMs += world.nodes.filter(({ up }) => up).length * lookEveryMs;
    const settled = sessions.settled();
    const [largest = [], ...others] = crowd.neighbours.partsOf(settled);
    const knowing = whoKnowSomebody(world, others.flat());
    lonely += others.flat().length - knowing.size;
    shares.push(largest.length / Math.max(1, settled.length));
    settledCount += settled.length;
    if (look % 10 === 0) drawing.look(`${(look * lookEveryMs) / minuteMs} minutes`);
  }
  const recordBytes = ((carried(crowd) - startBytes) / nodeMs) * secondMs;
  const of = `${request.peers} nodes`;
  // Who started again and knows only addresses where nobody is cannot find anybody; that counts as apart all the same.
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  crowd.state(`${of}: in one part, mean`, mean, 'share', { atLeast: 0.99 });
  crowd.state(`${of}: in one part, least`, quantile(shares, 0), 'share');
  crowd.state(`${of}: know nobody who is there`, lonely / settledCount, 'share');
  crowd.state(`${of}: sessions that ended`, sessions.ended, 'sessions', { atLeast: 1 });
  crowd.state(`${of}: ${recordTraffic}`, recordBytes, 'bytes/s');
  crowd.bounds.check();
  for (const what of ['records', 'nodes remembered', 'passive view', 'routing table']) {
    crowd.state(`${of}: ${what} at most`, crowd.bounds.largest.get(what) ?? 0, '');
  }
  expectKinds(world, ['in/linkUp', 'in/linkDown', 'in/dialFailed', 'out/dial']);
  return { ...world.outcome(), figures: crowd.figures, snapshots: drawing.snapshots };
}

/** Bytes so far of frames that carry records. */
function carried({ world }: Crowd): number {
  return carriers.reduce((sum, type) => sum + (world.internet.sentBytes[frameTypes[type]] ?? 0), 0);
}

/** Sessions and absences are exponential: how long a node was there says nothing about how long it will stay. */
class Sessions {
  ended = 0;
  readonly #crowd: Crowd;
  readonly #chance: Stream;
  readonly #sinceMs = new Map<SimNode, number>();

  constructor(crowd: Crowd) {
    this.#crowd = crowd;
    this.#chance = crowd.world.stream('sessions');
  }

  begin(node: SimNode): void {
    const { world } = this.#crowd;
    node.start();
    this.#sinceMs.set(node, world.nowMs);
    world.after(this.#draw(medianSessionMs), () => this.#end(node));
  }

  /** Who is there for long enough to have found others. */
  settled(): SimNode[] {
    const { world } = this.#crowd;
    return world.nodes.filter(
      (node) => node.up && world.nowMs - (this.#sinceMs.get(node) ?? world.nowMs) >= settledMs,
    );
  }

  /** Half of them lose their power or their network; of the others the machine closes the links. */
  #end(node: SimNode): void {
    this.ended++;
    node.crash(this.#chance.chance(0.5) ? 'goes' : 'stays');
    this.#crowd.world.after(this.#draw(medianAwayMs), () => this.begin(node));
  }

  #draw(medianMs: number): number {
    return (-Math.log(1 - this.#chance.next()) / Math.LN2) * medianMs;
  }
}
