/** Goal: what was deleted is not seen again, also not for the moment between the answer and the event. */
import { expect, test } from 'vitest';
import { forgetHidden, hideConversation, hideMessages, isHidden, useHidden } from './hidden.ts';
import { event, message } from './messages/window-samples.ts';

test('what is deleted stays hidden until its event, and no longer', () => {
  hideMessages(['m1', 'm2', 'm3'], true);
  forgetHidden([event('changed', message(1)), event('removed', { id: 'm9', conversation: 'c' })]);
  expect([1, 2, 3].map((at) => isHidden(message(at)))).toEqual([true, true, true]);
  forgetHidden([
    event('removed', { id: 'm1', conversation: 'c' }),
    event('changed', message(2, { deleted: true })),
  ]);
  expect([1, 2, 3].map((at) => isHidden(message(at)))).toEqual([false, false, true]);
  hideMessages(['m3'], false);
  expect(useHidden.getState().messages.size).toBe(0);
});

test('of a conversation that is cleared what comes later is shown', () => {
  hideConversation('c', 2);
  expect([1, 2, 3].map((at) => isHidden(message(at)))).toEqual([true, true, false]);
  hideConversation('c', null);
  expect(isHidden(message(1))).toBe(false);
});
