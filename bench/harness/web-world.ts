/**
 * What the benchmark of the web app looks at: a node with 100,000 messages in one conversation and fifty others, a friend who can write
 * to it, and a browser. Made once for all rounds, since filling it takes longer than measuring.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { createStage, type Home } from '../../test/e2e/node-process.ts';
import { openBrowser } from '../../test/e2e/web/browser.ts';

export const messagesFilled = 100_000;
const conversations = 50;

export interface WebWorld {
  /** A window that nobody used before, signed in, at the list of conversations. */
  open: () => Promise<Page>;
  /** The name of the conversation with 100,000 messages. */
  long: string;
  /** The friend writes that many messages at that pace. Resolves when the last is safe on their disk. */
  flood: (count: number, perSecond: number) => Promise<void>;
  /** The name of the friend. */
  friend: string;
}

let world: Promise<WebWorld> | undefined;

/** The same for every round; gone with the process. */
export function webWorld(): Promise<WebWorld> {
  return (world ??= make());
}

/** Ends nodes and browser, where there are any. */
export async function endWebWorld(): Promise<void> {
  if (world === undefined) return;
  await world;
  for (const end of ends.splice(0)) await end();
}

const ends: (() => Promise<void>)[] = [];

async function make(): Promise<WebWorld> {
  const stage = createStage();
  ends.push(async () => stage.clear());
  const data = join(stage.folder, 'filled');
  const fill = join(import.meta.dirname, '../../packages/node/test/filled-profile.ts');
  execFileSync(process.execPath, [fill, data, String(conversations), String(messagesFilled)], {
    env: { ...process.env, KITH_KEYCHAIN: 'file' },
  });
  const ada = stage.home('Ada', { data: () => data });
  const eve = stage.home('Eve');
  await Promise.all([
    ada.up(['--lan', 'off', '--listen', '/ip4/127.0.0.1/tcp/0']),
    eve.up(['--lan', 'off', '--listen', '/ip4/127.0.0.1/tcp/0']),
  ]);
  const long = await oldestConversation(ada);
  await introduce(ada, eve);
  const browser = await openBrowser();
  ends.unshift(async () => browser.close());
  const { api } = await eve.connect();
  return {
    open: async () => browser.open(ada),
    long,
    friend: 'Eve',
    flood: async (count, perSecond) => {
      const startMs = performance.now();
      for (let number = 0; number < count; number += 1) {
        const dueMs = startMs + (number * 1_000) / perSecond;
        const waitMs = dueMs - performance.now();
        if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
        await api.messages.send.mutate({ to: 'Ada', text: `Number ${number} of a flood of ${count}` });
      }
    },
  };
}

/** Its name. The long one was filled first, so that all others are above it in the list. */
async function oldestConversation(ada: Home): Promise<string> {
  const connection = await ada.connect();
  const list = await connection.api.conversations.list.query();
  await connection.close();
  const { name } = list.at(-1) ?? {};
  if (name === undefined) throw new Error('the profile was not filled');
  return name;
}

async function introduce(ada: Home, eve: Home): Promise<void> {
  const connection = await ada.connect();
  await connection.api.settings.set.mutate({ welcomed: true });
  await connection.close();
  const { card } = await ada.json<{ card: string }>(['card', '--once']);
  const follower = await eve.follow();
  await eve.json(['add', card, '--name', 'Ada']);
  await follower.until('connected', ({ event, data }) => event === 'contact' && data.state === 'connected');
  await follower.close();
}
