/** Goal: nothing that happens while the page begins is missed: the list is asked for after the event from which all are followed. */
import { expect, test, vi } from 'vitest';

const asked: string[] = [];
const status = Promise.withResolvers<{ lastSeq: number }>();

vi.mock('./connection.ts', () => ({
  connectionState: () => 'connected',
  watchConnection: () => () => undefined,
  api: {
    node: {
      status: {
        query: async () => {
          asked.push('status');
          return await status.promise;
        },
      },
    },
    events: {
      follow: { subscribe: ({ since }: { since: number }) => asked.push(`events since ${String(since)}`) },
    },
    conversations: {
      list: {
        query: async () => {
          asked.push('list');
          return await Promise.resolve([]);
        },
      },
      typing: { subscribe: () => ({ unsubscribe: () => undefined }) },
    },
  },
}));

test('the list is asked for when the events are followed, no sooner', async () => {
  Object.assign(globalThis, {
    addEventListener: () => undefined,
    document: { addEventListener: () => undefined },
  });
  const { followNode } = await import('./follow.ts');
  const { followTalk, talk } = await import('./live-talk.ts');
  followTalk();
  followNode();
  await vi.waitFor(() => expect(asked).toEqual(['status']));
  status.resolve({ lastSeq: 7 });
  await vi.waitFor(() => expect(talk.list.getState().list).not.toBeNull());
  expect(asked).toEqual(['status', 'events since 7', 'list']);
});
