/** Friends on several LANs write to each other while the net falls apart and comes together again. */
import { Judges } from '../checkers/judges.ts';
import { talkKinds } from '../checkers/coverage.ts';
import { fairWeather } from '../network/weather.ts';
import type { Scenario, ScenarioOutcome, ScenarioRequest } from '../scenario.ts';
import type { SimNode } from '../world/sim-node.ts';
import { createWorld, type World } from '../world/world.ts';
import { acquaint, say } from './acquaint.ts';

const minuteMs = 60_000;
const rounds = 6;
const messagesPerRound = 3;
/** Retries wait up to 15 minutes: the calm after the storm takes two of them. */
const calmMs = 40 * minuteMs;

export const partitionAndHeal: Scenario = {
  name: 'partition-and-heal',
  summary:
    'Friends write while the net is cut in two, in one direction, and mended: nothing is lost, nothing twice.',
  peers: { default: 20, min: 4, max: 500 },
  inTest: { peers: 10, seeds: [1, 2, 3] },
  run,
};

async function run(request: ScenarioRequest): Promise<ScenarioOutcome> {
  const { peers, seed } = request;
  const world = await createWorld({ seed });
  const judges = new Judges(world);
  world.weather = { ...fairWeather, jitter: 0.2, lossDelay: 0.01 };
  const nodes = Array.from({ length: peers }, (_, index) =>
    world.addNode({ name: `p${index}`, skewMs: world.stream(`skew/${index}`).between(-60_000, 60_000) }),
  );
  await world.runFor(2_000);
  const pairs = await befriend(world, nodes);
  request.progress(0.2, `${pairs.length} friendships`);
  for (let round = 0; round < rounds; round++) {
    cut(world, nodes, round);
    for (const [index, [one, other]] of pairs.entries()) talk(world, [one, other], `${round}.${index}`);
    await world.runFor(3 * minuteMs);
    // The last cut lasts until the calm, so that something waits for its end.
    if (round % 2 === 1 && round < rounds - 1) world.heal();
    await world.runFor(minuteMs);
    request.progress(0.2 + (0.6 * (round + 1)) / rounds, `storm ${round + 1} of ${rounds}`);
  }
  world.heal();
  const healedMs = world.nowMs;
  await world.runFor(calmMs, (done) => request.progress(0.8 + 0.2 * done, 'calm'));
  judges.finish([...talkKinds, 'in/linkDown', 'in/dialFailed']);
  const outcome = world.outcome();
  const { fate } = judges;
  const count = (name: string, value: number): void =>
    void outcome.figures.push({ name, value, unit: 'messages', goal: undefined });
  count('accepted', fate.accepted.length);
  count('delivered', fate.count('delivered'));
  count('expired', fate.count('expired'));
  const lastMs = Math.max(0, ...fate.deliveredMs.map((atMs) => atMs - healedMs));
  if (lastMs === 0) world.violate('coverage', 'no message waited for the heal');
  outcome.figures.push({
    name: 'last delivery after the heal',
    value: Math.round(lastMs / 1_000),
    unit: 's',
    goal: { atMost: calmMs / 1_000 },
  });
  return outcome;
}

/** Each meets the next two of the ring. */
async function befriend(world: World, nodes: SimNode[]): Promise<[SimNode, SimNode][]> {
  const pairs: [SimNode, SimNode][] = [];
  for (const [index, one] of nodes.entries()) {
    for (const step of [1, 2]) {
      const other = nodes[(index + step) % nodes.length]!;
      if (other !== one && acquaint(one, other)) pairs.push([one, other]);
    }
  }
  await world.runFor(2 * minuteMs);
  return pairs;
}

/** In two halves, or in one direction only, between random ones. */
function cut(world: World, nodes: SimNode[], round: number): void {
  const random = world.stream(`cut/${round}`);
  const some = random.sample(nodes, Math.ceil(nodes.length / 2));
  const rest = nodes.filter((node) => !some.includes(node));
  if (round % 3 === 2) world.cutOneWay(some, rest);
  else world.partition(some, rest);
}

function talk(world: World, [one, other]: [SimNode, SimNode], mark: string): void {
  const random = world.stream(`talk/${mark}`);
  for (let count = 0; count < messagesPerRound; count++) {
    const [from, to] = random.chance(0.5) ? [one, other] : [other, one];
    const ttlMs = random.chance(0.1) ? 60_000 : undefined;
    const text = `${mark}.${count}`;
    world.after(random.between(0, 3 * minuteMs), () => say(from, { to: to.name, text, ttlMs }));
  }
}
