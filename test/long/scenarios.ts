/** Every scenario of the simulator with its own number of peers; each step is one, in a process of its own. */
import { startSim } from '@kith/sim/main';
import { scenarios } from '@kith/sim/scenarios/all';
import type { LongPart } from './part.ts';

const names = Object.keys(scenarios);

export const part: LongPart = {
  about: 'every story of the simulator: no rule of the protocols is broken, every goal is reached',
  steps: names.length,
  step: async (index) => {
    const name = names[index];
    let told = '';
    const options = { peers: undefined, seed: undefined, report: undefined, list: false, fresh: false };
    const code = await startSim(
      { ...options, scenario: name, json: true, twice: false },
      { stdout: { write: (text) => (told += text) } },
    );
    if (code !== 0) throw new Error(`again: npm run sim -- --scenario ${name}: ${told.slice(0, 2_000)}`);
    return { scenarios: 1 };
  },
};
