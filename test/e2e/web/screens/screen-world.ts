/** The people whose screens are looked at, and what they have said to each other. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Follower, Stage } from '../../node-process.ts';
import type { BrowserStage } from '../browser.ts';
import { befriend, person, request, type Person } from '../two-friends.ts';
import { alterAnswers, type Altered } from './altered-answers.ts';
import type { Owner, Screen } from './screen.ts';

export interface ScreenWorld extends Record<Owner, Person> {
  ben: Person;
  /** What stands for whom in an address: `:ben` is Ann's contact, `:with-ben` the conversation with him. */
  places: ReadonlyMap<string, string>;
  /** Goes to the screen and does what makes it, in a window of that size. */
  show: (screen: Screen, window?: Size) => Promise<Page>;
  /** Puts back what that changed. */
  leave: (screen: Screen, page: Page) => Promise<void>;
}

export async function screenWorld(stage: Stage, browser: () => BrowserStage): Promise<ScreenWorld> {
  const adaData = longUsed(stage);
  const [ann, ben, cat, nora, ada] = await Promise.all([
    person(stage.home('Ann')),
    person(stage.home('Ben')),
    person(stage.home('Cat')),
    person(stage.home('Nora'), { welcomed: false }),
    person(stage.home('Ada', { data: () => adaData })),
  ]);
  const conversation = await befriend(ben, ann, 'Ben');
  await talk(ann, ben, conversation);
  await request(ann, cat);
  await unanswered(stage, ann);
  await arrange(ada);
  const places = new Map([...(await placesOf(ann, '')), ...(await placesOf(ada, 'ada-'))]);
  const people = { ann, ben, nora, ada };
  return { ...people, places, ...shower(people, places, browser) };
}

type People = Pick<ScreenWorld, 'ben' | Owner>;

function shower(
  people: People,
  places: ScreenWorld['places'],
  browser: () => BrowserStage,
): Pick<ScreenWorld, 'show' | 'leave'> {
  const pages = new Map<Owner, Page>();
  let altered: Altered = {};
  const prepare = async (page: Page): Promise<void> => await alterAnswers(page, () => altered);
  const open = async (of: Owner, { options, before }: NonNullable<Screen['fresh']> = {}): Promise<Page> =>
    await browser().open(people[of].home, options, async (page) => {
      await prepare(page);
      await before?.(page);
    });
  /** In a window of its own: one that showed many screens is drawn once a second, no more, and every look waits for it. */
  const openAgain = async (of: Owner, path: string): Promise<Page> => {
    const before = pages.get(of) ?? (await open(of));
    const page = await browser().openBeside(before, path, prepare);
    await before.close();
    pages.set(of, page);
    return page;
  };
  const world = (): ScreenWorld => ({ ...people, places, show, leave });
  async function show(screen: Screen, window: Size = wideWindow): Promise<Page> {
    const { of = 'ann', fresh } = screen;
    browser().allow(screen.noise ?? []);
    altered = screen.answers ?? {};
    const path = screen.path.replaceAll(/:[\w-]+/g, (name) => places.get(name) ?? name);
    const page = fresh === undefined ? await openAgain(of, path) : await open(of, fresh);
    await page.setViewportSize(window);
    if (fresh !== undefined && path !== '/') await page.goto(new URL(path, page.url()).href);
    await screen.ready(page, world());
    return page;
  }
  async function leave({ fresh, leave: putBack }: Screen, page: Page): Promise<void> {
    await putBack?.(page, world());
    if (fresh !== undefined) await page.context().close();
  }
  return { show, leave };
}

/** Pixels. */
interface Size {
  width: number;
  height: number;
}

const wideWindow: Size = { width: 1440, height: 900 };

/** `:ben`, `:with-ben`, by the first name in lower case. */
async function placesOf({ api }: Person, prefix: string): Promise<[string, string][]> {
  return (await api.contacts.list.query()).flatMap(({ id, name, conversation }) => {
    const [first = ''] = name.toLowerCase().split(' ');
    return [
      [`:${prefix}${first}`, id],
      [`:with-${prefix}${first}`, conversation],
    ] satisfies [string, string][];
  });
}

/** @returns the folder of a profile with 14 conversations; one of 300 messages, the newest 12 unread. */
function longUsed(stage: Stage): string {
  const data = join(stage.folder, 'long-used');
  const fill = join(import.meta.dirname, '../../../../packages/node/test/filled-profile.ts');
  execFileSync(process.execPath, [fill, data, '14', '300'], {
    env: { ...process.env, KITH_KEYCHAIN: 'file' },
  });
  return data;
}

/** What one does with a list in time: pins, mutes, begins to write. */
async function arrange({ api }: Person): Promise<void> {
  const conversations = await api.conversations.list.query();
  const of = (name: string): string => conversations.find((each) => each.name === name)?.id ?? '';
  await api.conversations.pin.mutate({ conversation: of('Chidi Okafor'), pinned: true });
  await api.conversations.mute.mutate({
    conversation: of('Dana'),
    until: '9999-12-31T00:00:00.000Z',
  });
  await api.conversations.setDraft.mutate({ conversation: of('Fatima Zahra'), text: 'I wanted to **ask**' });
}

/** Somebody with a long name was asked, and their machine is off. */
async function unanswered(stage: Stage, ann: Person): Promise<void> {
  const eve = await person(stage.home('Eve'));
  const { card } = await eve.api.profile.makeCard.mutate({ once: false });
  await eve.node.stop();
  await ann.api.contacts.add.mutate({ card, name: 'Eve Wolfeschlegelsteinhausenbergerdorff the Younger' });
}

/** What a week between two friends may look like; all kinds of messages. */
async function talk(ann: Person, ben: Person, conversation: string): Promise<void> {
  const followers = new Map<Person, Follower>();
  for (const each of [ann, ben]) followers.set(each, await each.home.follow());
  const say = async (who: Person, text: string, replyTo?: string): Promise<string> => {
    const answer = replyTo === undefined ? {} : { replyTo };
    const { id } = await who.api.messages.send.mutate({ to: conversation, text, ...answer });
    const reader = followers.get(who === ann ? ben : ann);
    await reader?.until(`"${text}"`, ({ event, data }) => event === 'message' && data.text === text);
    return id;
  };
  const ferry = await say(ben, 'Is the **ferry** still at nine?');
  await say(ann, 'Yes, pier 4. I have the tickets.', ferry);
  await ann.api.messages.react.mutate({ conversation, id: ferry, emoji: '👍', on: true });
  await say(ben, 'Then I bring:\n\n- bread\n- the blue coat\n- `map.gpx`');
  await say(ben, '⛵');
  const gone = await say(ann, 'Never mind');
  await ann.api.messages.delete.mutate({ conversation, id: gone, everywhere: true });
  await say(ben, 'Their timetable: https://ferries.example/timetable, and what it costs is ||far too much||');
  await say(ann, 'לילה טוב, נתראה מחר');
  const edited = await say(ann, 'See you at eight');
  await ann.api.messages.edit.mutate({ conversation, id: edited, text: 'See you at half past eight' });
  const code = await say(
    ann,
    'With `inline code`, a [link](https://example.org/a) and\n\n```ts\nconst wide = "x".repeat(400); // as wide as it is\n```\n\n> quoted',
  );
  await ben.api.messages.react.mutate({ conversation, id: code, emoji: '🎉', on: true });
  for (const follower of followers.values()) await follower.close();
}
