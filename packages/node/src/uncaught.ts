/** Whose error it is when nobody caught one. */

// What reads and writes connections; what a remote sends can bring out a mistake of theirs.
const connectionLibraries = /[\\/]node_modules[\\/](?:@?libp2p|@chainsafe|@multiformats|ws)[\\/]/;
// Where such an error would mean that our own state is in doubt.
const ownRooms = /[\\/]packages[\\/](?:core|api|node[\\/]src[\\/](?:driver|storage|keychain|local-api))[\\/]/;

/**
 * Whether an error came out of a connection's libraries alone. Then a remote raised it, its connection is lost, and
 * the node goes on: nobody may end a node from afar. The Peer and the disk never stand on that stack.
 */
export function isOfConnection(error: unknown): boolean {
  if (!(error instanceof Error) || error.stack === undefined) return false;
  return connectionLibraries.test(error.stack) && !ownRooms.test(error.stack);
}
