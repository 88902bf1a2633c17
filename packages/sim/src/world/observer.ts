/** What checkers may see of a world. Nobody who watches can change it. */
import type { StoreWrite } from '@kith/core/base/store';
import type { PeerInput, PeerOutput } from '@kith/core/peer/contract';
import type { SimNode } from './sim-node.ts';

export interface Observer {
  /** Before a Peer handles it. */
  input?(node: SimNode, input: PeerInput): void;
  /** What the Peer said to it, or, without an input, at the end of its batch. Not yet durable, not yet let out. */
  said?(node: SimNode, input: PeerInput | undefined, outputs: readonly PeerOutput[]): void;
  /** A transaction became durable. */
  committed?(node: SimNode, writes: readonly StoreWrite[]): void;
  /** A line for the log of the node. */
  logged?(
    node: SimNode,
    line: { level: string; code: string; detail: Record<string, string | number> },
  ): void;
  /** A command was answered. */
  answered?(node: SimNode, command: { name: string; input: object; out: object }): void;
  /** A broadcast reached the node, after its commit. */
  broadcast?(node: SimNode, broadcast: Extract<PeerOutput, { type: 'broadcast' }>): void;
  started?(node: SimNode): void;
  /** The process is gone: `crash` without a word, `stop` in order. */
  ended?(node: SimNode, how: 'crash' | 'stop'): void;
}
