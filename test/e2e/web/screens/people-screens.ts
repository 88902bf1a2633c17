/** Adding people, requests, the page of a person, and comparing numbers. */
import type { Page } from 'playwright-core';
import { benIs, reachIs } from './answers.ts';
import type { ScreenWorld } from './screen-world.ts';
import { dialog, each, heading, press, text, type Ready, type Screen } from './screen.ts';

const field = (page: Page) => page.getByRole('textbox', { name: 'Their card' });
const paste =
  (card: string): Ready =>
  async (page) =>
    await field(page).fill(card);
const tab =
  (name: string): Ready =>
  async (page) =>
    await page.getByRole('tab', { name }).click();
const code =
  (name: string): Ready =>
  async (page) =>
    await page.getByRole('img', { name }).waitFor();
const row =
  (name: string): Ready =>
  async (page) =>
    await page.getByRole('button', { name }).first().waitFor();

async function pasteCardOf(
  page: Page,
  of: keyof Pick<ScreenWorld, 'ada' | 'ben' | 'ann'>,
  world: ScreenWorld,
): Promise<void> {
  const { card } = await world[of].api.profile.makeCard.mutate({ once: of === 'ada' });
  await field(page).fill(card);
}

/** A camera that sees a wall, or none. Runs in the page. */
function wall(): void {
  const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 640 });
  const paint = canvas.getContext('2d');
  if (paint !== null) {
    // A picture that never changes is none.
    setInterval(() => {
      paint.fillStyle = '#8a7f72';
      paint.fillRect(0, 0, 640, 640);
    }, 100);
  }
  navigator.mediaDevices.getUserMedia = async () => await Promise.resolve(canvas.captureStream(5));
}

function refused(): void {
  navigator.mediaDevices.getUserMedia = async () =>
    await Promise.reject(new DOMException('no', 'NotAllowedError'));
}

const camera = (sees: () => void) => ({ before: async (page: Page) => await page.addInitScript(sees) });

const adding: readonly Screen[] = [
  { name: 'adding somebody', path: '/add', ready: async (page) => await field(page).waitFor() },
  {
    name: 'a text that is no card',
    path: '/add',
    ready: each(paste('hello there, this is no card'), text(/^This is not a card/)),
  },
  {
    name: 'a card that connects at once',
    path: '/add',
    ready: async (page, world) => {
      await pasteCardOf(page, 'ada', world);
      await text('Connects you at once')(page);
    },
  },
  {
    name: 'a card of somebody who is here already',
    path: '/add',
    ready: async (page, world) => {
      await pasteCardOf(page, 'ben', world);
      await text('Open their page')(page);
    },
  },
  {
    name: 'people nearby',
    path: '/add',
    answers: {
      'settings.get': (settings) => ({ ...settings, lan: 'on' }),
      'network.nearby': () =>
        ['Milan', 'Somebody whose name is so long that it cannot stand in one line'].map((name, index) => ({
          id: `kith1${String(index).repeat(52)}`,
          name,
          hue: index,
          card: '',
        })),
    },
    ready: row('Add Milan'),
  },
  {
    name: 'nobody nearby',
    path: '/add',
    answers: { 'settings.get': (settings) => ({ ...settings, lan: 'on' }) },
    ready: text(/^Nobody on this local network/),
  },
  {
    name: 'the camera',
    path: '/',
    fresh: camera(wall),
    ready: each(
      press('Add somebody'),
      press('Scan with the camera'),
      dialog('Scan with the camera'),
      async (page) => await page.locator('[aria-hidden].border-2:not(.hidden)').waitFor(),
    ),
  },
  {
    name: 'the camera refused',
    path: '/',
    fresh: camera(refused),
    ready: each(
      press('Add somebody'),
      press('Scan with the camera'),
      text(/^This page may not use the camera/),
    ),
  },
  { name: 'my card', path: '/card', ready: code('Your card as a code to scan') },
  {
    name: 'my card for anybody',
    path: '/card',
    ready: each(
      async (page) => await page.getByRole('radio', { name: 'For anybody' }).click(),
      text(/^For as many as you like/),
      code('Your card as a code to scan'),
    ),
  },
  {
    name: 'my card that could not be made',
    path: '/card',
    answers: { 'profile.makeCard': { fails: 'disk-full' } },
    ready: text('The disk is full'),
  },
  { name: 'the requests', path: '/requests', ready: row('Accept') },
  {
    name: 'a request with first words',
    path: '/requests',
    answers: {
      'contacts.list': (contacts) =>
        contacts.map((contact) => ({
          ...contact,
          greeting: 'Hello Ann, we met at the harbour on Sunday. I have the rope you asked about.\nשלום',
        })),
    },
    ready: text(/we met at the harbour/),
  },
];

const persons: readonly Screen[] = [
  { name: 'a person', path: '/person/:ben', ready: heading('Ben') },
  {
    name: 'a person who is verified',
    path: '/person/:ben',
    answers: benIs({ verified: true, claimedName: 'Benjamin' }),
    ready: heading('Verified'),
  },
  {
    name: 'a person whose key has changed',
    path: '/person/:ben',
    answers: benIs({ keyChanged: true }),
    ready: heading(/key has changed$/),
  },
  {
    name: 'a person who is blocked',
    path: '/person/:ben',
    answers: benIs({ state: 'blocked', reachable: false }),
    ready: row('Unblock'),
  },
  { name: 'a person who asks', path: '/person/:cat', ready: row('Accept') },
  {
    name: 'a person who was asked',
    path: '/person/:eve',
    answers: reachIs({ step: 'asked', cause: null }),
    ready: text(/^Waiting for/),
  },
  {
    name: 'a person who cannot be reached',
    path: '/person/:eve',
    answers: reachIs({ step: 'dialling', cause: 'refused' }),
    ready: text(/Kith does not seem to be running on it/),
  },
  { name: 'a person who is not here', path: '/person/kith1nobody', ready: heading('There is nothing here') },
  {
    name: 'the ways to mute a person',
    path: '/person/:ben',
    ready: each(press('Mute'), text('For eight hours')),
  },
  {
    name: 'another name for a person',
    path: '/person/:eve',
    ready: each(press('Change the name'), dialog('Change the name')),
  },
  {
    name: 'the question before removing',
    path: '/person/:ben',
    ready: each(press('Remove from contacts'), row('Remove')),
  },
];

const verify = { path: '/person/:ben/verify' } as const;
const comparing: readonly Screen[] = [
  { name: 'comparing numbers', ...verify, ready: row('They are the same') },
  {
    name: 'comparing by camera',
    ...verify,
    ready: each(tab('By camera'), code('Code for the other camera')),
  },
  {
    name: 'numbers that differ',
    ...verify,
    ready: each(press('They differ'), heading('The numbers differ')),
  },
  {
    name: 'numbers that are the same',
    ...verify,
    answers: { 'contacts.verify': (number) => ({ ...number, verified: true }) },
    ready: heading('Verified'),
  },
];

export const peopleScreens: readonly Screen[] = [...adding, ...persons, ...comparing];
