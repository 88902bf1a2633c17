/** Somebody watches a network and switches off whoever is best connected, again and again, faster than it heals. */
import { expectKinds } from '../checkers/coverage.ts';
import type { Scenario, ScenarioOutcome, ScenarioRequest } from '../scenario.ts';
import type { SimNode } from '../world/sim-node.ts';
import { Crowd } from './crowd.ts';
import { acquaintedParts } from './knowledge.ts';

const minuteMs = 60_000;
const share = 0.3;
/** All of them within this: at a thousand nodes one a second. */
const huntMs = 5 * minuteMs;
const mendMs = 3 * minuteMs;
const healMs = 10 * minuteMs;
const looks = 5;

export const hunted: Scenario = {
  name: 'hunted',
  summary: 'The best-connected 30 % of a network are switched off one by one as they emerge.',
  peers: { default: 300, min: 24, max: 10_000 },
  inTest: { peers: 30, seeds: [1] },
  megabytes: 4_096,
  run,
};

async function run(request: ScenarioRequest): Promise<ScenarioOutcome> {
  const crowd = await Crowd.in(request);
  const { world, neighbours, drawing } = crowd;
  await crowd.gather(request.peers, [0, 0.3]);
  crowd.state('in one part before', neighbours.parts().largest, 'share', { atLeast: 1 });
  drawing.look('settled');
  const victims = Math.round(request.peers * share);
  let smallest = 1;
  for (let index = 0; index < victims; index++) {
    const best = bestConnected(crowd);
    world.kill([best], index % 2 === 0 ? 'goes' : 'stays');
    smallest = Math.min(smallest, neighbours.parts().largest);
    if (index % Math.ceil(victims / looks) === 0 && index > 0) drawing.look(`${index} are gone`);
    const done = 0.3 + (0.4 * index) / victims;
    await crowd.pass(huntMs / victims, [done, done], 'hunting');
  }
  drawing.look('the hunt is over');
  crowd.state('largest part at its smallest', smallest, 'share');
  crowd.state('in one part at the end of the hunt', neighbours.parts().largest, 'share');
  const parts = acquaintedParts(world);
  crowd.state('hang together by whom they know', parts[0]!.length / (request.peers - victims), 'share');
  crowd.state('in one part again after', await crowd.untilWhole(healMs), 'ms');
  await crowd.pass(mendMs, [0.7, 0.9], 'mending');
  crowd.state('in one part after healing', neighbours.parts().largest, 'share');
  const { share: arrived, last } = await crowd.writeWithin(parts);
  crowd.state('broadcasts reach whoever knew a live node', arrived, 'share', { atLeast: 1 });
  drawing.look('healed');
  crowd.bounds.check();
  expectKinds(world, ['in/linkUp', 'in/linkDown', 'in/dialFailed', 'out/dial', 'out/broadcast']);
  const spread = last === undefined ? [] : crowd.trail.spread(last);
  return { ...world.outcome(), figures: crowd.figures, snapshots: drawing.snapshots, spread };
}

/** By how many neighbours it has in both overlays, then by its links; of equal ones anybody. */
function bestConnected({ world, neighbours, everybody }: Crowd): SimNode {
  const chance = world.stream(`hunt/${world.nowMs}`);
  let best: SimNode | undefined;
  let most = -1;
  for (const node of chance.sample(world.nodes, world.nodes.length)) {
    if (!node.up) continue;
    const live = new Set([...neighbours.of(node), ...everybody.of(node)].filter(({ up }) => up));
    const weight = live.size * 1_000 + (node.network?.size ?? 0);
    if (weight > most) [best, most] = [node, weight];
  }
  return best!;
}
