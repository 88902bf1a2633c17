/** The command line as a process of its own. In place of a node, or of the simulator, it prints what they were asked for. */
import { run } from '../src/main.ts';

process.exitCode = await run(process.argv.slice(2), {
  startNode: async (options) => {
    process.stdout.write(`${JSON.stringify(options)}\n`);
    return await Promise.resolve(options.name === 'Trouble' ? 1 : 0);
  },
  startSim: async (options) => {
    process.stdout.write(`${JSON.stringify(options)}\n`);
    return await Promise.resolve(options.seed === 13 ? 1 : 0);
  },
  simScenarios: async () => await Promise.resolve(['overlay', 'outage']),
});
