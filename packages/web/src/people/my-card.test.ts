/** Goal: a card is made for who opens the page or wishes for a new one, and for nobody else: each that lives lets somebody in. */
import { QueryObserver } from '@tanstack/react-query';
import { expect, test, vi } from 'vitest';
import { queryClient } from '../data/query-client.ts';

const node = vi.hoisted(() => ({ made: 0 }));

vi.mock('../data/connection.ts', () => ({
  api: {
    profile: {
      makeCard: { mutate: async () => await Promise.resolve({ card: `card ${String((node.made += 1))}` }) },
    },
  },
}));

const { cardOf } = await import('./my-card.tsx');

test('a break leaves the card that is shown, and another visit finds it', async () => {
  const shown = (): string | undefined => queryClient.getQueryData<{ card: string }>(['card', 'once'])?.card;
  const page = new QueryObserver(queryClient, cardOf('once'));
  const leave = page.subscribe(() => undefined);
  await vi.waitFor(() => expect(shown()).toBe('card 1'));
  // As data/follow.ts does after a break.
  await queryClient.invalidateQueries();
  expect([shown(), node.made]).toEqual(['card 1', 1]);

  leave();
  await queryClient.invalidateQueries();
  const again = new QueryObserver(queryClient, cardOf('once'));
  const leaveAgain = again.subscribe(() => undefined);
  expect(again.getCurrentResult()).toMatchObject({ data: { card: 'card 1' }, fetchStatus: 'idle' });

  await again.refetch();
  expect([shown(), node.made]).toEqual(['card 2', 2]);
  leaveAgain();
  queryClient.clear();
});
