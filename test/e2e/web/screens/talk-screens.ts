/** A conversation: its messages, what opens at them and above them, and what stands in the composer's place. */
import type { Page } from 'playwright-core';
import { composer, message } from '../person.ts';
import type { ScreenWorld } from './screen-world.ts';
import { benIs, outlookIs, ownAre } from './answers.ts';
import {
  actOn,
  choose,
  dialog,
  each,
  heading,
  inTalk,
  press,
  text,
  type Ready,
  type Screen,
} from './screen.ts';

const ben = { path: '/c/:with-ben' } as const;
const type = (typed: string): Ready => each(inTalk, async (page) => await composer(page, 'Ben').fill(typed));
/** What was typed is kept by the node, a moment later. */
async function untype(page: Page, { ann, places }: ScreenWorld): Promise<void> {
  await page.keyboard.press('Escape');
  await page.getByRole('main').getByRole('textbox').fill('');
  await ann.api.conversations.setDraft.mutate({ conversation: places.get(':with-ben') ?? '', text: '' });
}
const typed = (words: string, stands: Ready) => ({ ...ben, ready: each(type(words), stands), leave: untype });
const option: Ready = async (page) => await page.getByRole('option').first().waitFor();
const menu = each(inTalk, press('More about this conversation'));
const key =
  (name: string): Ready =>
  async (page) =>
    await page.keyboard.press(name);
const focused: Ready = async (page) => await message(page, 'inline code').focus();
const item =
  (name: string): Ready =>
  async (page) =>
    await page.getByRole('menuitem', { name }).first().waitFor();

const messages: readonly Screen[] = [
  { name: 'a conversation', ...ben, ready: inTalk },
  {
    name: 'what can be done with a message',
    ...ben,
    ready: each(
      inTalk,
      async (page) => await message(page, 'timetable').hover(),
      async (page) => await page.getByRole('button', { name: 'Reply' }).waitFor(),
    ),
  },
  {
    name: 'the reactions to choose from',
    isPlaced: true,
    ...ben,
    ready: each(
      inTalk,
      focused,
      key('+'),
      async (page) => await page.getByRole('button', { name: 'React with 👍' }).waitFor(),
    ),
  },
  {
    name: 'the menu of a message',
    isPlaced: true,
    ...ben,
    ready: each(
      inTalk,
      async (page) => await message(page, 'inline code').click({ button: 'right' }),
      item('Quote'),
    ),
  },
  {
    name: 'the ledger of a message',
    ...ben,
    ready: each(inTalk, focused, key('Enter'), dialog('What happened to it'), text('Saved on this device')),
  },
  {
    name: 'the question before deleting',
    ...ben,
    ready: each(inTalk, actOn('inline code', 'Delete'), dialog('Delete this message?')),
  },
  {
    name: 'the question before deleting what they wrote',
    ...ben,
    ready: each(inTalk, actOn('timetable', 'Delete'), dialog('Delete this message?')),
  },
  {
    name: 'a message deleted, and the way back',
    ...ben,
    ready: each(
      inTalk,
      actOn('timetable', 'Delete'),
      press('Delete here'),
      async (page) => await page.getByRole('button', { name: 'Undo' }).focus(),
    ),
    leave: press('Undo'),
  },
  {
    name: 'messages being selected',
    ...ben,
    ready: each(
      inTalk,
      actOn('inline code', 'Select'),
      async (page) => await message(page, 'timetable').click(),
      text('2 selected'),
    ),
  },
  { name: 'hidden text shown', ...ben, ready: each(inTalk, press('Hidden text. Press to show it')) },
  { name: 'messages that did not arrive', ...ben, answers: ownAre('failed', 'lifetime'), ready: inTalk },
  { name: 'messages that wait', ...ben, answers: ownAre('stored', ''), ready: inTalk },
  {
    name: 'the messages while they load',
    ...ben,
    answers: { 'messages.page': 'silence' },
    ready: text('Loading messages'),
  },
  {
    name: 'the messages that could not be loaded',
    ...ben,
    answers: { 'messages.page': { fails: 'internal' } },
    ready: each(heading('The messages could not be loaded'), text('Try again')),
  },
  { name: 'unread messages', of: 'ada', path: '/c/:with-ada-ben', ready: text(/^\d+ new messages?$/) },
  {
    name: 'older messages, and the way to the newest',
    of: 'ada',
    path: '/c/:with-ada-ben',
    ready: each(
      async (page) => await page.getByRole('article').last().hover(),
      async (page) => await page.mouse.wheel(0, -3_000),
      async (page) =>
        await page
          .getByRole('button', { name: /^Jump to the latest message|new messages?$/ })
          .first()
          .waitFor(),
    ),
  },
  {
    name: 'somebody types',
    ...ben,
    ready: async (page, { ben: typist, places }) => {
      await inTalk(page);
      await typist.api.conversations.setTyping.mutate({
        conversation: places.get(':with-ben') ?? '',
        typing: true,
      });
      await page
        .getByText(/is typing$/)
        .first()
        .waitFor();
    },
  },
  {
    name: 'a conversation that is not here',
    path: '/c/aaaaaaaaaaaaaaaaaaaaaaaaaa',
    ready: heading('This conversation is not on this device'),
  },
];

const writing: readonly Screen[] = [
  { name: 'emoji to complete', ...typed('A draft with *emphasis* and a smile :smi', option) },
  { name: 'the commands', ...typed('/', option) },
  { name: 'a command that is not finished', ...typed('/expire ', text(/^For example/)) },
  { name: 'a text of many lines', ...typed('A long thought, with\n\nmany\nlines\nof\ntext', inTalk) },
  {
    name: 'a text too long for one message',
    ...typed('All work and no play. '.repeat(1_400), text(/bytes too long/)),
  },
  {
    name: 'a reply',
    ...ben,
    ready: each(inTalk, actOn('timetable', 'Reply'), text('Replying to')),
    leave: untype,
  },
  {
    name: 'an edit',
    ...ben,
    ready: each(inTalk, actOn('inline code', 'Edit'), text('Editing your message')),
    leave: untype,
  },
  {
    name: 'the emoji',
    ...ben,
    ready: each(
      inTalk,
      press('Emoji'),
      async (page) => await page.getByRole('combobox', { name: 'Search emoji' }).waitFor(),
    ),
  },
  {
    name: 'no emoji of that name',
    ...ben,
    ready: each(
      inTalk,
      press('Emoji'),
      async (page) => await page.getByRole('combobox', { name: 'Search emoji' }).fill('qqqq'),
      text('No emoji of that name'),
    ),
  },
  {
    name: 'the formatting',
    ...ben,
    ready: each(
      inTalk,
      press('Formatting'),
      async (page) => await page.getByRole('button', { name: /Bold/ }).first().waitFor(),
    ),
  },
  {
    name: 'how long delivery is tried',
    ...ben,
    ready: each(inTalk, press('How long delivery is tried'), text('Until it arrives')),
  },
];

const above: readonly Screen[] = [
  { name: 'the menu of a conversation', ...ben, ready: each(menu, item('Export')) },
  { name: 'the export', ...ben, ready: each(menu, choose('Export'), dialog(/^Export the conversation/)) },
  {
    name: 'the calendar',
    ...ben,
    ready: each(inTalk, press(/\. Jump to a date$/), dialog('Jump to a date')),
  },
  { name: 'a verified person', ...ben, answers: benIs({ verified: true }), ready: inTalk },
  { name: 'a changed key', ...ben, answers: benIs({ keyChanged: true }), ready: heading(/key has changed$/) },
  {
    name: 'a blocked person',
    ...ben,
    answers: benIs({ state: 'blocked', reachable: false }),
    ready: heading(/^You have blocked/),
  },
  {
    name: 'a removed person',
    ...ben,
    answers: benIs({}, { contact: null }),
    ready: heading(/is not among your contacts any more$/),
  },
  {
    name: 'a session set up anew',
    ...ben,
    answers: benIs({}, { sessionResetAt: new Date(Date.now() - 3_600_000).toISOString() }),
    ready: heading(/^The secure session with/),
  },
  {
    name: 'cut off from everybody',
    ...ben,
    answers: { ...benIs({ reachable: false }), ...outlookIs('probably-cut-off') },
    ready: text(/^You are probably cut off/),
  },
  {
    name: 'a conversation with somebody who asks',
    ...ben,
    answers: benIs({ state: 'incoming', reachable: false }),
    ready: heading(/would like to write to you$/),
  },
  { name: 'a conversation with somebody who was asked', path: '/c/:with-eve', ready: text(/^Waiting for/) },
];

export const talkScreens: readonly Screen[] = [...messages, ...writing, ...above];
