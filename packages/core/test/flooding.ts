/** Pure flooding, which nothing is faster than: what the broadcast machine is measured beside. */
import { Agenda } from './agenda.ts';
import type { BroadcastWorld } from './broadcast-world.ts';

/** How long pure flooding takes to reach this share of all nodes in the same graph; ms, one figure a message. */
export function floodingMs(world: BroadcastWorld, author: number, share: number): number {
  const { random, options } = world;
  const agenda = new Agenda();
  const reached = new Uint8Array(world.nodes.length);
  let left = Math.ceil(share * world.nodes.length);
  let nowMs = 0;
  const reach = (number: number, from: number): void => {
    if (reached[number] === 1) return;
    reached[number] = 1;
    left--;
    for (const { ends, latencyMs } of world.nodes[number]!.links.values()) {
      const to = ends[0] === number ? ends[1] : ends[0];
      if (to === from) continue;
      const tookMs = latencyMs * (1 + options.jitter * (2 * random.next() - 1));
      agenda.push(nowMs + tookMs, () => reach(to, number));
    }
  };
  reach(author, author);
  while (left > 0) {
    const event = agenda.peek();
    if (event === undefined) return Infinity;
    agenda.pop();
    nowMs = event.atMs;
    event.act();
  }
  return nowMs;
}
