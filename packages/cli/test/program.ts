/** The command line as a process of its own. In place of a node it prints what the node was asked for. */
import { run } from '../src/main.ts';

process.exitCode = await run(process.argv.slice(2), {
  startNode: async (options) => {
    process.stdout.write(`${JSON.stringify(options)}\n`);
    return await Promise.resolve(options.name === 'Trouble' ? 1 : 0);
  },
});
