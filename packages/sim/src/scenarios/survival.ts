/** A great part of a network is switched off at once, and those who are left find each other again. */
import { expectKinds } from '../checkers/coverage.ts';
import type { Scenario, ScenarioOutcome, ScenarioParts, ScenarioRequest } from '../scenario.ts';
import { runParts, together } from '../scenario-parts.ts';
import { Crowd } from './crowd.ts';
import { acquaintedParts } from './knowledge.ts';

const minuteMs = 60_000;
const shares = [0.3, 0.5, 0.8, 0.95] as const;
/** So that there is somebody to find, also among few. */
const leftMin = 3;
/** In a place where the power fails nobody says goodbye; elsewhere processes end and their machines close the links. */
const withPower = 0.5;
/** Silence is noticed after 75 s; by then everybody has looked at who is left. */
const mendMs = 3 * minuteMs;
const healMs = 10 * minuteMs;

/** One world for each share: a network that was struck before is another one. */
const parts: ScenarioParts = {
  count: () => shares.length,
  run: async (request, part) => {
    const share = shares[part]!;
    const progress = (done: number, words: string): void =>
      request.progress(done, `${share * 100} %: ${words}`);
    return await strike({ ...request, progress }, share);
  },
  join: (outcomes) => ({ ...together(outcomes), spread: outcomes[2]!.spread }),
};

export const survival: Scenario = {
  name: 'survival',
  summary: '30, 50, 80 and 95 % of a network are switched off at once; those who are left find each other.',
  peers: { default: 300, min: 24, max: 10_000 },
  inTest: { peers: 24, seeds: [1] },
  megabytes: 2_048,
  parts,
  run: async (request) => await runParts(parts, request),
};

async function strike(request: ScenarioRequest, share: number): Promise<ScenarioOutcome> {
  const crowd = await Crowd.in(request);
  const { world, neighbours, drawing } = crowd;
  const of = `${share * 100} % killed`;
  await crowd.gather(request.peers, [0, 0.4]);
  if (share === shares[0]) {
    crowd.state('in one part before', neighbours.parts().largest, 'share', { atLeast: 1 });
    drawing.look('settled');
  }
  const count = Math.min(Math.round(request.peers * share), request.peers - leftMin);
  const victims = world.stream('kill').sample(world.nodes, count);
  const dark = Math.round(victims.length * withPower);
  world.kill(victims.slice(0, dark), 'goes');
  world.kill(victims.slice(dark), 'stays');
  crowd.state(`${of}: in one part at once`, neighbours.parts().largest, 'share');
  drawing.look(of);
  const parts = acquaintedParts(world);
  const left = request.peers - victims.length;
  crowd.state(`${of}: hang together by whom they know`, parts[0]!.length / left, 'share');
  crowd.state(`${of}: in one part again after`, await crowd.untilWhole(healMs), 'ms');
  await crowd.pass(mendMs, [0.4, 0.9], 'mending');
  crowd.state(`${of}: in one part after healing`, neighbours.parts().largest, 'share');
  const { share: arrived, last } = await crowd.writeWithin(parts);
  crowd.state(`${of}: broadcasts reach whoever knew a live node`, arrived, 'share', { atLeast: 1 });
  drawing.look(`${of}, healed`);
  crowd.bounds.check();
  expectKinds(world, ['in/linkUp', 'in/linkDown', 'in/dialFailed', 'out/dial', 'out/broadcast']);
  const spread = last === undefined ? [] : crowd.trail.spread(last);
  return { ...world.outcome(), figures: crowd.figures, snapshots: drawing.snapshots, spread };
}
