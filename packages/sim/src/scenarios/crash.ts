/** Friends write to each other while processes are killed and the power goes, also in the middle of a commit. */
import { Judges } from '../checkers/judges.ts';
import { talkKinds } from '../checkers/coverage.ts';
import { fairWeather } from '../network/weather.ts';
import type { Scenario, ScenarioOutcome, ScenarioRequest } from '../scenario.ts';
import type { SimNode } from '../world/sim-node.ts';
import { createWorld, type World } from '../world/world.ts';
import { acquaint, say } from './acquaint.ts';

const minuteMs = 60_000;
const rounds = 8;
const calmMs = 40 * minuteMs;

export const crash: Scenario = {
  name: 'crash',
  summary:
    'Processes are killed and the power goes, also within a commit: what was confirmed is there and arrives.',
  peers: { default: 12, min: 4, max: 200 },
  // The last: struck at the end of a round, one lost its power in the calm.
  inTest: { peers: 8, seeds: [1, 2, 3, 4_012_031_934] },
  run,
};

async function run(request: ScenarioRequest): Promise<ScenarioOutcome> {
  const { peers, seed } = request;
  const world = await createWorld({ seed });
  const judges = new Judges(world);
  world.weather = { ...fairWeather, jitter: 0.3, lossDelay: 0.02 };
  const nodes = Array.from({ length: peers }, (_, index) =>
    world.addNode({ name: `p${index}`, lan: index < peers / 2 ? 'home' : 'office' }),
  );
  await world.runFor(2_000);
  for (const [index, node] of nodes.entries()) acquaint(node, nodes[(index + 1) % nodes.length]!);
  await world.runFor(2 * minuteMs);
  let crashes = 0;
  for (let round = 0; round < rounds; round++) {
    for (const [index, node] of nodes.entries()) {
      write(world, [node, nodes[(index + 1) % nodes.length]!], `${round}.${index}`);
      crashes += strike(world, node, round);
    }
    await world.runFor(2 * minuteMs);
    for (const node of nodes) node.start();
    request.progress((0.8 * (round + 1)) / rounds, `round ${round + 1} of ${rounds}`);
  }
  // Whoever was struck and has made no commit since loses the power now: in the calm nobody starts it again.
  for (const node of nodes) {
    node.start();
    if (node.disk.torn === undefined) continue;
    node.crash('goes');
    node.start();
  }
  await world.runFor(calmMs, (done) => request.progress(0.8 + 0.2 * done, 'calm'));
  judges.finish([...talkKinds, 'in/linkDown', 'in/lanLost']);
  const outcome = world.outcome();
  const figure = (name: string, value: number, unit: string): void =>
    void outcome.figures.push({ name, value, unit, goal: undefined });
  figure('crashes', crashes, 'crashes');
  figure('accepted', judges.fate.accepted.length, 'messages');
  figure('delivered', judges.fate.count('delivered'), 'messages');
  return outcome;
}

function write(world: World, [one, other]: [SimNode, SimNode], mark: string): void {
  const random = world.stream(`write/${mark}`);
  for (let count = 0; count < 4; count++) {
    const [from, to] = random.chance(0.5) ? [one, other] : [other, one];
    const text = `${mark}.${count}`;
    world.after(random.between(0, 90_000), () => say(from, { to: to.name, text }));
  }
}

/** @returns whether that node is struck in this round. */
function strike(world: World, node: SimNode, round: number): number {
  const random = world.stream(`strike/${round}/${node.index}`);
  if (!random.chance(0.4)) return 0;
  const how = random.below(4);
  world.after(random.between(5_000, 90_000), () => {
    if (how === 0) node.crash('stays');
    else if (how === 1) node.crash('goes');
    else node.crashInCommit(how === 2 ? 'before it is durable' : 'before it is confirmed');
  });
  if (random.chance(0.5)) world.after(random.between(90_000, 110_000), () => node.start());
  return 1;
}
