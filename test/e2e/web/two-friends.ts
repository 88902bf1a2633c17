/** Two people who know each other already, each with a node and a browser: where most stories of the app begin. */
import type { BrowserContextOptions, Page } from 'playwright-core';
import type { Connection } from '@kith/api/client';
import type { SettingsInput } from '@kith/api/settings-shapes';
import { freePort, type Home, type RunningNode, type Stage } from '../node-process.ts';
import type { BrowserStage } from './browser.ts';

export interface Person {
  home: Home;
  node: RunningNode;
  /** A client of the node, to prepare what a test is not about. */
  api: Connection['api'];
  /** Starts the node again, where it was, with all it had. */
  restart: () => Promise<void>;
}

export interface Friend extends Person {
  page: Page;
}

export interface Friends {
  ann: Friend;
  ben: Friend;
  /** The id of their conversation. */
  conversation: string;
}

/** Ends with both connected, their first steps behind them, and both at the list of conversations. */
export async function twoFriends(
  stage: Stage,
  browser: BrowserStage,
  options: BrowserContextOptions = {},
): Promise<Friends> {
  const [ann, ben] = await Promise.all([person(stage.home('Ann')), person(stage.home('Ben'))]);
  const conversation = await befriend(ann, ben, 'Ann');
  const open = async (of: Person): Promise<Friend> =>
    Object.assign(of, { page: await browser.open(of.home, options) });
  const [annHere, benHere] = await Promise.all([open(ann), open(ben)]);
  return { ann: annHere, ben: benHere, conversation };
}

/** One person whose first steps are behind them. Their node listens on loopback, where it is found again after a restart. */
export async function person(home: Home, settings: SettingsInput = {}): Promise<Person> {
  const options = [
    '--lan',
    'off',
    '--port',
    String(await freePort()),
    '--listen',
    `/ip4/127.0.0.1/tcp/${await freePort()}`,
  ];
  const node = await home.up(options);
  const { api } = await home.connect();
  await api.settings.set.mutate({ welcomed: true, ...settings });
  const self: Person = {
    home,
    node,
    api,
    restart: async () => {
      self.node = await home.up(options);
      self.api = (await home.connect()).api;
    },
  };
  return self;
}

/** `taker` takes a card of `giver` that connects at once, and calls them so. Resolves when both are connected. */
export async function befriend(giver: Person, taker: Person, name: string): Promise<string> {
  const followers = await Promise.all([giver.home.follow(), taker.home.follow()]);
  const { card } = await giver.api.profile.makeCard.mutate({ once: true });
  const { conversation } = await taker.api.contacts.add.mutate({ card, name });
  await Promise.all(
    followers.map(async (follower) => {
      await follower.until(
        'connected',
        ({ event, data }) =>
          event === 'contact' && data.state === 'connected' && data.conversation === conversation,
      );
      await follower.close();
    }),
  );
  return conversation;
}

/** `stranger` took a card that asks first. Resolves when they are in the box of `asked`. */
export async function request(asked: Person, stranger: Person): Promise<void> {
  const follower = await asked.home.follow();
  const { card } = await asked.api.profile.makeCard.mutate({ once: false });
  await stranger.api.contacts.add.mutate({ card });
  await follower.until(
    'a request',
    ({ event, data }) => event === 'request' && data.name === stranger.home.name,
  );
  await follower.close();
}
