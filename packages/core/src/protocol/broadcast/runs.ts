/** Names of single messages, joined to runs and packed into frames. */
import { broadcastIdsMax, broadcastRunMax, type BroadcastId } from '../../wire/broadcast-ids.ts';

interface Named {
  name: string;
  handle: Uint8Array;
  sequence: number;
}

/** The fewest runs that name exactly these messages, each once; by author, newest first. */
export function joinRuns(messages: Named[]): BroadcastId[] {
  if (messages.length === 1) {
    const { handle, sequence } = messages[0]!;
    return [{ handle, sequence, run: 0 }];
  }
  const byAuthor = new Map<string, { handle: Uint8Array; sequences: number[] }>();
  for (const { name, handle, sequence } of messages) {
    const ofAuthor = byAuthor.get(name);
    if (ofAuthor === undefined) byAuthor.set(name, { handle, sequences: [sequence] });
    else ofAuthor.sequences.push(sequence);
  }
  const ids: BroadcastId[] = [];
  for (const { handle, sequences } of byAuthor.values()) {
    let last: BroadcastId | undefined;
    for (const sequence of sequences.sort((a, b) => b - a)) {
      const below = last === undefined ? 0 : last.sequence - last.run - sequence;
      if (last !== undefined && below === 0) continue;
      if (last !== undefined && below === 1 && last.run < broadcastRunMax) last.run++;
      else ids.push((last = { handle, sequence, run: 0 }));
    }
  }
  return ids;
}

/** As many as fit into each frame; no frame for none. */
export function packed(ids: BroadcastId[]): BroadcastId[][] {
  const frames: BroadcastId[][] = [];
  for (let at = 0; at < ids.length; at += broadcastIdsMax) frames.push(ids.slice(at, at + broadcastIdsMax));
  return frames;
}
