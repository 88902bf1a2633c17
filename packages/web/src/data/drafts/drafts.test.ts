/** Goal: what stands in the composer is something the node will take. */
import { expect, test } from 'vitest';
import { Drafts } from './drafts.ts';

test('an answer to a message that is gone becomes a message of its own', () => {
  const drafts = new Drafts(async () => undefined);
  drafts.change('c', { text: 'yes', replyTo: 'm1' });
  drafts.removed('c', 'm2');
  drafts.removed('d', 'm1');
  expect(drafts.store('c').getState()).toEqual({ text: 'yes', replyTo: 'm1', editing: null });
  drafts.removed('c', 'm1');
  expect(drafts.store('c').getState()).toEqual({ text: 'yes', replyTo: null, editing: null });
  drafts.connected(false);
});
