/** The settings, and what opens from them. */
import type { Page } from 'playwright-core';
import { benIs, network, outlookIs } from './answers.ts';
import { dialog, each, heading, press, text, type Ready, type Screen } from './screen.ts';

const sections = [
  'Profile',
  'Notifications',
  'Appearance',
  'Language',
  'Privacy',
  'Lock',
  'Storage',
  'Network',
  'Diagnostics',
  'About',
] as const;
const withPin: Screen['answers'] = {
  'settings.get': (settings) => ({ ...settings, hasPin: true, lockAfterMinutes: 15 }),
};
const lock = { path: '/settings/lock', answers: withPin } as const;

async function lockNow(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Lock now' }).click();
  await page.getByRole('heading', { name: 'Locked' }).waitFor();
}

const locked = { ...lock, fresh: {}, path: '/settings/lock' } as const;
const wrongPin: Ready = async (page) => {
  await page.getByLabel('PIN').fill('1111');
  await page.getByRole('button', { name: 'Unlock' }).click();
};

export const settingsScreens: readonly Screen[] = [
  {
    name: 'the settings',
    path: '/settings',
    ready: async (page) => await page.getByRole('link', { name: 'Signed-in browsers' }).waitFor(),
  },
  ...sections.map(
    (name): Screen => ({
      name: `settings, ${name}`,
      path: `/settings/${name.toLowerCase()}`,
      ready: heading(name),
    }),
  ),
  { name: 'settings, Signed-in browsers', path: '/settings/browsers', ready: text('This browser') },
  {
    name: 'several signed-in browsers',
    path: '/settings/browsers',
    answers: {
      'node.browsers': (browsers) =>
        browsers.slice(0, 1).flatMap((browser) => [
          browser,
          {
            ...browser,
            id: 'b',
            current: false,
            name: 'Firefox on Android',
            lastSeenAt: new Date(Date.now() - 7_200_000).toISOString(),
          },
          {
            ...browser,
            id: 'c',
            current: false,
            name: 'A browser that calls itself by a name longer than any line here could be',
            lastSeenAt: new Date(Date.now() - 9 * 86_400_000).toISOString(),
          },
        ]),
    },
    ready: text('Firefox on Android'),
  },
  {
    name: 'people who are blocked',
    path: '/settings/privacy',
    answers: benIs({ state: 'blocked' }),
    ready: text('Unblock'),
  },
  {
    name: 'the nodes around',
    path: '/settings/diagnostics',
    answers: network,
    ready: text(/^Connected to 8 of 40/),
  },
  {
    name: 'what was contacted',
    path: '/settings/network',
    answers: { ...network, ...outlookIs('local-only') },
    ready: text(/2001:db8/),
  },
  {
    name: 'a disk that is nearly full',
    path: '/settings/storage',
    answers: { 'node.storage': (use) => ({ ...use, freeBytes: 210_000_000, messages: 123_456 }) },
    ready: text(/are free on this disk/),
  },
  {
    name: 'the question before older messages go',
    path: '/settings/storage',
    ready: each(
      heading('Storage'),
      async (page) => await page.getByRole('radio', { name: '30 days' }).click(),
      async (page) => await page.getByRole('alertdialog').waitFor(),
    ),
  },
  { name: 'setting a PIN', path: '/settings/lock', ready: each(press('Set a PIN'), dialog('Set a PIN')) },
  {
    name: 'two PINs that differ',
    path: '/settings/lock',
    ready: each(
      press('Set a PIN'),
      async (page) => await page.getByLabel('New PIN').fill('2468'),
      async (page) => await page.getByLabel('Once more').fill('1'),
      text('This differs from the line above.'),
    ),
  },
  { name: 'a PIN that is set', ...lock, ready: text('Lock now') },
  { name: 'changing the PIN', ...lock, ready: each(press('Change'), dialog('Change the PIN')) },
  { name: 'removing the PIN', ...lock, ready: each(press('Remove'), dialog('Remove the PIN')) },
  { name: 'the lock', ...locked, ready: lockNow },
  {
    name: 'the lock with a wrong PIN',
    ...locked,
    answers: { ...withPin, 'lock.unlock': { fails: 'wrong-pin' } },
    ready: each(lockNow, wrongPin, text('This PIN is wrong.')),
  },
  { name: 'an address without a page', path: '/nowhere', ready: heading('There is nothing here') },
];
