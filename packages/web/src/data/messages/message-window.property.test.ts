/** Pages and events in any order: the window has to be a stretch of what the node has. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Page } from '@kith/api/conversation-shapes';
import type { ErrorCode } from '@kith/api/errors';
import type { Message, MessageState } from '@kith/api/shapes';
import {
  emptyWindow,
  isBlank,
  reduceWindow,
  type Ask,
  type MessageWindow,
  type WindowAction,
  type WindowEvent,
} from './message-window.ts';
import { event, message } from './window-samples.ts';

/** What the node does, one number each; what the client does; and how far each of the two directions has come. */
type Step =
  /** `answered`: which message it answers, where it is one of those that ever were; one that is yet to come otherwise. */
  | { kind: 'add'; answered: number | null }
  | { kind: 'change' | 'erase' | 'remove' | 'state'; pick: number }
  /** What waits to be delivered stays, and what keeping for some days only does not reach: every n-th; none for null. */
  | { kind: 'clear'; left: number | null }
  /** What is older than the person keeps goes: of the first ones, but for every n-th. */
  | { kind: 'age'; count: number; left: number }
  | { kind: 'ask'; ask: number; limit: number; pick: number }
  /** The node reads the page: from here on it is as old as this moment. */
  | { kind: 'answer' }
  /** It does not answer, or not with a page. */
  | { kind: 'fail' }
  | { kind: 'deliverEvents'; count: number }
  | { kind: 'deliverPage' }
  | { kind: 'end'; isAtEnd: boolean }
  | { kind: 'trim'; side: 'oldest' | 'newest' };

const pick = fc.nat({ max: 1_000 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('add' as const), answered: fc.option(fc.nat({ max: 40 })) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('change' as const, 'erase' as const, 'remove' as const, 'state' as const),
      pick,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('clear' as const),
      left: fc.option(fc.integer({ min: 2, max: 4 })),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('age' as const),
      count: fc.integer({ min: 1, max: 6 }),
      left: fc.integer({ min: 2, max: 5 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      ask: fc.nat({ max: 4 }),
      limit: fc.integer({ min: 1, max: 6 }),
      pick,
    }),
  },
  { weight: 4, arbitrary: fc.constant<Step>({ kind: 'answer' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'fail' }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('deliverEvents' as const),
      count: fc.integer({ min: 1, max: 5 }),
    }),
  },
  { weight: 4, arbitrary: fc.constant<Step>({ kind: 'deliverPage' }) },
  fc.record({ kind: fc.constant('end' as const), isAtEnd: fc.boolean() }),
  fc.record({
    kind: fc.constant('trim' as const),
    side: fc.constantFrom('oldest' as const, 'newest' as const),
  }),
);

/** A node in a few lines, one connection with two delays, and the window at its end. */
class World {
  /** What it stores: of what a message answers only the id counts. */
  node: Message[] = [];
  window: MessageWindow = emptyWindow;
  readonly seen = new Set<string>();
  #position = 0;
  #events: WindowEvent[] = [];
  #asked: { number: number; ask: Ask; limit: number } | null = null;
  #page: { number: number; page: Page } | null = null;
  #number = 0;
  /** What was asked for in vain last. */
  #failed: Ask['kind'] | null = null;

  step(step: Step): void {
    switch (step.kind) {
      case 'add':
        this.#add(step.answered);
        return;
      case 'clear':
        this.node = this.node.filter(({ position }) => step.left !== null && position % step.left === 0);
        this.#events.push(event('conversation', { id: 'c', what: 'cleared', messages: null }));
        return;
      case 'age': {
        const isGone = ({ position }: Message): boolean => position % step.left !== 0;
        const messages = this.node
          .slice(0, step.count)
          .filter(isGone)
          .map(({ id }) => id);
        this.node = this.node.filter(({ id }) => !messages.includes(id));
        this.#events.push(event('conversation', { id: 'c', what: 'cleared', messages }));
        return;
      }
      case 'change':
      case 'erase':
      case 'state':
      case 'remove':
        this.#touch(step.kind, step.pick);
        return;
      case 'ask':
        this.#ask(step);
        return;
      case 'answer':
        this.#answer();
        return;
      case 'fail':
        this.#fail('no-node');
        return;
      case 'deliverEvents':
        this.#act({ type: 'events', events: this.#events.splice(0, step.count) });
        return;
      case 'deliverPage':
        if (this.#page !== null) this.#act({ type: 'page', ...this.#page });
        this.#page = null;
        return;
      case 'end':
        this.#act({ type: 'end', isAtEnd: step.isAtEnd });
        return;
      case 'trim':
        this.#act({ type: 'trim', side: step.side });
    }
  }

  /** A message as the node tells it at this moment. */
  view(stored: Message): Message {
    const { replyTo } = stored;
    if (replyTo === null) return stored;
    const answered = this.node.find(({ id }) => id === replyTo.id);
    if (answered === undefined) return { ...stored, replyTo: { id: replyTo.id, from: null, text: null } };
    const text = Array.from(answered.text).slice(0, 200).join('');
    return { ...stored, replyTo: { id: replyTo.id, from: answered.from, text } };
  }

  settle(): void {
    this.#answer();
    if (this.#page !== null) this.step({ kind: 'deliverPage' });
    this.#act({ type: 'events', events: this.#events.splice(0) });
  }

  /** The window as its list leaves it: where all that was here is gone, the list asks for what is left, unless it tried that. */
  shown(): MessageWindow {
    if (isBlank(this.window) && !(this.window.failed !== null && this.#failed === 'newest')) {
      expect(this.window).toMatchObject({ failed: null, asked: null });
      this.step({ kind: 'ask', ask: 0, limit: 3, pick: 0 });
      this.settle();
    }
    return this.window;
  }

  #act(action: WindowAction): void {
    this.window = reduceWindow(this.window, action);
    const positions = this.window.messages.map(({ position }) => position);
    expect(positions).toEqual([...new Set(positions)].toSorted((one, other) => one - other));
  }

  #add(answered: number | null): void {
    this.#position += 1 + (this.#position % 3);
    const replyTo = answered === null ? null : { id: `m${answered}`, from: null, text: null };
    const added = message(this.#position, { replyTo });
    this.node.push(added);
    this.#events.push(event('message', this.view(added)));
  }

  #touch(kind: 'change' | 'erase' | 'state' | 'remove', pick: number): void {
    const index = this.node.length === 0 ? -1 : pick % this.node.length;
    const found = this.node[index];
    if (found === undefined) return;
    if (kind === 'remove') {
      this.node.splice(index, 1);
      this.#events.push(event('removed', { id: found.id, conversation: 'c' }));
      return;
    }
    const state: MessageState = 'read';
    const next =
      kind === 'change'
        ? { ...found, text: `changed ${pick} ${'😀'.repeat(pick)}`, deleted: false }
        : kind === 'erase'
          ? { ...found, text: '', deleted: true }
          : { ...found, state, reason: `${pick}` };
    this.node[index] = next;
    this.#events.push(
      kind !== 'state'
        ? event('changed', this.view(next))
        : event('state', { id: next.id, conversation: 'c', to: 'x', state, reason: next.reason }),
    );
  }

  #ask({ ask, limit, pick }: { ask: number; limit: number; pick: number }): void {
    const { messages } = this.window;
    const oldest = messages[0];
    const newest = messages.at(-1);
    const any = this.node[pick % Math.max(1, this.node.length)];
    const asks: (Ask | null)[] = [
      { kind: 'newest' },
      any === undefined ? null : { kind: 'around', id: any.id },
      { kind: 'at', time: new Date(pick * 100).toISOString() },
      oldest === undefined ? null : { kind: 'older', id: oldest.id },
      newest === undefined ? null : { kind: 'newer', id: newest.id },
    ];
    const chosen = asks[ask];
    if (chosen === undefined || chosen === null) return;
    this.#number += 1;
    this.#asked = { number: this.#number, ask: chosen, limit };
    this.#page = null;
    this.#act({ type: 'asked', number: this.#number, ask: chosen });
  }

  #answer(): void {
    if (this.#asked === null) return;
    const { number, ask, limit } = this.#asked;
    this.#asked = null;
    this.seen.add(ask.kind);
    const page = readPage(
      this.node.map((each) => this.view(each)),
      ask,
      limit,
    );
    if (page !== null) {
      this.#page = { number, page };
      return;
    }
    this.#asked = { number, ask, limit };
    this.#fail('unknown-message');
  }

  #fail(reason: ErrorCode): void {
    if (this.#asked === null) return;
    const { number, ask } = this.#asked;
    this.#asked = null;
    this.#failed = ask.kind;
    this.#act({ type: 'failed', number, reason });
  }
}

function readPage(node: Message[], ask: Ask, limit: number): Page | null {
  const index =
    'id' in ask
      ? node.findIndex(({ id }) => id === ask.id)
      : 'time' in ask
        ? node.findIndex(({ sentAt }) => sentAt >= ask.time)
        : node.length;
  if ('id' in ask && index === -1) return null;
  const middle = index === -1 ? node.length : index;
  const [from, to] =
    ask.kind === 'newest' || ask.kind === 'older'
      ? [Math.max(0, middle - limit), middle]
      : ask.kind === 'newer'
        ? [middle + 1, middle + 1 + limit]
        : [Math.max(0, middle - limit), middle + limit];
  return { messages: node.slice(from, to), hasOlder: from > 0, hasNewer: to < node.length };
}

test('whatever order pages and events come in, the window is a stretch of what the node has', () => {
  const kinds = new Set<string>();
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
      const world = new World();
      for (const one of steps) world.step(one);
      world.settle();
      for (const kind of world.seen) kinds.add(kind);
      const window = world.shown();
      const node = world.node.map((each) => world.view(each));
      if (window.isEmpty) return;
      // The node is away, and the next connection asks.
      if (isBlank(window)) return;
      if (window.messages.length === 0) {
        expect(node).toEqual([]);
        return;
      }
      const first = node.findIndex(({ id }) => id === window.messages[0]?.id);
      expect(first).not.toBe(-1);
      expect(window.messages).toEqual(node.slice(first, first + window.messages.length));
      if (!window.hasOlder) expect(first).toBe(0);
      if (!window.hasNewer) expect(first + window.messages.length).toBe(node.length);
    }),
    { numRuns: 2_000 },
  );
  expect([...kinds].toSorted()).toEqual(['around', 'at', 'newer', 'newest', 'older']);
});
