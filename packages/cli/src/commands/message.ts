import type { ApiClient } from '@kith/api/client';
import type { Message, MessageDetail } from '@kith/api/shapes';
import type { CliContext, CommonFlags } from '../context.ts';
import { messageLines, peopleNames, stateWords } from '../message-view.ts';
import { columns, localTime } from '../output.ts';
import { withNode } from '../session.ts';

/** What a message says, what happened to it, and where it is. */
export async function message(this: CliContext, flags: CommonFlags, id: string): Promise<void> {
  const { output } = this;
  await withNode(this, flags, async (api) => {
    const found = await api.messages.get.query({ id });
    if (output.isJson) {
      output.json(found);
      return;
    }
    const said = await textOf(api, found);
    const lines = said === undefined ? [] : [...messageLines(output, said, await peopleNames(api)), ''];
    for (const line of [...lines, ...describe(found)]) output.line(line);
  });
}

/** Undefined where it was removed from this device a moment ago. */
async function textOf(api: ApiClient, { conversation, id }: MessageDetail): Promise<Message | undefined> {
  const { messages } = await api.messages.page.query({ conversation, around: id, limit: 1 });
  return messages.find((each) => each.id === id);
}

function describe(found: MessageDetail): string[] {
  const word = stateWords[found.state] || found.state;
  return [
    ...columns([
      ['id', found.id],
      ['to', found.to],
      ['state', found.reason === null ? word : `${word}: ${found.reason}`],
      ['written', localTime(found.createdAt)],
      ['expires', found.expiresAt === null ? 'never' : localTime(found.expiresAt)],
    ]),
    '',
    ...columns(
      found.ledger.map(({ at, state, by, attempt, detail }) => [
        localTime(at),
        stateWords[state] || state,
        `by ${by === 'self' ? 'this device' : `a ${by} of theirs`}`,
        attempt === null ? '' : `attempt ${attempt}`,
        detail ?? '',
      ]),
    ),
  ];
}
