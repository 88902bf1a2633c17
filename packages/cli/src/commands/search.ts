import type { ApiClient } from '@kith/api/client';
import { historyPageMax, type Message } from '@kith/api/shapes';
import type { CliContext, CommonFlags } from '../context.ts';
import { onOneLine } from '../for-terminal.ts';
import { messageJson, messageLines, peopleNames } from '../message-view.ts';
import { withNode } from '../session.ts';

interface SearchFlags extends CommonFlags {
  in?: string;
  from?: 'me' | 'them';
  since?: Date;
  until?: Date;
  links?: boolean;
  limit: number;
}

export async function search(this: CliContext, flags: SearchFlags, ...words: string[]): Promise<void> {
  const { output } = this;
  await withNode(this, flags, async (api) => {
    const found = await newest(api, flags, words.join(' '));
    if (output.isJson) {
      for (const message of found) output.json(messageJson(message));
      return;
    }
    const names = await peopleNames(api);
    const places = new Map((await api.conversations.list.query()).map(({ id, name }) => [id, name]));
    for (const message of found) {
      const place = onOneLine(places.get(message.conversation) ?? message.conversation);
      for (const line of messageLines(output, message, names))
        output.line(`${output.dim(`[${place}]`)} ${line}`);
    }
    if (found.length === 0) output.talk('Nothing was found.');
  });
}

/** Newest first, in pages. */
async function newest(api: ApiClient, flags: SearchFlags, words: string): Promise<Message[]> {
  const found: Message[] = [];
  let before: number | undefined;
  while (found.length < flags.limit) {
    const limit = Math.min(flags.limit - found.length, historyPageMax);
    const page = await api.messages.search.query({
      words,
      limit,
      conversation: flags.in,
      from: flags.from,
      since: flags.since?.toISOString(),
      until: flags.until?.toISOString(),
      has: flags.links === true ? 'link' : undefined,
      before,
    });
    found.push(...page);
    before = page.at(-1)?.position;
    if (page.length < limit) break;
  }
  return found;
}
