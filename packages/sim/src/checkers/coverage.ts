/** A run in which something expected never occurred proves nothing, and fails. */
import type { World } from '../world/world.ts';

/** @param kinds - as in `Figures.all`: `in/linkDown`, `out/send`, `event/message`, `store/addLedger`. */
export function expectKinds(world: World, kinds: readonly string[]): void {
  const all = world.figures.all();
  for (const kind of kinds) {
    if (!all.has(kind)) world.violate('coverage', `${kind} never occurred`);
  }
}

/** What occurs wherever people meet and talk. */
export const talkKinds: readonly string[] = [
  'in/listening',
  'in/linkUp',
  'in/frame',
  'in/flushed',
  'in/wake',
  'in/command',
  'out/store',
  'out/send',
  'out/dial',
  'out/answer',
  'out/event',
  'out/storageKey',
  'event/peer',
  'event/contact',
  'event/message',
  'event/state',
  'store/putMessage',
  'store/setMessageState',
  'store/putAck',
];
