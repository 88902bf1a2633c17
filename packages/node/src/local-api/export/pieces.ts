/**
 * A conversation, or all of them, as the text of a file, piece by piece: what `conversations.export`, `kith export` and the
 * browser's download give. Memory holds one page of messages, however many there are.
 */
import type { ConversationView } from '@kith/core/peer/contract';
import type { ExportInput, ExportPiece } from '@kith/api/conversation-shapes';
import type { Message } from '@kith/api/shapes';
import { messageJson } from '../message-json.ts';
import type { NodeHandle } from '../node-handle.ts';
import { htmlWriter } from './html.ts';
import { jsonLinesWriter } from './json-lines.ts';

/** Characters of a piece, about; a message more may be in it. */
export const pieceLengthMax: number = 64 * 1_024;
const pageMessages = 200;

/** Writes the parts of a file. Each returns text; none is asked twice for the same. */
export interface ExportWriter {
  begin(conversations: readonly ExportedConversation[]): string;
  conversation(conversation: ExportedConversation): string;
  message(message: Message): string;
  endConversation(): string;
  end(messages: number): string;
}

export interface ExportedConversation {
  id: string;
  name: string;
  /** Person id; null where the contact was removed. */
  contact: string | null;
}

/** Who exports, and when. */
export interface ExportFrame {
  own: { id: string; name: string };
  atWallMs: number;
  /** What the person asked for, a language tag. */
  language: string;
}

/**
 * Yields the file in order. What comes in meanwhile may be in it or not; what is removed meanwhile is not.
 *
 * @param input - as the local API takes it.
 * @throws KithError `unknown-conversation`, `ambiguous`; `no-node` when the node ends.
 * @example
 * for await (const { text } of exportPieces(handle, { conversation: null, format: 'jsonl' }, Date.now())) write(text);
 */
export async function* exportPieces(
  handle: NodeHandle,
  input: ExportInput,
  atWallMs: number,
): AsyncGenerator<ExportPiece, void, undefined> {
  const { id, name } = await handle.execute('status', {});
  const chosen = await chosenConversations(handle, input.conversation);
  const { messages: total } = await handle.execute('amount', {
    conversation: input.conversation ?? undefined,
  });
  const frame: ExportFrame = { own: { id, name }, atWallMs, language: input.language ?? 'en' };
  const writer = input.format === 'html' ? htmlWriter(frame) : jsonLinesWriter(frame);
  let done = 0;
  let text = writer.begin(chosen);
  for (const conversation of chosen) {
    text += writer.conversation(conversation);
    for await (const page of pages(handle, conversation.id)) {
      for (const message of page) {
        text += writer.message(message);
        done += 1;
        if (text.length < pieceLengthMax) continue;
        yield { text, done, total: Math.max(total, done) };
        text = '';
      }
    }
    text += writer.endConversation();
  }
  yield { text: text + writer.end(done), done, total: done };
}

async function chosenConversations(
  handle: NodeHandle,
  selector: string | null,
): Promise<ExportedConversation[]> {
  const views =
    selector === null
      ? (await handle.execute('conversations', {})).filter(({ last }) => last !== undefined)
      : [await handle.execute('conversation', { conversation: selector })];
  return views.map(exported);
}

function exported({ id, name, contact }: ConversationView): ExportedConversation {
  return { id, name, contact: contact?.id ?? null };
}

/** By position, so that a message that is removed meanwhile ends nothing. */
async function* pages(handle: NodeHandle, conversation: string): AsyncGenerator<Message[], void, undefined> {
  let afterPosition = 0;
  while (true) {
    const { messages, hasNewer } = await handle.execute('page', {
      conversation,
      limit: pageMessages,
      before: undefined,
      after: undefined,
      around: undefined,
      atWallMs: undefined,
      afterPosition,
    });
    yield messages.map(messageJson);
    const last = messages.at(-1);
    if (last === undefined || !hasNewer) return;
    afterPosition = last.position;
  }
}
