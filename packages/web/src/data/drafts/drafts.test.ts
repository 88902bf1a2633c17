/** Goal: what stands in the composer is something the node will take. */
import { expect, test, vi } from 'vitest';
import { KithError } from '@kith/api/errors';
import { noDraft, type DraftContent } from './draft-keeper.ts';
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

test('an edit of a message that is gone ends, and its text does not stay behind', () => {
  const drafts = new Drafts(async () => undefined);
  drafts.change('c', { text: 'secret, nearly', editing: 'm1' });
  drafts.removed('c', 'm2');
  expect(drafts.store('c').getState().editing).toBe('m1');
  drafts.removed('c', 'm1');
  expect(drafts.store('c').getState()).toEqual({ text: '', replyTo: null, editing: null });
  drafts.connected(false);
});

test('what the node refuses because its message is gone is let go, and the text reaches the disk', async () => {
  const asked: DraftContent[] = [];
  const drafts = new Drafts(async (_conversation, content) => {
    asked.push(content);
    if (content.replyTo !== null || content.editing !== null) throw new KithError('unknown-message');
    await Promise.resolve();
  });
  const saved = async (change: Partial<DraftContent>): Promise<DraftContent> => {
    drafts.change('c', change);
    const released = new Promise<DraftContent>((resolve) => {
      const end = drafts.store('c').subscribe((content) => {
        end();
        resolve(content);
      });
    });
    drafts.flush('c');
    return await released;
  };
  expect(await saved({ text: 'yes', replyTo: 'm1' })).toEqual({ text: 'yes', replyTo: null, editing: null });
  drafts.flush('c');
  await vi.waitFor(() => expect(drafts.isDirty).toBe(false));
  expect(asked.at(-1)).toEqual({ text: 'yes', replyTo: null, editing: null });
  expect(await saved({ text: 'secret, nearly', editing: 'm2' })).toEqual(noDraft);
  drafts.connected(false);
});

test('another reason to refuse takes nothing away', async () => {
  const refused = Promise.reject<unknown>(new KithError('disk-full'));
  const drafts = new Drafts(async () => await refused);
  drafts.change('c', { text: 'yes', replyTo: 'm1' });
  drafts.flush('c');
  await refused.catch(() => undefined);
  await Promise.resolve();
  expect(drafts.store('c').getState().replyTo).toBe('m1');
  drafts.connected(false);
});
