/** Searches in a key space of many nodes, each with its machine and a full table; then among liars. */
import { keySpaceDefaults } from '@kith/core/protocol/key-space/contract';
import { setImmediate } from 'node:timers/promises';
import { figuresOf, measureSearches } from '../key-space-measure.ts';
import { KeySpaceWorld, stillConfig } from '../key-space-world.ts';
import type { Figure, Scenario, ScenarioOutcome, ScenarioRequest, Violation } from '../scenario.ts';

const searchesMax = 1_000;
const makeTogether = 500;
/** What a table may hold: buckets times entries. */
const entriesMax = keySpaceDefaults.table.bucketsMax * keySpaceDefaults.table.entriesMax;

export const keySpace: Scenario = {
  name: 'key-space',
  summary: 'values are kept and found by nodes that all run, none or 30 % of them hostile',
  peers: { default: 100_000, min: 200, max: 200_000 },
  inTest: { peers: 1_000, seeds: [1] },
  run: (request) => runWorlds(request, true),
};

export const keySpaceMillion: Scenario = {
  name: 'key-space-million',
  summary: 'the same among a million, of which those are made that somebody asks',
  peers: { default: 1_000_000, min: 200, max: 4_000_000 },
  inTest: undefined,
  run: (request) => runWorlds(request, false),
};

async function runWorlds(request: ScenarioRequest, all: boolean): Promise<ScenarioOutcome> {
  const { peers, seed } = request;
  const figures: Figure[] = [];
  const violations: Violation[] = [];
  const searches = Math.min(searchesMax, Math.ceil(peers / 10));
  let traceHash = '';
  let events = 0;
  let virtualMs = 0;
  for (const [index, hostile] of [0, 0.3].entries()) {
    const what = hostile === 0 ? 'none hostile' : '30 % hostile';
    const options = { nodes: peers, seed, hostile, crowded: 0.3, pressing: 0, filled: true };
    const world = new KeySpaceWorld({ ...options, config: stillConfig });
    const startMs = world.nowMs;
    const tell = (done: number): void => request.progress((index + done) / 2, what);
    if (all) await makeAll(world, (done) => tell(done * 0.7));
    const measures = await measureSearches(world, searches, (done) => tell(all ? 0.7 + done * 0.3 : done));
    figures.push(...figuresOf(what, measures), {
      name: `${what}: entries of a table, most`,
      value: world.entriesMost(),
      unit: '',
      goal: { atMost: entriesMax },
    });
    violations.push(...measures.violations);
    traceHash += world.traceHash;
    events += world.events;
    virtualMs += world.nowMs - startMs;
  }
  return { traceHash, events, virtualMs, violations, figures, snapshots: [], spread: [] };
}

async function makeAll(world: KeySpaceWorld, progress: (done: number) => void): Promise<void> {
  const { nodes } = world.options;
  for (let from = 0; from < nodes; from += makeTogether) {
    world.make(from, Math.min(nodes, from + makeTogether));
    progress(from / nodes);
    await setImmediate();
  }
}
