/** What waits in the outbox, by name and by device, in the order it was queued; without its bytes. */
import type { DeviceId, MessageId, PersonId } from '../base/ids.ts';
import type { OutboxRow } from '../base/store.ts';

/** What the outbox knows an item by, without its bytes. */
export type QueuedItem = Omit<OutboxRow, 'sealed' | 'content'>;

export class QueuedItems {
  #items = new Map<string, QueuedItem>();
  #byDevice = new Map<DeviceId, Set<string>>();
  /** How many of them are session talk. */
  #controls = new Map<DeviceId, number>();

  get size(): number {
    return this.#items.size;
  }

  get(item: string): QueuedItem | undefined {
    return this.#items.get(item);
  }

  /** `device` may be what {@link holding} names. */
  countAt(device: DeviceId): number {
    return this.#byDevice.get(device)?.size ?? 0;
  }

  controlsAt(device: DeviceId): number {
    return this.#controls.get(device) ?? 0;
  }

  at(device: DeviceId): QueuedItem[] {
    return [...(this.#byDevice.get(device) ?? [])].map((item) => this.#items.get(item)!);
  }

  add(item: QueuedItem): void {
    this.remove(item.item);
    this.#items.set(item.item, item);
    const device = placeOf(item);
    const items = this.#byDevice.get(device);
    if (items === undefined) this.#byDevice.set(device, new Set([item.item]));
    else items.add(item.item);
    if (item.kind === 'control') this.#controls.set(device, this.controlsAt(device) + 1);
  }

  /** @returns whether it was there. */
  remove(item: string): boolean {
    const known = this.#items.get(item);
    if (known === undefined) return false;
    this.#items.delete(item);
    const device = placeOf(known);
    const items = this.#byDevice.get(device);
    items?.delete(item);
    if (items?.size === 0) this.#byDevice.delete(device);
    if (known.kind === 'control') this.#controls.set(device, this.controlsAt(device) - 1);
    if (this.controlsAt(device) === 0) this.#controls.delete(device);
    return true;
  }
}

/** Stands for a device where none is known yet; the outbox only ever compares it. */
export function holding(person: PersonId): DeviceId {
  return `held/${person}` as DeviceId;
}

export function itemOf(id: MessageId, device: DeviceId | undefined): string {
  return device === undefined ? `${id}/held` : `${id}/${device.slice(0, 16)}`;
}

/** The device an item waits for, or what stands for it. */
export function placeOf({ device, person }: { device: DeviceId | undefined; person: PersonId }): DeviceId {
  return device ?? holding(person);
}
