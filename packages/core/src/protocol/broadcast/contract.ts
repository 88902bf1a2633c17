/** What the broadcast machine is given, and what it says. */
import type { LinkId } from '../../base/ids.ts';
import type { Random } from '../../base/random.ts';
import type { BroadcastFrame } from '../../wire/broadcast.ts';
import type { WireClass } from '../../wire/frame.ts';
import type { BroadcastConfig } from './config.ts';

export type BroadcastFields = Omit<BroadcastFrame, 'type'>;

export interface BroadcastParts {
  config: BroadcastConfig;
  random: Random;
  /** Whether the author signed exactly this. Dear: asked once a message, and for each copy that differs. */
  verify: (fields: BroadcastFields) => boolean;
}

export type TopicOutput =
  | { type: 'send'; link: LinkId; class: WireClass; frame: Uint8Array }
  /** Once a message, of others only. The bytes are shared: nobody may change them. `link` is where it came from. */
  | {
      type: 'received';
      topic: Uint8Array;
      author: Uint8Array;
      sequence: number;
      body: Uint8Array;
      link: LinkId;
    }
  /** No honest neighbour does that. */
  | { type: 'misbehaved'; link: LinkId; reason: 'forged broadcast' }
  /** Two frames, both signed by the author, with other contents under one sequence. Said once an author. */
  | { type: 'equivocation'; topic: Uint8Array; author: Uint8Array; first: Uint8Array; second: Uint8Array };

export interface BroadcastFigures {
  neighbours: number;
  authors: number;
  heldMessages: number;
  heldBytes: number;
  missing: number;
}
