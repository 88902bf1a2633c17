/**
 * The program: joins the command line to the node, which is loaded only by the command that runs one. Everything is
 * imported after the compile cache is on, because only what is compiled later is taken from it.
 */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// bin/kith has it on already; this is for whoever runs this file alone. Within the checkout, not in the system's
// temporary folder, where others could leave code for us to run.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/kith'));

const { run } = await import('@kith/cli/main');
const code = await run(process.argv.slice(2), {
  startNode: async (options) => (await import('@kith/node/main')).startNode(options),
  startSim: async (options) => (await import('@kith/sim/main')).startSim(options),
  simScenarios: async () => (await import('@kith/sim/main')).scenarioNames,
});
// Everything of ours is closed; a timer that libp2p leaves behind would hold the process for another second.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
