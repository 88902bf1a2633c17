/** The first steps, and the app of somebody who knows nobody yet. */
import type { Page } from 'playwright-core';
import { each, heading, press, text, type Screen } from './screen.ts';

const welcome = { of: 'nora', path: '/welcome' } as const;
const alone = {
  of: 'nora',
  answers: { 'settings.get': (settings) => ({ ...settings, welcomed: true }) },
} satisfies Partial<Screen>;

const tab = (name: string) => async (page: Page) => await page.getByRole('tab', { name }).click();
const card = async (page: Page): Promise<void> =>
  await page.getByRole('textbox', { name: 'Their card' }).waitFor();

export const firstStepsScreens: readonly Screen[] = [
  {
    name: 'the first screen',
    ...welcome,
    ready: async (page) => await page.getByRole('textbox', { name: 'Your name' }).waitFor(),
  },
  { name: 'the first person', ...welcome, ready: each(press('Continue'), card) },
  {
    name: 'my card in the first steps',
    ...welcome,
    ready: each(press('Continue'), tab('They need mine'), heading('Your first person'), async (page) => {
      await page.getByRole('img', { name: 'Your card as a code to scan' }).waitFor();
    }),
  },
  { name: 'nobody yet', ...alone, path: '/', ready: text('It begins with one person') },
  { name: 'no requests', ...alone, path: '/requests', ready: heading('No requests') },
  {
    name: 'no other node',
    ...alone,
    path: '/settings/diagnostics',
    ready: each(text('No other node is known yet.'), text('The keys of this profile')),
  },
  { name: 'nothing to search', ...alone, path: '/search', ready: heading('Search everything you have') },
];
