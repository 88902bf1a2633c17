/** Real nodes in the hands of an adversary: what they say is changed on its way out. */
import { frameTypes, type FrameType } from '@kith/core/wire/frame-type';
import type { Tamper } from '../network/sim-network.ts';
import { damaged } from '../network/weather.ts';
import type { Stream } from '../world/chance.ts';

/** Damages frames of these types. */
export function damaging(random: Stream, chance: number, ...types: readonly FrameType[]): Tamper {
  const bytes = new Set<number>(types.map((type) => frameTypes[type]));
  return (frame) => (bytes.has(frame[0]!) && random.chance(chance) ? [damaged(frame, random)] : [frame]);
}

/** Says everything again, up to `times` times, and old things too: at most 64 of them are kept. */
export function replaying(random: Stream, times: number): Tamper {
  const heard: Uint8Array[] = [];
  return (frame) => {
    // A link ends when its greeting comes twice: that would be no attack but a farewell.
    if (frame[0] === frameTypes.hello || frame[0] === frameTypes.goodbye) return [frame];
    heard.push(frame);
    if (heard.length > 64) heard.shift();
    return [frame, ...Array.from({ length: random.below(times + 1) }, () => random.pick(heard))];
  };
}
