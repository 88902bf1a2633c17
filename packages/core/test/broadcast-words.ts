/** What a test of one broadcast machine says to it, and how its outputs read. */
import type { LinkId } from '../src/base/ids.ts';
import type { BroadcastOutput } from '../src/protocol/broadcast/broadcast.ts';
import type { BroadcastFrame } from '../src/wire/broadcast.ts';
import type { BroadcastIdsFrame } from '../src/wire/broadcast-ids.ts';
import { decodeFrame } from '../src/wire/frame.ts';

export const topic: Uint8Array = new Uint8Array(16).fill(1);
export const ada: Uint8Array = new Uint8Array(32).fill(1);
export const bob: Uint8Array = new Uint8Array(32).fill(2);
export const eve: Uint8Array = new Uint8Array(32).fill(3);
export const a: LinkId = 1 as LinkId;
export const b: LinkId = 2 as LinkId;
export const c: LinkId = 3 as LinkId;

/** Stands for a signature: the author's key and a sum over the rest. */
export function signed(author: Uint8Array, sequence: number, body: Uint8Array): BroadcastFrame {
  const signature = new Uint8Array(64);
  signature.set(author);
  signature.set([sequence & 255, body.length & 255, body[0]!], 32);
  return { type: 'broadcast', topic, author, sequence, signature, body };
}

export function text(value: number, length: number = 300): Uint8Array {
  return new Uint8Array(length).fill(value);
}

/** `1 digest 01:7` is a digest on link 1 about author 01's seventh. */
export function said(output: BroadcastOutput): string {
  switch (output.type) {
    case 'send': {
      const frame = decodeFrame(output.frame) as BroadcastFrame | BroadcastIdsFrame;
      if (frame.type === 'broadcast') return `${output.link} broadcast ${frame.author[0]}:${frame.sequence}`;
      const ids = frame.ids.map(({ handle, sequence, run }) => {
        return `${handle[0]}:${run === 0 ? '' : `${sequence - run}-`}${sequence}`;
      });
      return `${output.link} ${frame.type} ${ids.join(' ')}`;
    }
    case 'received':
      return `received ${output.author[0]}:${output.sequence} from ${output.link}`;
    case 'misbehaved':
      return `misbehaved ${output.link}`;
    case 'equivocation':
    case 'refused':
      return output.type;
  }
}
