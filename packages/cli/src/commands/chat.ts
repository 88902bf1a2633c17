/** A conversation line by line, in a terminal or through a pipe. */
import { createInterface, type Interface } from 'node:readline';
import type { ApiClient } from '@kith/api/client';
import { asKithError, KithError } from '@kith/api/errors';
import type { ApiEvent, Contact, MessageState } from '@kith/api/shapes';
import type { CliContext, CommonFlags } from '../context.ts';
import { followEvents } from '../follow-events.ts';
import { onOneLine } from '../for-terminal.ts';
import { fitting } from '../message-text.ts';
import { messageJson, messageLines, stateWords } from '../message-view.ts';
import { exitOf, localTime } from '../output.ts';
import { withLastingNode } from '../session.ts';

/** How much of the past is shown at the beginning. */
const pastMax = 20;
/** Messages of ours whose further states are told; older ones fall silent. */
const followedMax = 200;

interface Talk {
  context: CliContext;
  api: ApiClient;
  contact: Contact;
  prompt: Interface;
  names: Map<string, string>;
  /** Ids of what was sent from here, with its text's beginning. */
  followed: Map<string, string>;
}

export async function chat(this: CliContext, flags: CommonFlags, wanted: string): Promise<void> {
  await withLastingNode(this, flags, async (api) => {
    const since = (await api.node.status.query()).lastSeq;
    const past = await api.messages.history.query({ conversation: wanted, limit: pastMax });
    const contact = await contactOf(api, wanted);
    const { sessionResetAt } = await api.conversations.get.query({ conversation: contact.id });
    const names = new Map([[contact.id, contact.name]]);
    const isTerminal = this.input.isTTY === true && !this.output.isJson;
    const prompt = createInterface({
      input: this.input,
      ...(isTerminal ? { output: process.stdout, terminal: true, prompt: '> ' } : { terminal: false }),
    });
    const talk: Talk = { context: this, api, contact, prompt, names, followed: new Map() };
    if (!this.output.isJson) {
      for (const message of past)
        for (const line of messageLines(this.output, message, names)) this.output.line(line);
      this.output.talk(`Talking with ${onOneLine(contact.name)}. Ctrl-D ends it.`);
      if (sessionResetAt !== null) this.output.talk(resetLine(contact, sessionResetAt));
    }
    const end = new AbortController();
    const shown = showEvents(talk, since, end.signal);
    try {
      await sendLines(talk);
    } finally {
      end.abort();
      prompt.close();
      await shown;
    }
  });
}

async function contactOf(api: ApiClient, wanted: string): Promise<Contact> {
  const contacts = await api.contacts.list.query();
  const found = contacts.filter(({ id, conversation }) => id === wanted || conversation === wanted);
  const named = found.length > 0 ? found : contacts.filter(({ name }) => name === wanted);
  // The node has resolved the same words just before; its way with capitals is wider than ours.
  const [contact] = named.length > 0 ? named : contacts.filter(({ name }) => equalFolded(name, wanted));
  if (contact === undefined) throw new KithError('unknown-contact');
  return contact;
}

function equalFolded(a: string, b: string): boolean {
  return a.normalize('NFKC').toLowerCase() === b.normalize('NFKC').toLowerCase();
}

async function sendLines(talk: Talk): Promise<void> {
  const { context, api, contact, prompt } = talk;
  ask(talk);
  for await (const text of prompt) {
    if (text === '/quit') return;
    if (text.trim() !== '') {
      try {
        if (text === '/seen') await api.conversations.dismissReset.mutate({ conversation: contact.id });
        else await sendLine(talk, text);
      } catch (error) {
        const failure = asKithError(error);
        context.exitCode = exitOf(failure);
        print(talk, () => context.output.fail(failure));
      }
    }
    ask(talk);
  }
}

async function sendLine({ context, api, contact, followed }: Talk, text: string): Promise<void> {
  const sent = await api.messages.send.mutate({ to: contact.id, text: fitting(text) });
  followed.set(sent.id, text);
  const [oldest] = followed.keys();
  if (followed.size > followedMax && oldest !== undefined) followed.delete(oldest);
  if (context.output.isJson) context.output.json({ id: sent.id, state: sent.state });
}

/** A pipe has no prompt, and may have ended while its last lines still wait here. */
function ask({ prompt }: Talk): void {
  if (prompt.terminal) prompt.prompt();
}

async function showEvents(talk: Talk, since: number, signal: AbortSignal): Promise<void> {
  for await (const event of followEvents(talk.api, since, signal)) show(talk, event);
}

function show(talk: Talk, event: ApiEvent): void {
  const { context, contact, followed, names } = talk;
  const { output } = context;
  if (event.event === 'message') {
    const { data } = event;
    // What was typed here stands on the screen already; what another window sent does not.
    if (data.conversation !== contact.conversation || followed.has(data.id)) return;
    if (data.direction === 'out' && !output.isJson) return;
    print(talk, () => output.show(messageJson(data), () => messageLines(output, data, names)));
  } else if (event.event === 'changed') {
    const { data } = event;
    if (data.conversation !== contact.conversation) return;
    // Of our own changes this terminal shows none: it cannot make any.
    if (data.direction === 'out' && data.changePending && !output.isJson) return;
    print(talk, () => output.show(messageJson(data), () => messageLines(output, data, names)));
  } else if (event.event === 'state' && followed.has(event.data.id)) {
    const { id, state, reason } = event.data;
    if (output.isJson) output.json({ id, state, reason });
    else print(talk, () => output.talk(`  ${stateOf(state, reason)}: ${beginning(followed.get(id) ?? '')}`));
  } else if (event.event === 'notice' && event.data.contact === contact.id) {
    print(talk, () => output.talk(event.data.text));
  }
}

/** Said at the beginning until the person saw it, here or in a window of the app. */
function resetLine({ name }: Contact, at: string): string {
  const called = onOneLine(name);
  return [
    `The secure session with ${called} was set up anew on ${localTime(at)}, mostly because their device was`,
    'restored from a backup. What had not arrived is sent again; their identity is the same. To be sure,',
    `compare numbers: kith verify. Enter /seen, and this is not said again.`,
  ].join('\n');
}

function stateOf(state: MessageState, reason: string | null): string {
  const word = stateWords[state] || state;
  return reason === null ? word : `${word} (${reason})`;
}

function beginning(text: string): string {
  const characters = Array.from(new Intl.Segmenter().segment(onOneLine(text)), ({ segment }) => segment);
  return characters.length > 30 ? `${characters.slice(0, 30).join('')}…` : characters.join('');
}

/** Above the line that is being typed, which stays as it is. */
function print({ prompt, context }: Talk, write: () => void): void {
  const isTerminal = prompt.terminal && !context.output.isJson;
  if (isTerminal) process.stdout.write('\r\u001b[K');
  write();
  if (isTerminal) prompt.prompt(true);
}
