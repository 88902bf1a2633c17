/** What waits in the outbox, by name and by device, in the order it was queued; without its bytes. */
import type { DeviceId, MessageId, PersonId } from '../base/ids.ts';
import type { OutboxRow } from '../base/store.ts';
import type { OutboxConfig, OutboxItem } from '../protocol/outbox/outbox.ts';

/** What the outbox knows an item by, without its bytes. */
export type QueuedItem = Omit<OutboxRow, 'sealed' | 'content'>;

export class QueuedItems {
  #items = new Map<string, QueuedItem>();
  #byDevice = new Map<DeviceId, Set<string>>();
  /** How many of them are session talk. */
  #controls = new Map<DeviceId, number>();
  /** By person and message: how many changes of ours to it wait. */
  #changes = new Map<string, number>();

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

  /** Whether one more fits for each of these, once some of what waits has ended. */
  hasRoom(
    devices: DeviceId[],
    ending: QueuedItem[],
    bounds: Pick<OutboxConfig, 'itemsMax' | 'deviceItemsMax'>,
  ): boolean {
    if (this.size - ending.length + devices.length > bounds.itemsMax) return false;
    return devices.every((device) => {
      const freed = ending.filter((each) => placeOf(each) === device).length;
      return this.countAt(device) - freed < bounds.deviceItemsMax;
    });
  }

  isChanging(person: PersonId, message: MessageId): boolean {
    return this.#changes.has(`${person}/${message}`);
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
    this.#countChange(item, 1);
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
    this.#countChange(known, -1);
    return true;
  }

  #countChange({ kind, person, message }: QueuedItem, by: 1 | -1): void {
    if (kind !== 'change' || message === undefined) return;
    const key = `${person}/${message}`;
    const count = (this.#changes.get(key) ?? 0) + by;
    if (count === 0) this.#changes.delete(key);
    else this.#changes.set(key, count);
  }
}

/** Stands for a device where none is known yet; the outbox only ever compares it. */
export function holding(person: PersonId): DeviceId {
  return `held/${person}` as DeviceId;
}

export function itemOf(id: MessageId, device: DeviceId | undefined): string {
  return device === undefined ? `${id}/held` : `${id}/${device.slice(0, 16)}`;
}

/** The id of what an item carries: of a message, or of a content. */
export function idOf(item: string): MessageId {
  return item.slice(0, item.indexOf('/')) as MessageId;
}

/** The device an item waits for, or what stands for it. */
export function placeOf({ device, person }: { device: DeviceId | undefined; person: PersonId }): DeviceId {
  return device ?? holding(person);
}

/** An item as the outbox takes it. */
export function submission(item: QueuedItem, sizeBytes: number): OutboxItem {
  return { item: item.item, device: placeOf(item), expiresAtMs: item.expiresAtMs, sizeBytes };
}
