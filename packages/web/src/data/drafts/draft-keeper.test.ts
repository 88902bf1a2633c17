import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  DraftKeeper,
  draftMsMax,
  draftPauseMs,
  noDraft,
  type DraftContent,
  type Save,
} from './draft-keeper.ts';

const draft = (text: string): DraftContent => ({ text, replyTo: null, editing: null });

describe('drafts', () => {
  test('are saved after a pause, and at the latest after two seconds of typing', () => {
    const keeper = new DraftKeeper();
    keeper.typed('c', draft('a'), 0);
    expect(keeper.nextWakeMs()).toBe(draftPauseMs);
    keeper.typed('c', draft('ab'), 400);
    expect(keeper.wake(draftPauseMs)).toEqual([]);
    for (let now = 800; now < draftMsMax; now += 400) keeper.typed('c', draft(`ab${now}`), now);
    expect(keeper.nextWakeMs()).toBe(draftMsMax);
    expect(keeper.wake(draftMsMax)).toHaveLength(1);
  });

  test('a failed save is tried again, and what is typed while the node is away is saved when it is back', () => {
    const keeper = new DraftKeeper();
    keeper.typed('c', draft('a'), 0);
    const [save] = keeper.wake(draftPauseMs);
    expect(save).toEqual({ conversation: 'c', content: draft('a') });
    keeper.connected(false, 600);
    if (save !== undefined) keeper.done(save, false, 600);
    keeper.typed('c', draft('ab'), 700);
    expect(keeper.nextWakeMs()).toBeNull();
    expect(keeper.isDirty).toBe(true);
    keeper.connected(true, 9_000);
    const [again] = keeper.wake(9_000);
    expect(again).toEqual({ conversation: 'c', content: draft('ab') });
    if (again !== undefined) keeper.done(again, true, 9_001);
    expect(keeper.isDirty).toBe(false);
  });

  test('another window is followed, but never over what was typed here', () => {
    const keeper = new DraftKeeper();
    expect(keeper.told('c', draft('there'))).toBe(false);
    expect(keeper.content('c')).toEqual(draft('there'));
    expect(keeper.told('c', draft('there, more'))).toBe(true);
    keeper.typed('c', draft('here'), 0);
    expect(keeper.told('c', draft('there, even more'))).toBe(false);
    expect(keeper.content('c')).toEqual(draft('here'));
  });

  test('leaving saves at once', () => {
    const keeper = new DraftKeeper();
    keeper.typed('c', draft('a'), 0);
    keeper.typed('d', draft('b'), 0);
    keeper.flush(1, 'c');
    expect(keeper.wake(1)).toEqual([{ conversation: 'c', content: draft('a') }]);
  });

  test('a save under way holds up the next one, but not the last', () => {
    const keeper = new DraftKeeper();
    keeper.typed('c', draft('a'), 0);
    expect(keeper.wake(draftPauseMs)).toHaveLength(1);
    keeper.flush(600);
    expect(keeper.wake(600, true), 'nothing new').toEqual([]);
    keeper.typed('c', draft('ab'), 700);
    keeper.flush(700);
    expect(keeper.wake(700)).toEqual([]);
    expect(keeper.wake(700, true)).toEqual([{ conversation: 'c', content: draft('ab') }]);
    expect(keeper.wake(700, true)).toEqual([]);
  });
});

test('whatever happens, the node ends with what was typed last', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('type' as const), text: fc.string({ maxLength: 3 }) }),
    fc.record({ kind: fc.constant('pass' as const), ms: fc.nat({ max: 3_000 }) }),
    // Stored, or not; and whether one hears of it.
    fc.record({ kind: fc.constant('answer' as const), isStored: fc.boolean(), isHeard: fc.boolean() }),
    fc.record({ kind: fc.constant('connect' as const), isConnected: fc.boolean() }),
    fc.record({ kind: fc.constant('leave' as const) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
      const keeper = new DraftKeeper();
      let node = noDraft;
      let typed = noDraft;
      const under: Save[] = [];
      let now = 0;
      const wake = (isLast = false): void => {
        for (const save of keeper.wake(now, isLast)) {
          if (!isLast) expect(under).toEqual([]);
          under.push(save);
        }
      };
      const answer = (isStored: boolean, isHeard = true): void => {
        const save = under.shift();
        if (save === undefined) return;
        if (isStored) node = save.content;
        keeper.done(save, isStored && isHeard, now);
      };
      for (const one of steps) {
        if (one.kind === 'type') {
          typed = draft(one.text);
          keeper.typed('c', typed, now);
        } else if (one.kind === 'pass') now += one.ms;
        else if (one.kind === 'answer') answer(one.isStored, one.isHeard);
        else if (one.kind === 'connect') keeper.connected(one.isConnected, now);
        else {
          keeper.flush(now);
          wake(true);
        }
        wake();
      }
      keeper.connected(true, now);
      for (let round = 0; round < 5; round += 1) {
        while (under.length > 0) answer(true);
        now += draftMsMax;
        wake();
      }
      answer(true);
      expect(node).toEqual(typed);
      expect(keeper.isDirty).toBe(false);
    }),
  );
});
