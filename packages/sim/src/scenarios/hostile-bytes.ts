/** Friends write to each other among adversaries who say nonsense, damage, repeat and hold back. */
import { talkKinds } from '../checkers/coverage.ts';
import { Judges } from '../checkers/judges.ts';
import { babbler, parrot } from '../hostile/garbage.ts';
import { HostileNode } from '../hostile/hostile-node.ts';
import { damaging, replaying } from '../hostile/liars.ts';
import { fairWeather } from '../network/weather.ts';
import type { Scenario, ScenarioOutcome, ScenarioRequest } from '../scenario.ts';
import type { SimNode } from '../world/sim-node.ts';
import { createWorld, type World } from '../world/world.ts';
import { acquaint, say } from './acquaint.ts';

const minuteMs = 60_000;
const stormMs = 10 * minuteMs;
const calmMs = 40 * minuteMs;

export const hostileBytes: Scenario = {
  name: 'hostile-bytes',
  summary:
    'A quarter of the nodes say nonsense, another changes what it says: nobody crashes, believes it or loses a message.',
  peers: { default: 24, min: 8, max: 400 },
  inTest: { peers: 12, seeds: [1, 2] },
  run,
};

async function run(request: ScenarioRequest): Promise<ScenarioOutcome> {
  const { peers, seed } = request;
  const world = await createWorld({ seed });
  const judges = new Judges(world);
  world.weather = { ...fairWeather, jitter: 0.2, damage: 0.01, repeat: 0.01, reorderMs: 50 };
  const hostile = Math.floor(peers / 4);
  const nodes = Array.from({ length: peers - hostile }, (_, index) => world.addNode({ name: `p${index}` }));
  await world.runFor(2_000);
  for (const [index, node] of nodes.entries()) acquaint(node, nodes[(index + 1) % nodes.length]!);
  await world.runFor(2 * minuteMs);
  const targets = nodes.map((node) => node.addresses);
  const adversaries = Array.from({ length: hostile }, (_, number) => {
    const behaviour = number % 2 === 0 ? babbler(targets) : parrot(targets);
    return new HostileNode(world, behaviour, { number, junk: judges.junk });
  });
  for (const adversary of adversaries) adversary.start();
  for (const node of nodes.slice(0, hostile)) node.tamper(lying(world, node));
  for (const [index, node] of nodes.entries())
    talk(world, [node, nodes[(index + 1) % nodes.length]!], String(index));
  await world.runFor(stormMs, (done) => request.progress(0.6 * done, 'among adversaries'));
  for (const adversary of adversaries) adversary.stop();
  for (const node of nodes) node.tamper(undefined);
  world.weather = fairWeather;
  await world.runFor(calmMs, (done) => request.progress(0.6 + 0.4 * done, 'calm'));
  judges.finish([...talkKinds, 'in/linkDown', 'log/warn/malformed-frame']);
  if (judges.bytes.refused === 0) world.violate('coverage', 'no hostile frame reached anybody');
  const outcome = world.outcome();
  outcome.figures.push(
    { name: 'hostile frames refused', value: judges.bytes.refused, unit: 'frames', goal: { atLeast: 1 } },
    { name: 'accepted', value: judges.fate.accepted.length, unit: 'messages', goal: undefined },
    { name: 'delivered', value: judges.fate.count('delivered'), unit: 'messages', goal: undefined },
  );
  return outcome;
}

function lying(world: World, node: SimNode): ReturnType<typeof replaying> {
  const random = world.stream(`liar/${node.index}`);
  if (node.index % 2 === 0) return replaying(random, 2);
  return damaging(random, 0.2, 'envelope', 'handshake', 'request', 'bundleOffer', 'confirm');
}

function talk(world: World, [one, other]: [SimNode, SimNode], mark: string): void {
  const random = world.stream(`talk/${mark}`);
  for (let count = 0; count < 10; count++) {
    const [from, to] = random.chance(0.5) ? [one, other] : [other, one];
    world.after(random.between(0, stormMs), () => say(from, { to: to.name, text: `${mark}.${count}` }));
  }
}
