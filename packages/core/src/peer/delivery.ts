/**
 * From an accepted message to its acknowledgement: seals for each device, keeps the sealed bytes, and carries
 * out what the outbox decides. Specification: docs/protocol/outbox.md.
 *
 * A message that cannot be sealed yet (the contact has not accepted) is held under its person and sealed when
 * there is a session. A retry sends the same bytes; only a lost session seals a message anew.
 */
import { type DeviceId, idBytes, idText, type LinkId, type MessageId, type PersonId } from '../base/ids.ts';
import { KithError } from '../base/errors.ts';
import type { Store } from '../base/store.ts';
import {
  type Outbox,
  type OutboxConfig,
  type OutboxInput,
  type OutboxItem,
  type OutboxOutput,
} from '../protocol/outbox/outbox.ts';
import type { SessionTable } from '../protocol/sessions/session-table.ts';
import { type Content, decodeContent, encodeContent } from '../wire/content.ts';
import { encodeFrame, frameClass } from '../wire/frame.ts';
import type { Book } from './book.ts';
import { HandOver } from './hand-over.ts';
import type { Journal } from './journal.ts';
import { holding, itemOf, placeOf, type QueuedItem, QueuedItems } from './queued-items.ts';
import type { Turn } from './turn.ts';

const noBytes = new Uint8Array(0);

/** Sealed frames kept in memory between the commit and the first sending; others are read from the disk. */
const framesCachedMax = 2_048;

/**
 * Session talk that may wait for one device: a contact who asks for answers and acknowledges none must not fill
 * the outbox. A guess: more than an honest device ever has to be told. What is beyond it is not said.
 */
export const controlsWaitingMax = 32;

type MessageContent = Extract<Content, { type: 'message' }>;

export interface DeliveryParts {
  turn: Turn;
  store: Store;
  book: Book;
  journal: Journal;
  sessions: SessionTable;
  outbox: Outbox;
  bounds: Pick<OutboxConfig, 'itemsMax' | 'deviceItemsMax'>;
  /** The outbox got no acknowledgement over a live link, several times: the session may be lost. */
  onStalled(person: PersonId, device: DeviceId): void;
  /** A request ended without an answer. */
  onUnanswered(person: PersonId): void;
}

export class Delivery {
  #parts: DeliveryParts;
  #items = new QueuedItems();
  #frames = new Map<string, Uint8Array>();
  #handOver = new HandOver();
  /** What ended while the node was off; told with the first wake, when every room of the Peer stands. */
  #late: OutboxOutput[] = [];

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
    for (const { sealed, content: _, ...item } of parts.store.outbox()) {
      this.#items.add(item);
      const restored = { ...submission(item, sealed.length), sent: this.#wasSent(item) };
      this.#late.push(...parts.outbox.handle({ type: 'restore', ...restored }, parts.turn.nowMs));
    }
  }

  get queued(): number {
    return this.#items.size;
  }

  nextWakeMs(): number | undefined {
    return Math.min(this.#handOver.dueMs(), this.#parts.outbox.nextWakeMs() ?? Infinity);
  }

  wake(): void {
    for (const output of this.#late.splice(0)) this.#carryOut(output);
    this.#drive({ type: 'wake' });
  }

  deviceUp(device: DeviceId, link: LinkId): void {
    this.#drive({ type: 'deviceUp', device, link });
  }

  deviceDown(device: DeviceId): void {
    this.#drive({ type: 'deviceDown', device });
  }

  linkDown(link: LinkId): void {
    this.#handOver.linkDown(link);
  }

  /** Frames up to `receipt` of that link were handed to the operating system. */
  flushed(link: LinkId, receipt: number): void {
    this.#handOver.flushed(link, receipt, this.#parts.turn.nowMs);
  }

  /** Says `sent` of what was handed over, when the batch commits anyhow or has waited long enough. Once a batch. */
  settle(): void {
    const { turn } = this.#parts;
    if (!turn.writes && turn.nowMs < this.#handOver.dueMs()) return;
    for (const item of this.#handOver.takeAll()) this.#drive({ type: 'handed', item });
  }

  /**
   * Queues a message for every live device of a contact, or holds it until the contact is connected.
   * @throws KithError `full` - nothing was queued.
   */
  message(person: PersonId, message: MessageContent, expiresAtMs: number | undefined): void {
    const id = idText(message.id) as MessageId;
    const { nowMs: createdMs } = this.#parts.turn;
    const base = { person, kind: 'message' as const, message: id, createdMs, expiresAtMs };
    const devices = this.#parts.book.liveDevices(person).map((each) => each.device);
    const connected = this.#parts.book.get(person)?.state === 'connected';
    const ready = connected ? devices.filter((device) => this.#parts.sessions.has(device)) : [];
    this.#checkRoom(ready.length === 0 ? [holding(person)] : ready);
    const content = encodeContent(message);
    if (ready.length === 0) {
      this.#queue(
        { ...base, item: itemOf(id, undefined), device: undefined },
        { frame: noBytes, content: noBytes, accepted: false },
      );
    }
    for (const device of ready) this.#seal({ ...base, item: itemOf(id, device), device }, content);
  }

  /**
   * Queues session talk for one device; acknowledged like a message, but nobody sees it. Not said where
   * {@link controlsWaitingMax} wait already.
   */
  control(person: PersonId, device: DeviceId, content: Exclude<Content, { type: 'ack' }>): void {
    if (this.#items.controlsAt(device) >= controlsWaitingMax) {
      this.#parts.turn.log('warn', 'session-talk-full', { limit: controlsWaitingMax });
      return;
    }
    const item = itemOf(idText(content.id) as MessageId, device);
    const { nowMs: createdMs } = this.#parts.turn;
    const row = {
      item,
      person,
      device,
      kind: 'control' as const,
      message: undefined,
      createdMs,
      expiresAtMs: undefined,
    };
    this.#seal(row, encodeContent(content));
  }

  /** The same for what makes an earlier word of its kind worthless: that is no longer said. */
  replaceControl(person: PersonId, device: DeviceId, content: Exclude<Content, { type: 'ack' }>): void {
    for (const { item, kind } of this.#items.at(device)) {
      if (kind !== 'control') continue;
      const waiting = decodeContent(this.#parts.store.outboxItem(item)?.content ?? noBytes);
      if (waiting?.type === content.type) this.#end(item);
    }
    this.control(person, device, content);
  }

  /** Queues a frame that is sealed already: a request, or the first message of a fresh session. */
  frame(
    row: { id: Uint8Array; person: PersonId; device: DeviceId; kind: 'request' | 'control' },
    frame: Uint8Array,
    expiresAtMs: number | undefined,
  ): void {
    const { id, person, device, kind } = row;
    const item = itemOf(idText(id) as MessageId, device);
    const { nowMs: createdMs } = this.#parts.turn;
    this.#queue(
      { item, person, device, kind, message: undefined, createdMs, expiresAtMs },
      { frame, content: noBytes, accepted: false },
    );
  }

  /** An authenticated acknowledgement of that device. Ids of nothing we sent it are ignored. */
  acknowledged(device: DeviceId, id: Uint8Array): void {
    const item = itemOf(idText(id) as MessageId, device);
    if (this.#items.get(item) === undefined) return;
    if (this.#handOver.take(item)) this.#drive({ type: 'handed', item });
    this.#drive({ type: 'acknowledged', item, device });
  }

  /** Ends the requests waiting for that person: they were answered, or asked again with a fresh bundle. */
  withdrawRequests(person: PersonId): void {
    for (const item of this.#of(person)) if (item.kind === 'request') this.#end(item.item);
  }

  /** The contact can be written to: seals what was held. Without any session it goes on waiting. */
  release(person: PersonId): void {
    const { book, sessions } = this.#parts;
    const ready = book.liveDevices(person).filter(({ device }) => sessions.has(device));
    if (ready.length === 0) return;
    for (const held of this.#items.at(holding(person))) {
      const content = this.#textOf(held);
      this.#end(held.item);
      if (content === undefined || held.message === undefined) continue;
      for (const { device } of ready) {
        this.#seal({ ...held, item: itemOf(held.message, device), device }, content, { accepted: true });
      }
    }
  }

  /** The device is gone for good: its messages wait for the person again, what else waited for it ends. */
  holdAgain(device: DeviceId): void {
    for (const { item, ...row } of this.#items.at(device)) {
      this.#end(item);
      if (row.message === undefined) continue;
      const held = { ...row, item: itemOf(row.message, undefined), device: undefined };
      this.#queue(held, { frame: noBytes, content: noBytes, accepted: true });
    }
  }

  /**
   * A fresh session replaced a lost one: seals everything that waits for the device anew, in order.
   *
   * @param first - queues what must go before the rest: the message that opens the session.
   */
  sealAnew(device: DeviceId, first?: () => void): void {
    const waiting: { item: QueuedItem; content: Uint8Array }[] = [];
    for (const item of this.#items.at(device)) {
      if (item.kind === 'request') continue;
      const row = item.kind === 'control' ? this.#parts.store.outboxItem(item.item) : undefined;
      const content = item.kind === 'message' ? this.#textOf(item) : row?.content;
      this.#end(item.item);
      // What opened an older session has no content of its own here: the fresh one opens itself.
      if (content !== undefined && content.length > 0) waiting.push({ item, content });
    }
    first?.();
    for (const { item, content } of waiting) this.#seal(item, content, { accepted: true });
  }

  /** Ends everything that waits for a person: removed or blocked. */
  fail(person: PersonId, reason: string): void {
    for (const item of this.#of(person)) {
      if (item.message !== undefined) this.#settle(item, 'failed', { by: 'self', reason });
      this.#end(item.item);
    }
  }

  requestTo(person: PersonId): string | undefined {
    return this.#of(person).find((each) => each.kind === 'request')?.item;
  }

  /** Before anything is changed: a message goes to all devices or is refused whole. */
  #checkRoom(devices: DeviceId[]): void {
    const { itemsMax, deviceItemsMax } = this.#parts.bounds;
    const crowded = devices.some((device) => this.#items.countAt(device) >= deviceItemsMax);
    if (crowded || this.#items.size + devices.length > itemsMax) throw new KithError('full');
  }

  /** `accepted`: it was queued before, and no bound refuses it now. */
  #seal(item: QueuedItem, content: Uint8Array, { accepted } = { accepted: false }): void {
    if (item.device === undefined) return;
    const envelope = this.#parts.sessions.seal(item.device, content, this.#parts.turn.nowMs);
    if (envelope === undefined) return;
    const frame = encodeFrame({ type: 'envelope', bytes: envelope });
    // The text of a message stands in its row; only session talk has to be kept to be sealed anew.
    this.#queue(item, { frame, content: item.kind === 'control' ? content : noBytes, accepted });
  }

  #queue(item: QueuedItem, more: { frame: Uint8Array; content: Uint8Array; accepted: boolean }): void {
    const { turn, outbox } = this.#parts;
    const { frame, content, accepted } = more;
    const held = submission(item, frame.length);
    const outputs = accepted
      ? outbox.handle({ type: 'restore', sent: this.#wasSent(item), ...held }, turn.nowMs)
      : outbox.handle({ type: 'submit', ...held }, turn.nowMs);
    const refused = outputs.find((each) => each.type === 'refused' && each.item === item.item);
    if (refused?.type === 'refused') {
      if (refused.reason === 'stale') this.#settle(item, 'expired', { by: 'self', reason: 'lifetime ended' });
      else turn.log('warn', 'outbox-refused', { reason: refused.reason });
      return;
    }
    this.#items.add(item);
    turn.store({ op: 'putOutbox', row: { ...item, sealed: frame, content } });
    if (frame.length > 0) {
      this.#frames.set(item.item, frame);
      if (this.#frames.size > framesCachedMax) this.#frames.delete(this.#frames.keys().next().value!);
    }
    for (const output of outputs) this.#carryOut(output);
  }

  #drive(input: OutboxInput): void {
    const { turn, outbox } = this.#parts;
    for (const output of outbox.handle(input, turn.nowMs)) this.#carryOut(output);
  }

  #carryOut(output: OutboxOutput): void {
    switch (output.type) {
      case 'send':
        this.#send(output.item, output.link);
        return;
      case 'sent': {
        const item = this.#items.get(output.item);
        if (item?.message === undefined) return;
        this.#settle(item, 'sent', {
          by: 'self',
          attempt: output.attempt,
          detail: 'handed to a link of this device',
        });
        return;
      }
      case 'delivered': {
        const item = this.#items.get(output.item);
        if (item?.message !== undefined) this.#settle(item, 'delivered', { by: 'device' });
        this.#forget(output.item);
        return;
      }
      case 'expired': {
        const item = this.#items.get(output.item);
        if (item?.message !== undefined)
          this.#settle(item, 'expired', { by: 'self', reason: 'lifetime ended' });
        this.#forget(output.item);
        if (item?.kind === 'request') this.#parts.onUnanswered(item.person);
        return;
      }
      case 'failed':
        this.#forget(output.item);
        return;
      case 'stalled': {
        const item = this.#items.get(output.item);
        if (item?.device !== undefined) this.#parts.onStalled(item.person, item.device);
        return;
      }
      case 'refused':
        this.#parts.turn.log('warn', 'outbox-refused', { reason: output.reason });
    }
  }

  #send(item: string, link: LinkId): void {
    const frame = this.#frames.get(item) ?? this.#parts.store.outboxItem(item)?.sealed;
    if (frame === undefined || frame.length === 0) return;
    const receipt = this.#handOver.sending(link, item);
    const kind = this.#items.get(item)?.kind === 'request' ? 'request' : 'envelope';
    this.#parts.turn.push({ type: 'send', link, class: frameClass(kind), frame, receipt });
  }

  #settle(
    item: QueuedItem,
    state: 'sent' | 'delivered' | 'expired' | 'failed',
    more: { by: 'self' | 'device'; attempt?: number; detail?: string; reason?: string },
  ): void {
    const contact = this.#parts.book.get(item.person);
    if (item.message === undefined || contact === undefined) return;
    const place = { conversation: contact.conversation, id: item.message };
    this.#parts.journal.advance(
      place,
      state,
      item.device === undefined ? more : { ...more, device: item.device },
    );
  }

  /** Content of a queued message, rebuilt from its row. */
  #textOf(item: QueuedItem): Uint8Array | undefined {
    const contact = this.#parts.book.get(item.person);
    if (item.message === undefined || contact === undefined) return undefined;
    const row = this.#parts.store.message(contact.conversation, item.message);
    const id = idBytes(item.message);
    if (row === undefined || id === undefined) return undefined;
    const ttlMs =
      row.expiresAtWallMs === undefined ? undefined : Math.max(1, row.expiresAtWallMs - row.sentWallMs);
    return encodeContent({ type: 'message', id, sentWallMs: row.sentWallMs, text: row.text, ttlMs });
  }

  #of(person: PersonId): QueuedItem[] {
    const devices = [holding(person), ...this.#parts.book.devicesOf(person).map((each) => each.device)];
    return devices.flatMap((device) => this.#items.at(device));
  }

  /** Takes an item out of the outbox without telling anybody. */
  #end(item: string): void {
    this.#forget(item);
    this.#drive({ type: 'failed', item, reason: 'withdrawn' });
  }

  #wasSent(item: QueuedItem): boolean {
    const contact = this.#parts.book.get(item.person);
    if (item.message === undefined || contact === undefined) return false;
    return this.#parts.store.message(contact.conversation, item.message)?.state === 'sent';
  }

  #forget(item: string): void {
    if (!this.#items.remove(item)) return;
    this.#frames.delete(item);
    this.#handOver.take(item);
    this.#parts.turn.store({ op: 'removeOutbox', item });
  }
}

function submission(item: QueuedItem, sizeBytes: number): OutboxItem {
  return {
    item: item.item,
    device: placeOf(item),
    expiresAtMs: item.expiresAtMs,
    sizeBytes,
  };
}
