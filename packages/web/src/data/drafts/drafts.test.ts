/** Goal: what stands in the composer is something the node will take. */
import { describe, expect, test, vi } from 'vitest';
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

describe('an edit, with an answer half written before it', () => {
  function edited(): Drafts {
    const drafts = new Drafts(async () => undefined);
    drafts.change('c', { text: 'hello', replyTo: 'm1' });
    drafts.edit('c', { id: 'm9', text: 'old' });
    expect(drafts.store('c').getState()).toEqual({ text: 'old', replyTo: null, editing: 'm9' });
    return drafts;
  }
  const before: DraftContent = { text: 'hello', replyTo: 'm1', editing: null };

  test('leaves that as it was when it ends, by the person, with its message, or elsewhere', async () => {
    const ends: ((drafts: Drafts) => unknown)[] = [
      (drafts) => drafts.endEdit('c'),
      (drafts) => drafts.removed('c', 'm9'),
      (drafts) => drafts.deleted('c', 'm9'),
      // Another edit in the place of the first.
      (drafts) => {
        drafts.edit('c', { id: 'm8', text: 'older' });
        drafts.endEdit('c');
      },
    ];
    for (const end of ends) {
      const drafts = edited();
      end(drafts);
      expect(drafts.store('c').getState()).toEqual(before);
      drafts.edit('c', { id: 'm9', text: 'old' });
      drafts.change('c', { text: '' });
      drafts.endEdit('c');
      expect(drafts.store('c').getState(), 'and again').toEqual(before);
      drafts.connected(false);
    }
    const drafts = edited();
    drafts.flush('c');
    await vi.waitFor(() => expect(drafts.isDirty).toBe(false));
    drafts.told('c', noDraft);
    expect(drafts.store('c').getState(), 'another window ended it').toEqual(before);
    drafts.connected(false);
  });

  test('ends where the node says that its message is deleted, and what answers that stays', async () => {
    const asked: DraftContent[] = [];
    const drafts = new Drafts(async (_conversation, content) => {
      asked.push(content);
      if (content.editing !== null) throw new KithError('message-deleted');
      await Promise.resolve();
    });
    drafts.change('c', { text: 'hello', replyTo: 'm9' });
    drafts.edit('c', { id: 'm9', text: 'secret' });
    drafts.flush('c');
    await vi.waitFor(() => expect(drafts.store('c').getState().editing).toBeNull());
    expect(drafts.store('c').getState()).toEqual({ text: 'hello', replyTo: 'm9', editing: null });
    drafts.flush('c');
    await vi.waitFor(() => expect(drafts.isDirty).toBe(false));
    expect(asked.at(-1)?.text).toBe('hello');
    drafts.connected(false);
  });

  test('is mixed with nothing that comes back meanwhile', () => {
    const drafts = edited();
    drafts.giveBack('c', { text: 'refused', replyTo: 'm2' });
    drafts.reopenEdit('c', { id: 'm7', text: 'another edit' });
    expect(drafts.store('c').getState()).toEqual({ text: 'old', replyTo: null, editing: 'm9' });
    drafts.removed('c', 'm1');
    drafts.endEdit('c');
    const text = 'another edit\nrefused\nhello';
    expect(drafts.store('c').getState()).toEqual({ text, replyTo: null, editing: null });
    drafts.connected(false);
  });

  test('says that something typed waits behind it, which is on no disk', async () => {
    const drafts = edited();
    drafts.flush('c');
    await vi.waitFor(() => expect(drafts.isDirty).toBe(false));
    expect(drafts.isBehindEdit).toBe(true);
    drafts.endEdit('c');
    expect(drafts.isBehindEdit).toBe(false);
    drafts.connected(false);
  });
});
