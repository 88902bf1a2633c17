/**
 * From an accepted message to its acknowledgement: seals for each device, keeps the sealed bytes, and carries
 * out what the outbox decides. Specification: docs/protocol/outbox.md.
 *
 * A message that cannot be sealed yet (the contact has not accepted) is held under its person and sealed when
 * there is a session. A retry sends the same bytes; only a lost session seals a message anew.
 */
import { type DeviceId, idText, type LinkId, type MessageId, type PersonId } from '../base/ids.ts';
import { KithError } from '../base/errors.ts';
import type { Store } from '../base/store.ts';
import type { Outbox, OutboxConfig, OutboxInput, OutboxOutput } from '../protocol/outbox/outbox.ts';
import type { SessionTable } from '../protocol/sessions/session-table.ts';
import { type Content, decodeContent, encodeContent } from '../wire/content.ts';
import { encodeFrame, frameClass } from '../wire/frame.ts';
import type { Book } from './book.ts';
import { Fates } from './fates.ts';
import { HandOver } from './hand-over.ts';
import type { Journal } from './journal.ts';
import { holding, itemOf, type QueuedItem, QueuedItems, submission } from './queued-items.ts';
import { QueuedBytes } from './queued-bytes.ts';
import { Resealing } from './resealing.ts';
import type { Turn } from './turn.ts';

const noBytes = new Uint8Array(0);
const lifetimeEnded = { by: 'self', reason: 'lifetime ended' } as const;

/**
 * Session talk that may wait for one device: a contact who asks for answers and acknowledges none must not fill
 * the outbox. A guess: more than an honest device ever has to be told. What is beyond it is not said.
 */
export const controlsWaitingMax = 32;

type MessageContent = Extract<Content, { type: 'message' }>;
type Talk = Exclude<Content, { type: 'ack' | 'typing' }>;
type ChangeContent = Extract<Content, { type: 'edit' | 'delete' | 'react' | 'read' }>;

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
  #bytes: QueuedBytes;
  #handOver = new HandOver();
  #fates: Fates;
  #resealing: Resealing;
  /** What ended while the node was off; told with the first wake, when every room of the Peer stands. */
  #late: OutboxOutput[] = [];

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
    this.#bytes = new QueuedBytes(parts.store);
    this.#fates = new Fates(parts, this.#bytes);
    this.#resealing = new Resealing({
      ...parts,
      items: this.#items,
      contentOf: (item) => this.#fates.contentOf(item),
      end: (item) => this.#end(item),
      seal: (item, content) => this.#seal(item, content, { accepted: true }),
      hold: (item, content) => this.#queue(item, { frame: noBytes, content, accepted: true }),
    });
    for (const { sealed, content: _, ...item } of parts.store.outbox()) {
      this.#items.add(item);
      const restored = { ...submission(item, sealed.length), sent: this.#fates.wasSent(item) };
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
    this.#bytes.settle();
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
    const row = { person, kind: 'message' as const, message: id, createdMs, expiresAtMs };
    const ready = this.#resealing.ready(person);
    this.#checkRoom(person, ready);
    this.#submit(row, { id, content: encodeContent(message), ready });
  }

  /**
   * Queues what happened to a message, for every live device like a message and as long as that takes, in place of what
   * is worth nothing any more.
   *
   * @param message - it is on its way as long as this waits, see {@link isChanging}.
   * @param replaces - what else waits for that person, looked at one by one.
   * @throws KithError `full` - nothing was queued or replaced.
   */
  change(
    person: PersonId,
    content: ChangeContent,
    { message, replaces }: { message: MessageId | undefined; replaces: (waiting: Content) => boolean },
  ): void {
    const replaced = this.waitingChanges(person).filter((each) => replaces(each.content));
    const ready = this.#resealing.ready(person);
    const ending = replaced.map((each) => each.item);
    this.#checkRoom(person, ready, ending);
    for (const { item } of ending) this.#end(item);
    const { nowMs: createdMs } = this.#parts.turn;
    const row = { person, kind: 'change' as const, message, createdMs, expiresAtMs: undefined };
    this.#submit(row, { id: idText(content.id) as MessageId, content: encodeContent(content), ready });
  }

  /** What happened to messages and waits to be told to that person, in order for each device. */
  waitingChanges(person: PersonId): { item: QueuedItem; content: Content }[] {
    return this.#said(this.#of(person).filter(({ kind }) => kind === 'change'));
  }

  isChanging(person: PersonId, message: MessageId): boolean {
    return this.#items.isChanging(person, message);
  }

  /** Takes a message back, as far as it did not leave yet. */
  withdraw(person: PersonId, message: MessageId): void {
    for (const item of this.#about(person, 'message', message)) {
      this.#fates.settle(item, 'failed', { by: 'self', reason: 'deleted' });
      this.#end(item.item);
    }
  }

  /** Whether some device of theirs may have that message: unless it was held until now. */
  mayHaveLeft(person: PersonId, message: MessageId): boolean {
    const waiting = this.#about(person, 'message', message);
    return !waiting.some((each) => each.device === undefined && !this.#fates.wasSent(each));
  }

  /** @param message - undefined: what is about no single message, which is what was read. */
  dropChanges(person: PersonId, message: MessageId | undefined, isKept?: (each: Content) => boolean): void {
    for (const { item, content } of this.#said(this.#about(person, 'change', message))) {
      if (isKept?.(content) !== true) this.#end(item.item);
    }
  }

  /**
   * Queues session talk for one device; acknowledged like a message, but nobody sees it. Not said where
   * {@link controlsWaitingMax} wait already.
   */
  control(person: PersonId, device: DeviceId, content: Talk): void {
    if (this.#items.controlsAt(device) >= controlsWaitingMax) {
      this.#parts.turn.log('warn', 'session-talk-full', { limit: controlsWaitingMax });
      return;
    }
    const item = itemOf(idText(content.id) as MessageId, device);
    const { nowMs: createdMs } = this.#parts.turn;
    const row = { item, person, device, kind: 'control' as const, message: undefined };
    this.#seal({ ...row, createdMs, expiresAtMs: undefined }, encodeContent(content));
  }

  /** The same for what makes an earlier word of its kind worthless: that is no longer said. */
  replaceControl(person: PersonId, device: DeviceId, content: Talk): void {
    for (const { item, kind } of this.#items.at(device)) {
      if (kind !== 'control') continue;
      const waiting = decodeContent(this.#bytes.content(item) ?? noBytes);
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

  /** An authenticated acknowledgement of that device. @returns whether something waited for it. */
  acknowledged(device: DeviceId, id: Uint8Array): boolean {
    const item = itemOf(idText(id) as MessageId, device);
    if (this.#items.get(item) === undefined) return false;
    if (this.#handOver.take(item)) this.#drive({ type: 'handed', item });
    this.#drive({ type: 'acknowledged', item, device });
    return true;
  }

  /** Ends the requests waiting for that person: they were answered, or asked again with a fresh bundle. */
  withdrawRequests(person: PersonId): void {
    for (const item of this.#of(person)) if (item.kind === 'request') this.#end(item.item);
  }

  release(person: PersonId): void {
    this.#resealing.release(person);
  }

  holdAgain(device: DeviceId): void {
    this.#resealing.holdAgain(device);
  }

  sealAnew(device: DeviceId, first?: () => void): void {
    this.#resealing.sealAnew(device, first);
  }

  /** Ends everything that waits for a person: removed or blocked. */
  fail(person: PersonId, reason: string): void {
    for (const item of this.#of(person)) {
      this.#fates.settle(item, 'failed', { by: 'self', reason });
      this.#end(item.item);
      this.#fates.changeEnded(item);
    }
  }

  requestTo(person: PersonId): string | undefined {
    return this.#of(person).find((each) => each.kind === 'request')?.item;
  }

  #submit(
    row: Omit<QueuedItem, 'item' | 'device'>,
    { id, content, ready }: { id: MessageId; content: Uint8Array; ready: DeviceId[] },
  ): void {
    if (ready.length === 0) {
      const held = { ...row, item: itemOf(id, undefined), device: undefined };
      const kept = row.kind === 'message' ? noBytes : content;
      this.#queue(held, { frame: noBytes, content: kept, accepted: false });
    }
    for (const device of ready) this.#seal({ ...row, item: itemOf(id, device), device }, content);
  }

  /** Before anything is changed: what there is to say goes to all devices or is refused whole. */
  #checkRoom(person: PersonId, ready: DeviceId[], ending: QueuedItem[] = []): void {
    const places = ready.length === 0 ? [holding(person)] : ready;
    if (!this.#items.hasRoom(places, ending, this.#parts.bounds)) throw new KithError('full');
  }

  /** `accepted`: it was queued before, and no bound refuses it now. */
  #seal(item: QueuedItem, content: Uint8Array, { accepted } = { accepted: false }): void {
    if (item.device === undefined) return;
    const envelope = this.#parts.sessions.seal(item.device, content, this.#parts.turn.nowMs);
    if (envelope === undefined) return;
    const frame = encodeFrame({ type: 'envelope', bytes: envelope });
    // The text of a message stands in its row; all else has to be kept to be sealed anew.
    this.#queue(item, { frame, content: item.kind === 'message' ? noBytes : content, accepted });
  }

  #queue(item: QueuedItem, more: { frame: Uint8Array; content: Uint8Array; accepted: boolean }): void {
    const { turn, outbox } = this.#parts;
    const { frame, content, accepted } = more;
    const held = submission(item, frame.length);
    const outputs = accepted
      ? outbox.handle({ type: 'restore', sent: this.#fates.wasSent(item), ...held }, turn.nowMs)
      : outbox.handle({ type: 'submit', ...held }, turn.nowMs);
    const refused = outputs.find((each) => each.type === 'refused' && each.item === item.item);
    if (refused?.type === 'refused') {
      if (refused.reason === 'stale') this.#fates.settle(item, 'expired', lifetimeEnded);
      else turn.log('warn', 'outbox-refused', { reason: refused.reason });
      return;
    }
    this.#items.add(item);
    turn.store({ op: 'putOutbox', row: { ...item, sealed: frame, content } });
    this.#bytes.put(item.item, more);
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
        if (item === undefined) return;
        this.#fates.settle(item, 'sent', {
          by: 'self',
          attempt: output.attempt,
          detail: 'handed to a link of this device',
        });
        return;
      }
      case 'delivered': {
        const item = this.#items.get(output.item);
        this.#forget(output.item);
        if (item !== undefined) this.#delivered(item);
        return;
      }
      case 'expired': {
        const item = this.#items.get(output.item);
        if (item !== undefined) this.#fates.settle(item, 'expired', lifetimeEnded);
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

  #delivered(item: QueuedItem): void {
    this.#fates.settle(item, 'delivered', { by: 'device' });
    if (item.message !== undefined && !this.isChanging(item.person, item.message))
      this.#fates.changeEnded(item);
  }

  #send(item: string, link: LinkId): void {
    const frame = this.#bytes.frame(item);
    if (frame === undefined) return;
    const receipt = this.#handOver.sending(link, item);
    const kind = this.#items.get(item)?.kind === 'request' ? 'request' : 'envelope';
    this.#parts.turn.push({ type: 'send', link, class: frameClass(kind), frame, receipt });
  }

  #said(items: QueuedItem[]): { item: QueuedItem; content: Content }[] {
    return items.flatMap((item) => {
      const content = decodeContent(this.#fates.contentOf(item) ?? noBytes);
      return content === undefined ? [] : [{ item, content }];
    });
  }

  #about(person: PersonId, kind: QueuedItem['kind'], message: MessageId | undefined): QueuedItem[] {
    return this.#of(person).filter((each) => each.kind === kind && each.message === message);
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

  #forget(item: string): void {
    if (!this.#items.remove(item)) return;
    this.#bytes.forget(item);
    this.#handOver.take(item);
    this.#parts.turn.store({ op: 'removeOutbox', item });
  }
}
