/** A subnet full of adversaries floods a network with records of a hundred nodes for each honest one. */
import { expectKinds } from '../checkers/coverage.ts';
import { ForgedCrowd, recordOf } from '../hostile/forged-crowd.ts';
import { HostileNode } from '../hostile/hostile-node.ts';
import { type Attack, pressing, type Victim, welcoming } from '../hostile/presser.ts';
import type { Scenario, ScenarioOutcome, ScenarioRequest } from '../scenario.ts';
import { Crowd } from './crowd.ts';

const secondMs = 1_000;
const minuteMs = 60_000;
/** Its addresses are those of no honest node. */
const subnet = '203.5.5';
const recordsEach = 100;
/** The flood that is asked for, in a network large enough to be pushed so many. */
const recordsAsked = 100_000;
const manyPeers = 300;
/** The others of the subnet answer whoever dials them: as many as it has room for, but no more than honest nodes. */
const pushersMax = 20;
const hostileMax = 250;
const everyMs = 20 * secondMs;
const floodMs = 3 * minuteMs;
/** Of what is named, this share is somebody that answers. */
const liveShare = 0.2;

export const sybil: Scenario = {
  name: 'sybil',
  summary:
    'Adversaries of one subnet (/24) flood a network with 100,000 false records, in a small one a hundred for each node.',
  peers: { default: 300, min: 24, max: 5_000 },
  inTest: { peers: 24, seeds: [1] },
  megabytes: 4_096,
  run,
};

async function run(request: ScenarioRequest): Promise<ScenarioOutcome> {
  const crowd = await Crowd.in(request);
  const { world, neighbours, drawing } = crowd;
  await crowd.gather(request.peers, [0, 0.4]);
  crowd.state('in one part before', neighbours.parts().largest, 'share', { atLeast: 1 });
  drawing.look('settled');
  const flood = new Flood(crowd, request.peers);
  let least = 1;
  for (let step = 1; step <= 10; step++) {
    await crowd.pass(floodMs / 10, [0.4 + 0.04 * (step - 1), 0.4 + 0.04 * step], 'flooded');
    least = Math.min(least, flood.honestShare());
  }
  drawing.look('flooded');
  crowd.state('different records pushed', flood.records.made, 'records', {
    atLeast: recordsFor(request.peers),
  });
  crowd.state('records pushed', flood.records.given, 'records');
  crowd.state('honest share of active views', flood.honestShare(), 'share', { atLeast: 0.8 });
  crowd.state('honest share at its least', least, 'share', { atLeast: 0.8 });
  crowd.state('smallest honest share of a node', flood.smallestShare(), 'share');
  crowd.bounds.check();
  crowd.state('records a node holds at most', crowd.bounds.largest.get('records') ?? 0, 'records');
  crowd.state('in one part, flooded', neighbours.parts().largest, 'share', { atLeast: 1 });
  const { share, last } = await crowd.writeWithin([world.nodes]);
  crowd.state('broadcasts arrive', share, 'share', { atLeast: 1 });
  expectKinds(world, ['in/linkUp', 'in/linkDown', 'out/dial', 'out/broadcast']);
  const spread = last === undefined ? [] : crowd.trail.spread(last);
  return { ...world.outcome(), figures: crowd.figures, snapshots: drawing.snapshots, spread };
}

function recordsFor(peers: number): number {
  return Math.max(recordsEach * peers, peers < manyPeers ? 0 : recordsAsked);
}

class Flood {
  readonly records: ForgedCrowd;
  readonly #crowd: Crowd;

  constructor(crowd: Crowd, peers: number) {
    this.#crowd = crowd;
    const { world } = crowd;
    const { backend, startWallMs: wallMs } = world;
    const random = world.stream('flood');
    this.records = new ForgedCrowd({ backend, random, subnet, count: recordsFor(peers), wallMs });
    const kind: HostileNode[] = [];
    const own = new Map<HostileNode, ReturnType<typeof recordOf>>();
    const victims = world.nodes.map((node): Victim => ({ id: node.peerId!, addresses: node.addresses }));
    const attack: Attack = {
      victims: () => victims,
      kin: () => (random.chance(liveShare) ? own.get(random.pick(kind))! : this.records.next()),
      own: (self) => own.get(self)!,
      everyMs,
    };
    for (let number = 0; number < Math.min(hostileMax, peers); number++) {
      const behaviour = number < pushersMax ? pressing(attack) : welcoming(attack);
      const node = new HostileNode(world, behaviour, { number, subnet });
      kind.push(node);
      own.set(node, recordOf(node));
    }
    for (const node of kind) node.start();
  }

  /** Of all neighbours of all nodes in the overlay of everybody. */
  honestShare(): number {
    const { world, everybody } = this.#crowd;
    const all = world.nodes.reduce((sum, node) => sum + everybody.sizeOf(node), 0);
    const honest = world.nodes.reduce((sum, node) => sum + everybody.of(node).length, 0);
    return honest / Math.max(1, all);
  }

  smallestShare(): number {
    const { world, everybody } = this.#crowd;
    const shares = world.nodes.map((node) => everybody.of(node).length / Math.max(1, everybody.sizeOf(node)));
    return Math.min(...shares);
  }
}
