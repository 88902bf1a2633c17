import type { ApiClient } from '@kith/api/client';
import { historyPageMax, type Message } from '@kith/api/shapes';
import type { CliContext, CommonFlags } from '../context.ts';
import { messageJson, messageLines, peopleNames } from '../message-view.ts';
import { withNode } from '../session.ts';

interface HistoryFlags extends CommonFlags {
  limit: number;
  before?: string;
}

export async function history(this: CliContext, flags: HistoryFlags, conversation: string): Promise<void> {
  const { output } = this;
  await withNode(this, flags, async (api) => {
    const messages = await newest(api, conversation, flags);
    if (output.isJson) {
      for (const message of messages) output.json(messageJson(message));
      return;
    }
    const names = await peopleNames(api);
    for (const message of messages)
      for (const line of messageLines(output, message, names)) output.line(line);
    if (messages.length === 0) output.talk('No messages yet.');
  });
}

/** Oldest first. Read backwards in pages, each before the one that came last. */
async function newest(
  api: ApiClient,
  conversation: string,
  { limit, before }: { limit: number; before?: string },
): Promise<Message[]> {
  const pages: Message[][] = [];
  let missing = limit;
  let oldest = before;
  while (missing > 0) {
    const count = Math.min(missing, historyPageMax);
    const page = await api.messages.history.query({ conversation, limit: count, before: oldest });
    pages.unshift(page);
    missing -= page.length;
    oldest = page[0]?.id;
    if (page.length < count) break;
  }
  return pages.flat();
}
