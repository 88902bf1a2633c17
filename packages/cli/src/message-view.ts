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
  return { id, conversation, from, direction, text, sentAt, receivedAt, state };
}

/** Person id → what we call them. */
export async function peopleNames(api: ApiClient): Promise<Map<string, string>> {
  const contacts = await api.contacts.list.query();
  return new Map(contacts.map(({ id, name }) => [id, name]));
}

/** Time, name, text; further lines of the text are set in below it. */
export function messageLines(output: Output, message: Message, names: Map<string, string>): string[] {
  const who = message.direction === 'out' ? 'you' : onOneLine(names.get(message.from) ?? message.from);
  const [first = '', ...rest] = forTerminal(message.text).split('\n');
  const state = message.direction === 'out' ? stateWords[message.state] : '';
  const head = `${output.dim(localTime(message.sentAt))} ${output.bold(`${who}:`)} ${first}`;
  const lines = [head, ...rest.map((line) => `                 ${line}`)];
  if (state !== '') lines.push(`${lines.pop() ?? ''}  ${output.dim(`(${state})`)}`);
  return lines;
}
