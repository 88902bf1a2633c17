/**
 * `npm run screenshots [-- FOLDER]`: every screen of the app in light and dark, wide, half and narrow, from real nodes with real conversations
 * between them. For looking at; nothing is judged here.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { createStage, type Home, type Stage } from '../node-process.ts';
import { openBrowser, type BrowserStage } from './browser.ts';
import { composer, message, openConversation } from './person.ts';
import { twoFriends, type Friends } from './two-friends.ts';

const folder = resolve(process.argv[2] ?? 'screenshots');
const sizes = [
  { name: 'wide', width: 1440, height: 900 },
  { name: 'half', width: 900, height: 800 },
  { name: 'narrow', width: 390, height: 844 },
];
const themes = ['light', 'dark'] as const;
const settings = [
  'profile',
  'notifications',
  'appearance',
  'language',
  'privacy',
  'lock',
  'browsers',
  'storage',
  'network',
  'diagnostics',
  'about',
];

async function picture(page: Page, name: string): Promise<void> {
  for (const { name: size, width, height } of sizes) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of themes) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      // What the theme changes begins to move with the next frame.
      await page.evaluate(async () => {
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        await Promise.allSettled(document.getAnimations().map((each) => each.finished));
      });
      await page.screenshot({ path: join(folder, `${name}-${size}-${colorScheme}.png`) });
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  console.log(name);
}

async function firstSteps(stage: Stage, browser: BrowserStage): Promise<void> {
  const home = stage.home('Nora');
  await home.up(['--lan', 'off']);
  const page = await browser.open(home);
  await page.getByRole('textbox', { name: 'Your name' }).waitFor();
  await picture(page, '01-welcome');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('textbox', { name: 'Their card' }).waitFor();
  await picture(page, '02-first-person');
  await page.getByRole('tab', { name: 'They need mine' }).click();
  await page.getByRole('button', { name: 'Copy my card' }).waitFor();
  await picture(page, '03-my-card-first');
  await page.getByRole('button', { name: 'Later' }).click();
  await page.getByText('It begins with one person').waitFor();
  await picture(page, '04-nobody-yet');
}

/** A profile that was used for long: several conversations, one of them open. */
async function longUsed(stage: Stage, browser: BrowserStage): Promise<void> {
  const data = join(stage.folder, 'long-used');
  const fill = join(import.meta.dirname, '../../../packages/node/test/filled-profile.ts');
  execFileSync(process.execPath, [fill, data, '14', '300'], {
    env: { ...process.env, KITH_KEYCHAIN: 'file' },
  });
  const home = stage.home('Ada', { data: () => data });
  await home.up(['--lan', 'off', '--listen', '/ip4/127.0.0.1/tcp/0']);
  const connection = await home.connect();
  await connection.api.settings.set.mutate({ welcomed: true });
  await connection.close();
  const page = await browser.open(home);
  await openConversation(page, 'Chidi Okafor');
  await page.getByRole('article').last().waitFor();
  await picture(page, '05-long-used');
}

/** What a week between two friends may look like. */
async function talk(ann: Home, ben: Home): Promise<void> {
  const said = await ben.json<{ id: string }>([
    'send',
    'Ann',
    'Is the **ferry** still at nine?',
    '--wait',
    'delivered',
  ]);
  const connections = { ann: await ann.connect(), ben: await ben.connect() };
  const [contact] = await connections.ann.api.contacts.list.query();
  const conversation = contact?.conversation ?? '';
  await connections.ann.api.messages.send.mutate({
    to: 'Ben',
    text: 'Yes, pier 4. I have the tickets.',
    replyTo: said.id,
  });
  await connections.ann.api.messages.react.mutate({ conversation, id: said.id, emoji: '👍', on: true });
  await ben.json([
    'send',
    'Ann',
    'Then I bring:\n\n- bread\n- the blue coat\n- `map.gpx`',
    '--wait',
    'delivered',
  ]);
  await ann.json(['send', 'Ben', '```sh\nkith card --once\n```', '--wait', 'delivered']);
  await ben.json(['send', 'Ann', 'See https://ferries.example/timetable', '--wait', 'delivered']);
  await ann.json(['send', 'Ben', 'לילה טוב, נתראה מחר', '--wait', 'delivered']);
  await Promise.all([connections.ann.close(), connections.ben.close()]);
}

async function request(stage: Stage, ann: Home): Promise<void> {
  const { card } = await ann.json<{ card: string }>(['card']);
  const cleo = stage.home('Cleo');
  await cleo.up(['--lan', 'off', '--listen', '/ip4/127.0.0.1/tcp/0']);
  const follower = await ann.follow();
  await cleo.json(['add', card]);
  await follower.until('the request', ({ event }) => event === 'request');
  await follower.close();
}

async function conversations({ ann }: Friends): Promise<void> {
  const { page } = ann;
  await openConversation(page, 'Ben');
  await message(page, 'timetable').waitFor();
  // What was told in passing has passed.
  await page
    .getByRole('region', { name: 'What just happened' })
    .getByRole('button', { name: 'Close' })
    .click();
  await picture(page, '10-conversation');
  await composer(page, 'Ben').fill('A draft with *emphasis* and a smile :smi');
  await picture(page, '11-completion');
  await composer(page, 'Ben').fill('/');
  await picture(page, '12-commands');
  await composer(page, 'Ben').fill('');
  await message(page, 'kith card').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'What happened to it' }).waitFor();
  await picture(page, '13-ledger');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await picture(page, '14-switcher');
  await page.keyboard.press('Escape');
  const origin = new URL(page.url()).origin;
  const contact = (await ann.home.list<{ id: string; name: string }>(['contacts'])).find(
    ({ name }) => name === 'Ben',
  );
  const pages: [name: string, path: string][] = [
    ['20-search', '/search?words=ferr'],
    ['21-add', '/add'],
    ['22-card', '/card'],
    ['23-requests', '/requests'],
    ['24-person', `/person/${contact?.id ?? ''}`],
    ['25-verify', `/person/${contact?.id ?? ''}/verify`],
    ['30-settings', '/settings'],
    ...settings.map((section): [string, string] => [`31-settings-${section}`, `/settings/${section}`]),
    ['40-lost', '/nothing/here'],
  ];
  for (const [name, path] of pages) {
    await page.goto(`${origin}${path}`);
    await page.locator('main h1, main h2, main input').first().waitFor();
    await page.waitForLoadState('networkidle');
    await picture(page, name);
  }
  await page.goto(origin);
  await ann.node.stop();
  await page.getByText('Kith is not running right now').waitFor();
  await picture(page, '41-node-gone');
}

mkdirSync(folder, { recursive: true });
const stage = createStage();
const browser = await openBrowser();
try {
  await firstSteps(stage, browser);
  await longUsed(stage, browser);
  const friends = await twoFriends(stage, browser);
  await talk(friends.ann.home, friends.ben.home);
  await request(stage, friends.ann.home);
  await conversations(friends);
  console.log(`pictures are in ${folder}`);
} finally {
  await browser.close();
  await stage.clear();
}
