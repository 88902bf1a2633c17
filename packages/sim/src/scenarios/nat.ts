/** Most nodes are at home, behind a router that lets nobody in: they choose their neighbours among the few who can be dialled. */
import { expectKinds } from '../checkers/coverage.ts';
import { quantile } from '../graph.ts';
import type { NatKind } from '../network/nat.ts';
import type { Scenario, ScenarioOutcome, ScenarioRequest } from '../scenario.ts';
import { Crowd } from './crowd.ts';

const minuteMs = 60_000;
/** Four of five, of whatever kind: without relays they all can only dial out. */
const hiddenShare = 0.8;
const kinds: readonly NatKind[] = ['forwarded', 'full-cone', 'restricted', 'port-restricted', 'symmetric'];
const growthMs = minuteMs;

export const nat: Scenario = {
  name: 'nat',
  summary: 'Four of five nodes are behind NAT and cannot be dialled: they are neighbours of those who can.',
  peers: { default: 300, min: 20, max: 2_000 },
  inTest: { peers: 30, seeds: [1] },
  megabytes: 2_048,
  run,
};

async function run(request: ScenarioRequest): Promise<ScenarioOutcome> {
  const crowd = await Crowd.in(request);
  const { world, neighbours, everybody, drawing } = crowd;
  const chance = world.stream('growth');
  const hidden = Math.round(request.peers * hiddenShare);
  for (let index = 0; index < request.peers; index++) {
    const isHidden = index >= 3 && index < hidden + 3;
    const atMs = index < 3 ? 0 : chance.between(2_000, growthMs);
    world.after(atMs, () => crowd.join(isHidden ? { nat: chance.pick(kinds) } : {}));
  }
  await crowd.pass(growthMs, [0, 0.3], 'gathering');
  await crowd.pass(2 * minuteMs, [0.3, 0.6], 'settling');
  drawing.look('settled');
  for (const [words, views] of [
    ['everybody', everybody],
    ['the topic', neighbours],
  ] as const) {
    const sizes = world.nodes.map((node) => views.sizeOf(node));
    crowd.state(`in one part, ${words}`, views.parts().largest, 'share', { atLeast: 1 });
    crowd.state(`neighbours at the median, ${words}`, quantile(sizes, 0.5), 'nodes');
    crowd.state(`fewest neighbours, ${words}`, Math.min(...sizes), 'nodes', { atLeast: 1 });
    crowd.state(`most neighbours, ${words}`, Math.max(...sizes), 'nodes', { atMost: 24 });
  }
  const { share, last } = await crowd.writeWithin([world.nodes]);
  crowd.state('broadcasts reach everybody', share, 'share', { atLeast: 1 });
  await crowd.pass(minuteMs, [0.9, 1], 'at rest');
  crowd.bounds.check();
  expectKinds(world, ['in/linkUp', 'in/frame', 'out/dial', 'out/broadcast']);
  const spread = last === undefined ? [] : crowd.trail.spread(last);
  return { ...world.outcome(), figures: crowd.figures, snapshots: drawing.snapshots, spread };
}
