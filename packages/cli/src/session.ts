/** A command's connection to the running node. */
import { connect, type ApiClient, type Connection } from '@kith/api/client';
import { dataFolder } from '@kith/api/data-folder';
import type { CliContext, CommonFlags } from './context.ts';

/** Connects, works, and hangs up whatever happens. Failures are told by `run`. */
export async function withNode<Out>(
  context: CliContext,
  flags: CommonFlags,
  work: (api: ApiClient) => Promise<Out>,
): Promise<Out> {
  const connection = await open(context, flags, false);
  try {
    return await work(connection.api);
  } finally {
    await connection.close();
  }
}

/** The same for commands that outlive the node's restarts. The talk of coming and going is theirs. */
export async function withLastingNode<Out>(
  context: CliContext,
  flags: CommonFlags,
  work: (api: ApiClient) => Promise<Out>,
): Promise<Out> {
  const connection = await open(context, flags, true);
  try {
    return await work(connection.api);
  } finally {
    await connection.close();
  }
}

async function open(context: CliContext, flags: CommonFlags, reconnect: boolean): Promise<Connection> {
  return await connect({
    target: { data: dataFolder(flags.data, context.environment) },
    reconnect,
    onChange: (isConnected) => {
      if (!reconnect) return;
      context.output.talk(isConnected ? 'The node is back.' : 'The node went away. Waiting for it.');
    },
  });
}
