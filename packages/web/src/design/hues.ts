/** The twelve hues of people and of the app's accent. Their colours are in tokens.css. */
import { huesCount } from '@kith/api/settings-shapes';

/** The app's own accent. */
export const ownHue = 8;

/**
 * @param hue - What the person chose; null: the one that follows from the id, so that everybody has a colour at once and
 *   the same one on every device.
 * @returns 0 to `huesCount` - 1.
 */
export function hueOf(hue: number | null | undefined, id: string): number {
  if (hue !== null && hue !== undefined && hue >= 0 && hue < huesCount) return Math.floor(hue);
  // FNV-1a, 32 bits: ids differ in their last characters too.
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index += 1) {
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash % huesCount;
}
