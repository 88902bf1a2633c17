/** Two people who know each other already, each with a node and a browser: where most stories of the app begin. */
import type { Page } from 'playwright-core';
import { freePort, type Home, type RunningNode, type Stage } from '../node-process.ts';
import type { BrowserStage } from './browser.ts';

export interface Friend {
  home: Home;
  page: Page;
  node: RunningNode;
  /** Starts the node again, where it was, with all it had. */
  restart: () => Promise<void>;
}

export interface Friends {
  ann: Friend;
  ben: Friend;
  /** The id of their conversation. */
  conversation: string;
}

/** Ends with both connected, their first steps behind them, and both at the list of conversations. */
export async function twoFriends(stage: Stage, browser: BrowserStage): Promise<Friends> {
  const annHome = stage.home('Ann');
  const benHome = stage.home('Ben');
  const [annNode, benNode] = [await placed(annHome), await placed(benHome)];
  const { card } = await annHome.json<{ card: string }>(['card', '--once']);
  const follower = await benHome.follow();
  await benHome.json(['add', card, '--name', 'Ann']);
  await follower.until('connected', ({ event, data }) => event === 'contact' && data.state === 'connected');
  await follower.close();
  const connection = await benHome.connect();
  const [contact] = await connection.api.contacts.list.query();
  await connection.close();
  const conversation = contact?.conversation;
  if (conversation === undefined) throw new Error('Ben has no conversation');
  const ann = await friend(browser, annHome, annNode);
  const ben = await friend(browser, benHome, benNode);
  return { ann, ben, conversation };
}

interface Placed {
  node: RunningNode;
  options: string[];
}

async function placed(home: Home): Promise<Placed> {
  const options = [
    '--lan',
    'off',
    '--port',
    String(await freePort()),
    '--listen',
    `/ip4/127.0.0.1/tcp/${await freePort()}`,
  ];
  return { node: await home.up(options), options };
}

async function friend(browser: BrowserStage, home: Home, { node, options }: Placed): Promise<Friend> {
  const connection = await home.connect();
  await connection.api.settings.set.mutate({ welcomed: true });
  await connection.close();
  const page = await browser.open(home);
  const self: Friend = {
    home,
    page,
    node,
    restart: async () => {
      self.node = await home.up(options);
    },
  };
  return self;
}
