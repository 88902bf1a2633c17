/** One topic: its neighbours, its authors, and what goes to whom. */
import { bytesEqual } from '../../base/bytes.ts';
import type { LinkId } from '../../base/ids.ts';
import { invariant } from '../../base/invariant.ts';
import { type BroadcastFrame, broadcastSequenceEnd, encodeBroadcast } from '../../wire/broadcast.ts';
import {
  type BroadcastId,
  type BroadcastIdsFrame,
  type BroadcastIdsKind,
  encodeBroadcastIds,
} from '../../wire/broadcast-ids.ts';
import { type Author, handleName, type Held, noSlot } from './author.ts';
import { AuthorTable } from './author-table.ts';
import { Cache } from './cache.ts';
import type { BroadcastFields, BroadcastFigures, BroadcastParts, TopicOutput } from './contract.ts';
import { lowestSlot, Missing } from './missing.ts';
import { type LinkAllowances, Neighbour } from './neighbour.ts';
import { joinRuns, packed } from './runs.ts';
import { announcedBefore, asked, cameAgain, deliveredBy, type Delivery } from './tree.ts';

interface TopicParts extends BroadcastParts {
  emit: (output: TopicOutput) => void;
}

export class Topic {
  readonly name: Uint8Array;
  readonly #parts: TopicParts;
  readonly #authors: AuthorTable;
  readonly #cache: Cache;
  readonly #missing: Missing;
  readonly #slots: (Neighbour | undefined)[];
  readonly #byLink = new Map<LinkId, Neighbour>();
  #present = 0;
  #wakeMs = Infinity;
  #summaryAtMs = Infinity;

  constructor(topic: Uint8Array, parts: TopicParts) {
    this.name = topic.slice();
    this.#parts = parts;
    this.#authors = new AuthorTable(parts.config);
    this.#cache = new Cache(parts.config);
    this.#missing = new Missing(parts.config);
    this.#slots = Array.from({ length: parts.config.neighboursMax }, () => undefined);
  }

  nextWakeMs(): number {
    return Math.min(this.#wakeMs, this.#missing.dueMs());
  }

  links(): LinkId[] {
    return [...this.#byLink.keys()];
  }

  figures(): BroadcastFigures {
    return {
      neighbours: this.#byLink.size,
      authors: this.#authors.size,
      heldMessages: this.#cache.size,
      heldBytes: this.#cache.bytes,
      missing: this.#missing.size,
    };
  }

  /** @returns false when nothing changed: it is a neighbour already, or there is no room. */
  join(link: LinkId, allowances: LinkAllowances, nowMs: number): boolean {
    const slot = this.#slots.indexOf(undefined);
    if (slot < 0 || this.#byLink.has(link)) return false;
    const { newNeighbourEager, summaryAgainMs } = this.#parts.config;
    const neighbour = new Neighbour(link, { slot, allowances, summaryAgainAtMs: nowMs + summaryAgainMs });
    this.#slots[slot] = neighbour;
    this.#byLink.set(link, neighbour);
    this.#present |= neighbour.bit;
    if (!newNeighbourEager) for (const author of this.#authors.values()) author.lazy |= neighbour.bit;
    this.#summarise(neighbour, nowMs);
    this.#wakeBy(neighbour.summaryAgainAtMs);
    return true;
  }

  /** @returns false when it was no neighbour. */
  leave(link: LinkId, nowMs: number): boolean {
    const neighbour = this.#byLink.get(link);
    if (neighbour === undefined) return false;
    this.#byLink.delete(link);
    this.#slots[neighbour.slot] = undefined;
    this.#present &= ~neighbour.bit;
    this.#cache.forgetNeighbour(neighbour.bit);
    this.#missing.forgetNeighbour(neighbour.slot, nowMs);
    const grafts = new Map<number, BroadcastId[]>();
    for (const author of this.#authors.values()) {
      const orphaned = author.parent === neighbour.slot;
      author.forgetNeighbour(neighbour.slot);
      if (!orphaned || nowMs - author.heardMs >= this.#parts.config.cacheMs) continue;
      this.#missing.hurry(author.name, nowMs);
      const slot = author.second === noSlot ? this.#anySlot() : author.second;
      if (slot === noSlot) continue;
      asked(author, slot);
      const ids = grafts.get(slot) ?? [];
      ids.push({ handle: author.handle, sequence: author.newest + 1, run: 0 });
      grafts.set(slot, ids);
    }
    for (const [slot, ids] of grafts) this.#name(slot, 'want', ids);
    this.#ask(nowMs);
    return true;
  }

  frame(link: LinkId, frame: BroadcastFrame | BroadcastIdsFrame, nowMs: number): void {
    const from = this.#byLink.get(link);
    if (from === undefined) return;
    if (frame.type === 'broadcast') {
      // What is beyond the allowance is not looked at: it is announced again, or missed and asked for.
      if (from.allowances.bodies.take(1, nowMs)) this.#broadcast(from, frame, nowMs);
      return;
    }
    let cost = frame.ids.length;
    for (const { run } of frame.ids) cost += run / 16;
    if (!from.allowances.idRuns.take(cost, nowMs)) return;
    if (frame.type === 'want') this.#wanted(from, frame.ids, nowMs);
    else if (frame.type === 'prune') this.#pruned(from, frame.ids);
    else this.#announced(from, frame.ids, nowMs);
  }

  publish(fields: BroadcastFields, nowMs: number): void {
    const author = this.#authors.take(fields.author, handleName(fields.author), nowMs);
    invariant(author !== undefined && fields.sequence > author.newest, 'our sequences rise');
    const held = this.#hold(author, fields, nowMs);
    this.#authors.heard(author, nowMs);
    author.see(fields.sequence, this.#parts.config.holesMax);
    author.holes.clear();
    // To all neighbours, whatever they asked for: no single one may keep what we say from the others.
    this.#push(held, this.#present, nowMs);
  }

  wake(nowMs: number): void {
    this.#wakeMs = Infinity;
    this.#cache.expire(nowMs);
    this.#ask(nowMs);
    for (const neighbour of this.#byLink.values()) {
      if (neighbour.pending.length > 0) this.#announce(neighbour, nowMs);
      if (neighbour.summaryAgainAtMs <= nowMs) {
        neighbour.summaryAgainAtMs = Infinity;
        this.#summarise(neighbour, nowMs);
      }
      this.#wakeBy(neighbour.summaryAgainAtMs);
    }
    if (this.#summaryAtMs <= nowMs) {
      const slot = this.#anySlot();
      if (slot !== noSlot) this.#summarise(this.#slots[slot]!, nowMs);
      this.#summaryAtMs = Infinity;
    }
    this.#planSummary(nowMs);
  }

  #broadcast(from: Neighbour, frame: BroadcastFrame, nowMs: number): void {
    if (frame.sequence + 1 >= broadcastSequenceEnd) return; // There would be no next one to ask for.
    const name = handleName(frame.author);
    const author = this.#authors.byName(name);
    if (author?.hasSeen(frame.sequence) === true || this.#authors.wasForgotten(name, frame.sequence)) {
      if (author !== undefined && bytesEqual(author.key, frame.author))
        this.#again(from, { author, frame }, nowMs);
      return;
    }
    if (!this.#authors.hears(name, nowMs)) return;
    if (!this.#parts.verify(frame)) {
      this.#parts.emit({ type: 'misbehaved', link: from.link, reason: 'forged broadcast' });
      return;
    }
    this.#accept(from, frame, nowMs);
  }

  /** A genuine message that did not come before. */
  #accept(from: Neighbour, frame: BroadcastFrame, nowMs: number): void {
    const { config, emit } = this.#parts;
    const author = this.#authors.take(frame.author, handleName(frame.author), nowMs);
    if (author === undefined || !author.allowance.take(1, nowMs)) return;
    if (!this.#authors.knows(author)) author.lazy = this.#present & ~this.#authors.carriers();
    else author.settled = true;
    const newest = frame.sequence > author.newest;
    const held = this.#hold(author, frame, nowMs);
    held.have |= from.bit;
    const skipped = author.see(frame.sequence, config.holesMax);
    this.#authors.heard(author, nowMs);
    const missing = this.#missing.delete(author.name, frame.sequence);
    if (missing !== undefined) held.have |= missing.announced & this.#present;
    if (newest)
      this.#deliveredBy(from, { author, held, firstSlot: missing?.firstSlot, firstMs: missing?.firstMs });
    for (const sequence of skipped) {
      const what = { name: author.name, handle: author.handle, sequence };
      this.#missing.note(what, from.slot, { nowMs, dueMs: nowMs + config.patienceMs });
    }
    if (held.body.length >= config.dontWantBytes) this.#forestall(held);
    this.#push(held, this.#present & ~author.lazy, nowMs);
    const { topic, author: key } = { topic: this.name, author: author.key };
    emit({ type: 'received', topic, author: key, sequence: held.sequence, body: held.body, link: from.link });
  }

  #deliveredBy(from: Neighbour, what: Delivery): void {
    const { author, held, firstSlot, firstMs } = what;
    deliveredBy(author, from.slot);
    const led = firstSlot !== undefined && firstSlot !== from.slot;
    if (led) {
      author.second = firstSlot;
      author.secondSequence = held.sequence;
    }
    const lead = { ms: held.atMs - (firstMs ?? held.atMs), config: this.#parts.config };
    const better = announcedBefore(author, led ? firstSlot : noSlot, lead);
    if (better === noSlot || better === author.parent) return;
    asked(author, better);
    this.#name(better, 'want', [{ handle: author.handle, sequence: held.sequence + 1, run: 0 }]);
  }

  /** A message that was seen before: of use only to learn who has it, and whether its author says two things. */
  #again(from: Neighbour, what: { author: Author; frame: BroadcastFrame }, nowMs: number): void {
    const { author, frame } = what;
    const held = author.held.get(frame.sequence);
    if (held !== undefined) {
      if (!bytesEqual(held.signature, frame.signature) && !this.#differs(from, held, frame)) return;
      held.have |= from.bit;
    }
    const crossed = held !== undefined && (held.sent & from.bit) !== 0;
    const when = { crossed, nowMs, againMs: this.#parts.config.pruneAgainMs };
    if (!cameAgain(author, from.slot, when)) return;
    this.#name(from.slot, 'prune', [{ handle: author.handle, sequence: author.newest, run: 0 }]);
  }

  /** Another signature than the one we hold. @returns whether the sender did nothing wrong. */
  #differs(from: Neighbour, held: Held, frame: BroadcastFrame): boolean {
    const { author } = held;
    if (author.equivocated) return true;
    if (!this.#parts.verify(frame)) {
      this.#parts.emit({ type: 'misbehaved', link: from.link, reason: 'forged broadcast' });
      return false;
    }
    if (bytesEqual(held.body, frame.body)) return true;
    author.equivocated = true;
    const frames = { first: held.frame, second: encodeBroadcast(frame) };
    this.#parts.emit({ type: 'equivocation', topic: this.name, author: author.key, ...frames });
    return true;
  }

  #hold(author: Author, { sequence, signature, body }: BroadcastFields, nowMs: number): Held {
    const fields = {
      type: 'broadcast',
      topic: this.name,
      author: author.key,
      sequence,
      signature,
      body,
    } as const;
    const frame = encodeBroadcast(fields);
    const bodyAt = frame.length - body.length;
    const views = {
      signature: frame.subarray(bodyAt - signature.length, bodyAt),
      body: frame.subarray(bodyAt),
    };
    const held = { author, sequence, frame, ...views, atMs: nowMs, have: 0, sent: 0 };
    this.#cache.add(held);
    this.#planSummary(nowMs);
    return held;
  }

  /** The body to the eager, the name to the others; nothing to who has it. */
  #push(held: Held, eager: number, nowMs: number): void {
    const { emit } = this.#parts;
    const lacking = this.#present & ~(held.have | held.sent);
    for (let left = lacking; left !== 0; left &= left - 1) {
      const neighbour = this.#slots[lowestSlot(left)]!;
      if ((eager & neighbour.bit) !== 0) {
        held.sent |= neighbour.bit;
        emit({ type: 'send', link: neighbour.link, class: 'message', frame: held.frame });
      } else {
        neighbour.pending.push(held);
        if (neighbour.digestReadyMs <= nowMs) this.#announce(neighbour, nowMs);
        else this.#wakeBy(neighbour.digestReadyMs);
      }
    }
  }

  /** Whoever might be about to send the same large body is told first that it need not. */
  #forestall(held: Held): void {
    const { author, sequence } = held;
    const senders = this.#present & ~(held.have | author.pruned);
    for (let left = senders; left !== 0; left &= left - 1) {
      this.#name(lowestSlot(left), 'dontWant', [{ handle: author.handle, sequence, run: 0 }]);
    }
  }

  #announce(neighbour: Neighbour, nowMs: number): void {
    if (neighbour.digestReadyMs > nowMs) {
      this.#wakeBy(neighbour.digestReadyMs);
      return;
    }
    const pending = neighbour.takePending();
    if (pending.length === 0) return;
    neighbour.digestReadyMs = nowMs + this.#parts.config.digestEveryMs;
    this.#name(neighbour.slot, 'digest', joinRuns(pending.map(named)));
  }

  #announced(from: Neighbour, ids: BroadcastId[], nowMs: number): void {
    const { patienceMs, patienceUnknownMs } = this.#parts.config;
    for (const { handle, sequence: last, run } of ids) {
      const name = handleName(handle);
      const author = this.#authors.byName(name);
      const awaited = author !== undefined && author.parent !== noSlot && author.parent !== from.slot;
      const dueMs = nowMs + (awaited ? patienceMs : patienceUnknownMs);
      if (
        author !== undefined &&
        author.newest <= last &&
        author.secondSequence < last &&
        author.parent !== from.slot
      ) {
        author.second = from.slot;
        author.secondSequence = last;
      }
      for (let sequence = last - run; sequence <= last; sequence++) {
        if (author?.hasSeen(sequence) === true) {
          const held = author.held.get(sequence);
          if (held !== undefined) held.have |= from.bit;
        } else if (!this.#authors.wasForgotten(name, sequence) && this.#authors.hears(name, nowMs)) {
          this.#missing.note({ name, handle, sequence }, from.slot, { nowMs, dueMs });
        }
      }
    }
  }

  #wanted(from: Neighbour, ids: BroadcastId[], nowMs: number): void {
    for (const { handle, sequence: last, run } of ids) {
      const author = this.#authors.byName(handleName(handle));
      if (author === undefined) continue;
      author.lazy &= ~from.bit;
      for (let sequence = last - run; sequence <= last; sequence++) {
        const held = author.held.get(sequence);
        if (held === undefined) continue;
        if (!from.allowances.answers.take(held.frame.length, nowMs)) return;
        held.sent |= from.bit;
        this.#parts.emit({ type: 'send', link: from.link, class: 'message', frame: held.frame });
      }
    }
  }

  #pruned(from: Neighbour, ids: BroadcastId[]): void {
    for (const { handle } of ids) {
      const author = this.#authors.byName(handleName(handle));
      if (author !== undefined) author.lazy |= from.bit;
    }
  }

  #ask(nowMs: number): void {
    for (const [slot, entries] of this.#missing.takeDue(nowMs)) {
      for (const { name } of entries) {
        const author = this.#authors.byName(name);
        if (author !== undefined) asked(author, slot);
      }
      this.#name(slot, 'want', joinRuns(entries));
    }
  }

  /** What we hold that the neighbour has not shown to have, of the authors heard last. */
  #summarise(neighbour: Neighbour, nowMs: number): void {
    this.#cache.expire(nowMs);
    if (this.#cache.size === 0) return;
    const ids: BroadcastId[] = [];
    for (const author of [...this.#authors.values()].toReversed()) {
      const lacking = [...author.held.values()].filter(({ have }) => (have & neighbour.bit) === 0);
      if (lacking.length > 0) ids.push(...joinRuns(lacking.map(named)));
      if (ids.length >= this.#parts.config.summaryRunsMax) break;
    }
    this.#name(neighbour.slot, 'digest', ids.slice(0, this.#parts.config.summaryRunsMax));
  }

  #planSummary(nowMs: number): void {
    if (this.#cache.size === 0) return;
    if (this.#summaryAtMs === Infinity) {
      // Half of it at random, so that a network does not summarise all at once.
      const share = 0.5 + this.#parts.random.next() / 2;
      this.#summaryAtMs = nowMs + share * this.#parts.config.summaryEveryMs;
    }
    this.#wakeBy(this.#summaryAtMs);
  }

  #name(slot: number, type: BroadcastIdsKind, ids: BroadcastId[]): void {
    const { link } = this.#slots[slot]!;
    for (const part of packed(ids)) {
      const frame = encodeBroadcastIds({ type, topic: this.name, ids: part });
      this.#parts.emit({ type: 'send', link, class: 'control', frame });
    }
  }

  #anySlot(): number {
    const all = [...this.#byLink.values()];
    return all[Math.floor(this.#parts.random.next() * all.length)]?.slot ?? noSlot;
  }

  #wakeBy(atMs: number): void {
    if (atMs < this.#wakeMs) this.#wakeMs = atMs;
  }
}

function named({ author, sequence }: Held): { name: string; handle: Uint8Array; sequence: number } {
  return { name: author.name, handle: author.handle, sequence };
}
