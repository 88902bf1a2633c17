/** A network at rest: nobody writes, nobody comes or goes. What it does then it does for ever, on every battery. */
import { expectKinds } from '../checkers/coverage.ts';
import type { Scenario, ScenarioOutcome, ScenarioRequest } from '../scenario.ts';
import type { World } from '../world/world.ts';
import { Crowd } from './crowd.ts';

const minuteMs = 60_000;
/** After it hardly anybody changes neighbours any more. */
const calmMs = 5 * minuteMs;
const measuredMs = 10 * minuteMs;

export const idle: Scenario = {
  name: 'idle',
  summary: 'Nodes that have found each other and have nothing to say: what a network at rest costs.',
  peers: { default: 300, min: 24, max: 10_000 },
  inTest: { peers: 30, seeds: [1] },
  megabytes: 2_048,
  run,
};

/** A crowd that has come to rest, after eight virtual minutes. Also for those who measure what rest costs a processor. */
export async function crowdAtRest(request: ScenarioRequest): Promise<Crowd> {
  const crowd = await Crowd.plain(request);
  await crowd.gather(request.peers, [0, 0.6]);
  await crowd.pass(calmMs, [0.6, 0.8], 'coming to rest');
  return crowd;
}

async function run(request: ScenarioRequest): Promise<ScenarioOutcome> {
  const crowd = await crowdAtRest(request);
  const { world, drawing } = crowd;
  drawing.look('at rest');
  const before = countsOf(world);
  await crowd.pass(measuredMs, [0.8, 1], 'resting');
  const after = countsOf(world);
  const rate = (what: keyof Counts): number =>
    (after[what] - before[what]) / request.peers / (measuredMs / 1_000);
  crowd.state('events of a node', rate('inputs'), 'a second', { atMost: 1.5 });
  crowd.state('frames to a node', rate('frames'), 'a second');
  crowd.state('wakes of a node', rate('wakes'), 'a second', { atMost: 0.6 });
  crowd.state('links that come to a node', rate('links'), 'a second');
  crowd.state('writes of a node', rate('writes'), 'a second');
  crowd.state('sent by a node', rate('bytes'), 'bytes/s', { atMost: 500 });
  crowd.state('in one part', crowd.neighbours.parts().largest, 'share', { atLeast: 1 });
  crowd.bounds.check();
  expectKinds(world, ['in/linkUp', 'in/frame', 'in/wake', 'out/send']);
  return { ...world.outcome(), figures: crowd.figures, snapshots: drawing.snapshots };
}

interface Counts {
  inputs: number;
  frames: number;
  wakes: number;
  links: number;
  writes: number;
  bytes: number;
}

function countsOf({ figures, internet }: World): Counts {
  const all = figures.all();
  return {
    inputs: figures.inputs,
    frames: all.get('in/frame') ?? 0,
    wakes: all.get('in/wake') ?? 0,
    links: all.get('in/linkUp') ?? 0,
    writes: all.get('out/store') ?? 0,
    bytes: internet.sentBytes.reduce((sum, each) => sum + each, 0),
  };
}
