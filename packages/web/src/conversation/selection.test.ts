import { expect, test } from 'vitest';
import { event, message } from '../data/messages/window-samples.ts';
import { selectedMax, toggled, withEvents, type Selection } from './selection.ts';

function selectionOf(...positions: number[]): Selection {
  let selection: Selection | null = null;
  for (const position of positions) {
    const next = toggled(selection, message(position));
    if (next === 'full') throw new RangeError('too many');
    selection = next;
  }
  if (selection === null) throw new RangeError('none');
  return selection;
}

const ids = (selection: Selection | 'full' | null): string[] | 'full' | null =>
  selection === null || selection === 'full' ? selection : [...selection.keys()];

test('keeps what was selected, in the order of the conversation', () => {
  const selection = selectionOf(900, 3, 870);
  expect(ids(selection)).toEqual(['m3', 'm870', 'm900']);
  expect(ids(toggled(selection, message(870)))).toEqual(['m3', 'm900']);
  expect(toggled(selectionOf(3), message(3))).toBeNull();
});

test('takes no more than so many, but lets go of each', () => {
  const all = selectionOf(...Array.from({ length: selectedMax }, (_, position) => position));
  expect(toggled(all, message(selectedMax))).toBe('full');
  expect(ids(toggled(all, message(7)))).toHaveLength(selectedMax - 1);
});

test('has nothing that was deleted, removed or cleared meanwhile', () => {
  const selection = selectionOf(1, 2, 3);
  const deleted = withEvents(selection, 'c', [event('changed', message(2, { deleted: true, text: '' }))]);
  expect([...(deleted?.values() ?? [])].map(({ text }) => text)).toEqual(['text 1', '', 'text 3']);
  expect(ids(withEvents(selection, 'c', [event('removed', { id: 'm2', conversation: 'c' })]))).toEqual([
    'm1',
    'm3',
  ]);
  const cleared = (messages: string[] | null, id = 'c') =>
    withEvents(selection, 'c', [event('conversation', { id, what: 'cleared', messages })]);
  expect(ids(cleared(['m1', 'm9']))).toEqual(['m2', 'm3']);
  expect(cleared(null)).toBeNull();
  expect(cleared(null, 'another')).toBe(selection);
  expect(withEvents(selection, 'c', [event('message', message(4))])).toBe(selection);
});
