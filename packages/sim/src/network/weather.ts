/** What befalls frames on their way. Every chance is for each frame. */
import type { Stream } from '../world/chance.ts';

export interface Weather {
  /** Of the latency: 0.2 adds up to 20 %. */
  jitter: number;
  /** The stream waits until a segment was sent again: nothing is missing, everything is late. */
  lossDelay: number;
  /** Frames that never come, as carriers may one day lose them. Not the frames by which a link lives. */
  lose: number;
  /** Frames that come twice. */
  repeat: number;
  /** Up to this much more delay, so that frames overtake each other. 0 keeps the order. */
  reorderMs: number;
  /** Frames with one bit flipped: comes before the frame itself. */
  damage: number;
}

export const fairWeather: Weather = { jitter: 0, lossDelay: 0, lose: 0, repeat: 0, reorderMs: 0, damage: 0 };

/** TCP waits at least this long before it sends again (RFC 6298 recommends a second, systems take 0.2 s). */
const resendMsMinDefault = 200;

/** How much longer than its latency a frame takes. */
export function lateness(
  weather: Weather,
  way: { readonly latencyMs: number; readonly resendMsMin?: number },
  random: Stream,
): number {
  const { latencyMs, resendMsMin = resendMsMinDefault } = way;
  let lateMs = weather.jitter === 0 ? 0 : latencyMs * weather.jitter * random.next();
  if (weather.lossDelay > 0) {
    let resendMs = Math.max(resendMsMin, latencyMs * 2);
    for (let tries = 0; tries < 6 && random.chance(weather.lossDelay); tries++) {
      lateMs += resendMs;
      resendMs *= 2;
    }
  }
  return lateMs;
}

/** The frame with one bit flipped, never in its type. */
export function damaged(frame: Uint8Array, random: Stream): Uint8Array {
  const copy = Uint8Array.from(frame);
  if (copy.length < 2) return copy;
  const at = 1 + random.below(copy.length - 1);
  copy[at] = copy[at]! ^ (1 << random.below(8));
  return copy;
}
