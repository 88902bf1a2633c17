/** Goal: the way back from a block is offered as long as there is something to take back, and no longer. */
import { afterEach, expect, test, vi } from 'vitest';
import type { Contact } from '@kith/api/shapes';
import { dismissToasts, undoToast, useToasts } from '../design/toast-store.ts';
import { setLanguage } from '../i18n/language.ts';

const unblocked = vi.hoisted(() => vi.fn());

vi.mock('./connection.ts', () => {
  const answer = async (input: object): Promise<object> => {
    await Promise.resolve();
    return input;
  };
  return {
    api: {
      contacts: {
        block: { mutate: answer },
        unblock: { mutate: unblocked.mockImplementation(answer) },
        remove: { mutate: answer },
      },
    },
  };
});

vi.stubGlobal('document', { documentElement: {} });
await setLanguage('en');
const { blockContact, removeContact, unblockContact } = await import('./contacts.ts');

const named = (name: string): Contact => ({ id: name, name }) as Contact;
const [ann, ben] = [named('Ann'), named('Ben')];
const texts = (): string[] => useToasts.getState().toasts.map(({ text }) => text);

afterEach(() => {
  dismissToasts();
  unblocked.mockClear();
});

test('whoever was unblocked elsewhere cannot be unblocked by the toast', async () => {
  await blockContact(ann);
  await blockContact(ben);
  expect(texts()).toEqual(['Ann is blocked', 'Ben is blocked']);
  await unblockContact(ben);
  expect(texts()).toEqual(['Ann is blocked']);
  await blockContact(ben);
  await blockContact(ben);
  expect(texts()).toEqual(['Ann is blocked', 'Ben is blocked']);
});

test('neither can whoever is removed', async () => {
  await blockContact(ben);
  removeContact(ben, 'Ben is removed');
  expect(texts()).toEqual(['Ben is removed']);
});

test('the toast takes the block back once', async () => {
  await blockContact(ben);
  for (const { id } of useToasts.getState().toasts) undoToast(id);
  await vi.waitFor(() => expect(unblocked).toHaveBeenCalled());
  expect(texts()).toEqual([]);
  expect(unblocked).toHaveBeenCalledTimes(1);
});
