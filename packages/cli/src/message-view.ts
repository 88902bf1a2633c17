/** How messages are printed. */
import type { ApiClient } from '@kith/api/client';
import type { Message, MessageState } from '@kith/api/shapes';
import { forTerminal, onOneLine } from './for-terminal.ts';
import { localTime, type Output } from './output.ts';

/** What a state means to the one who wrote; what we received needs no word. */
export const stateWords: Record<MessageState, string> = {
  stored: 'stored here',
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  expired: 'expired',
  failed: 'failed',
  received: '',
};

/** Exactly the keys of docs/commands.md. */
export function messageJson(message: Message): object {
  const { id, conversation, from, direction, text, sentAt, receivedAt, state } = message;
  const { editedAt, deleted, reactions } = message;
  const what = { id, conversation, from, direction, text, sentAt, receivedAt, state };
  return { ...what, replyTo: message.replyTo?.id ?? null, editedAt, deleted, reactions };
}

/** Person id → what we call them. */
export async function peopleNames(api: ApiClient): Promise<Map<string, string>> {
  const contacts = await api.contacts.list.query();
  return new Map(contacts.map(({ id, name }) => [id, name]));
}

const setIn = ' '.repeat(17);
/** Of a message that is answered, on the one line there is for it. */
const quotedLengthMax = 60;

/**
 * Time, name, text; further lines of the text are set in below it. Above it what it answers, below it who reacted.
 */
export function messageLines(output: Output, message: Message, names: Map<string, string>): string[] {
  const isOwn = message.direction === 'out';
  const who = whoOf(message, message.from, names);
  const text = message.deleted ? output.dim('(deleted)') : forTerminal(message.text);
  const quoted =
    message.replyTo === null ? [] : [output.dim(`> ${quotedText(message, message.replyTo, names)}`)];
  const [first = '', ...rest] = [...quoted, ...text.split('\n')];
  const head = `${output.dim(localTime(message.sentAt))} ${output.bold(`${who}:`)} ${first}`;
  const lines = [head, ...rest.map((line) => setIn + line)];
  const marks = message.deleted ? [] : [message.editedAt === null ? '' : 'edited'];
  const said = [...marks, isOwn ? stateWords[message.state] : ''].filter((word) => word !== '');
  if (said.length > 0) lines.push(`${lines.pop() ?? ''}  ${output.dim(`(${said.join(', ')})`)}`);
  if (message.reactions.length > 0) lines.push(setIn + output.dim(reactionsLine(message, names)));
  return lines;
}

function quotedText(
  message: Message,
  { from, text }: NonNullable<Message['replyTo']>,
  names: Map<string, string>,
): string {
  if (text === null || from === null) return '(a message that is not here)';
  if (text === '') return '(a deleted message)';
  const characters = Array.from(new Intl.Segmenter().segment(onOneLine(text)), ({ segment }) => segment);
  const cut = characters.slice(0, quotedLengthMax).join('');
  const said = characters.length > quotedLengthMax ? `${cut}…` : cut;
  return `${whoOf(message, from, names)}: ${said}`;
}

/** Each emoji with those who chose it. */
function reactionsLine(message: Message, names: Map<string, string>): string {
  return message.reactions
    .map(({ emoji, people }) => {
      const those = people.map((person) => whoOf(message, person, names));
      return onOneLine(`${emoji} ${those.join(', ')}`);
    })
    .join('  ');
}

/** One of the two people of a conversation. A contact that was removed is still not us. */
function whoOf(message: Message, person: string, names: Map<string, string>): string {
  const isAuthor = person === message.from;
  return isAuthor === (message.direction === 'out') ? 'you' : nameOf(names, person);
}

function nameOf(names: Map<string, string>, person: string): string {
  return onOneLine(names.get(person) ?? person);
}
