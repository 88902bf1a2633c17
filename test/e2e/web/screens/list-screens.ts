/** The list, and what opens above any page: the switcher, the keys, the state of the network, the search. */
import type { Page } from 'playwright-core';
import { words } from '../person.ts';
import { outlookIs } from './answers.ts';
import { choose, dialog, each, heading, press, text, type Ready, type Screen } from './screen.ts';

const listed: Ready = async (page) =>
  await page.getByRole('link', { name: words('^{}', 'Chidi Okafor') }).waitFor();
const filter = (typed: string): Ready =>
  each(
    listed,
    async (page) => await page.getByRole('searchbox', { name: 'Find a conversation' }).fill(typed),
  );
const switcher = (typed: string): Ready =>
  each(listed, async (page) => {
    await page.keyboard.press('Control+K');
    await page.getByRole('combobox', { name: 'Find or go to' }).fill(typed);
  });
const option: Ready = async (page) => await page.getByRole('option').first().waitFor();
const ada = { of: 'ada', path: '/' } as const;

async function rowMenu(page: Page): Promise<void> {
  await page.getByRole('link', { name: words('^{}', 'Dana') }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Unmute' }).waitFor();
}

export const listScreens: readonly Screen[] = [
  { name: 'the list', ...ada, ready: listed },
  {
    name: 'the list while it loads',
    ...ada,
    answers: { 'conversations.list': 'silence' },
    ready: heading('Conversations'),
  },
  {
    name: 'the list, filtered',
    ...ada,
    ready: each(
      filter('da'),
      async (page) => await page.getByRole('link', { name: words('^{}', 'Dana') }).waitFor(),
    ),
  },
  {
    name: 'the list without what was filtered for',
    ...ada,
    ready: each(filter('zzz'), text('No conversation with that name.')),
  },
  { name: 'the menu of a conversation in the list', isPlaced: true, ...ada, ready: each(listed, rowMenu) },
  {
    name: 'a long list beside a conversation',
    of: 'ada',
    path: '/c/:with-ada-chidi',
    ready: async (page) => await page.getByRole('article').last().waitFor(),
  },
  {
    name: 'the list, compact',
    of: 'ada',
    path: '/c/:with-ada-chidi',
    answers: { 'settings.get': (settings) => ({ ...settings, density: 'compact' }) },
    ready: async (page) => await page.getByRole('article').last().waitFor(),
  },
  { name: 'the switcher', ...ada, ready: each(switcher(''), option) },
  { name: 'the switcher while searching', ...ada, ready: each(switcher('no'), option) },
  {
    name: 'the switcher without a result',
    ...ada,
    ready: each(switcher('zzz'), text('Nothing has this name.')),
  },
  {
    name: 'the map of keys',
    ...ada,
    ready: each(listed, async (page) => await page.keyboard.press('?'), dialog('Keyboard shortcuts')),
  },
  {
    name: 'the state of the network',
    isPlaced: true,
    ...ada,
    answers: outlookIs('probably-cut-off'),
    ready: each(listed, press(/^Network: /), text('More about the network')),
  },
];

const search = { of: 'ada', path: '/search?words=the' } as const;
const found = text(/^\d+ messages? found$/);

export const searchScreens: readonly Screen[] = [
  {
    name: 'the search before the first word',
    of: 'ada',
    path: '/search',
    ready: heading('Search everything you have'),
  },
  { name: 'what was found', ...search, ready: found },
  {
    name: 'the search with filters',
    ...search,
    ready: each(
      found,
      press(/^From$/),
      choose('From me'),
      press(/^Date$/),
      async (page) => await page.getByLabel('From this day').fill('2020-02-29'),
    ),
  },
  {
    name: 'the search while it runs',
    ...search,
    answers: { 'messages.search': 'silence' },
    ready: text('Searching'),
  },
  {
    name: 'the search that failed',
    ...search,
    answers: { 'messages.search': { fails: 'internal' } },
    ready: heading('The search did not work'),
  },
  { name: 'nothing found', of: 'ada', path: '/search?words=xylophone', ready: heading('Nothing found') },
  {
    name: 'nothing found with a filter',
    of: 'ada',
    path: '/search?words=xylophone',
    ready: each(heading('Nothing found'), press('Has a link'), text('Remove filters')),
  },
];
