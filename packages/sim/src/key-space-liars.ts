/**
 * What hostile nodes of the key-space world answer. They know the whole world, work together, name none but each other,
 * the nearest to the key there are, and say they keep what they drop. A node lies in one way all its life:
 *
 *     drops   no value
 *     forges  a newer value with a bad signature
 *     stale   the value before the newest, truly signed
 *     silent  nothing at all: the question runs out of time
 */
import { hex } from '@kith/core/base/bytes';
import { encodeFrame, type Frame } from '@kith/core/wire/frame';
import type { RecordEntry } from '@kith/core/wire/record-entries';
import type { PlaceMap } from './key-space-places.ts';
import { forged, readValue } from './key-space-values.ts';

const deceits = ['drops', 'forges', 'stale', 'silent'] as const;

export class Liars {
  #places: PlaceMap;
  /** By place: the newest value and the one before. */
  #values = new Map<string, { newest: Uint8Array; before: Uint8Array | undefined }>();

  constructor(places: PlaceMap) {
    this.#places = places;
  }

  /** A value goes out into the world. */
  sees(value: Uint8Array): void {
    const name = hex(readValue(value)!.place);
    this.#values.set(name, { newest: value, before: this.#values.get(name)?.newest });
  }

  answer(node: number, frame: Frame, record: (node: number) => RecordEntry): Uint8Array | undefined {
    const deceit = deceits[node % deceits.length];
    if (deceit === 'silent') return undefined;
    if (frame.type === 'keep')
      return encodeFrame({ type: 'kept', question: frame.question, outcome: 'kept' });
    if (frame.type !== 'find') return undefined;
    const known = this.#values.get(hex(frame.key));
    let value: Uint8Array | undefined;
    if (deceit === 'stale') value = known?.before;
    if (deceit === 'forges') value = known && forged(known.newest);
    const records = this.#places.nearestHostile(frame.key, frame.wanted).map((each) => record(each));
    return encodeFrame({ type: 'found', question: frame.question, value, records });
  }
}
