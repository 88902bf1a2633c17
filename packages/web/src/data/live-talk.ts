/** The talk of this page with its node: one for the whole page, as the connection is. */
import { useStore } from 'zustand';
import type { Conversation } from '@kith/api/conversation-shapes';
import type { ApiEvent } from '@kith/api/shapes';
import { api, connectionState, watchConnection } from './connection.ts';
import { dropBlockToasts } from './contacts.ts';
import { dismissToasts } from '../design/toast-store.ts';
import { onEvents } from './event-feed.ts';
import { untilFollowed } from './follow.ts';
import { forgetHidden } from './hidden.ts';
import { keys, queryClient } from './query-client.ts';
import { Talk } from './talk.ts';

export const talk = new Talk(api);

let typing: { unsubscribe: () => void } | undefined;

/** Once, at the start of the app, before the events are followed: none may pass unseen. */
export function followTalk(): void {
  onEvents((events) => {
    talk.takeEvents(events);
    forgetHidden(events);
    dropBlockToasts(events);
  });
  // What asks for the list by its query sees the one that the talk keeps.
  talk.list.subscribe(({ list }) => {
    if (list !== null) queryClient.setQueryData<Conversation[]>(keys.conversations, [...list.conversations]);
  });
  let isConnected = connectionState() === 'connected';
  if (isConnected) begin();
  watchConnection(() => {
    const was = isConnected;
    isConnected = connectionState() === 'connected';
    if (was === isConnected) return;
    if (isConnected) begin();
    else talk.connected(false);
  });
  // For browsers that tell of no other end, as on phones. Where the browser asked whether to leave, Firefox has closed the connection.
  addEventListener('pagehide', leave);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') talk.drafts.leave();
  });
  addEventListener('beforeunload', (event) => {
    talk.drafts.leave();
    // The text is nowhere else: the browser asks.
    const isUnsaved = talk.drafts.isDirty && connectionState() !== 'connected';
    if (isUnsaved || talk.drafts.isBehindEdit) event.preventDefault();
    // What they hold back happens: later nothing of it reaches the node.
    else leave();
  });
}

function leave(): void {
  talk.drafts.leave();
  dismissToasts();
}

function begin(): void {
  void untilFollowed().then(() => {
    if (connectionState() === 'connected') talk.connected(true);
  });
  typing?.unsubscribe();
  typing = api.conversations.typing.subscribe(undefined, {
    onData: ({ data }) => talk.takeTyping(data),
    // Signs are a courtesy: without the stream nobody is shown as typing.
    onError: () => undefined,
  });
}

/** The page that waits for it can show a skeleton of its own. A guess: what comes sooner comes at once. */
const prepareMsMax = 100;

/** Before a conversation is drawn, also when it only may be opened: its first page. Resolves in time, and never rejects. */
export async function prepareConversation(id: string): Promise<void> {
  const { list } = talk.list.getState();
  if (list === null || connectionState() !== 'connected') return;
  const begin = async (): Promise<void> => {
    const conversation = list.conversations.find((one) => one.id === id) ?? (await added(id));
    if (conversation === undefined) return;
    await talk.windows.prepare(id).begin(conversation.firstUnread ?? talk.places.of(id)?.id ?? null);
  };
  await Promise.race([begin(), new Promise<void>((resolve) => setTimeout(resolve, prepareMsMax))]);
}

/** One that has just come about, and that the list hears of soon: whoever chose it is there before. */
async function added(id: string): Promise<Conversation | undefined> {
  try {
    const conversation = await talk.api.conversations.get.query({ conversation: id });
    talk.takeConversation(conversation);
    return conversation;
  } catch {
    return undefined;
  }
}

/** After it, what is here may be shown though events did not come. */
export const toldMsMax = 2_000;

/** Resolves when what was cleared is gone from here as well. @param upTo - Position of the last message that goes. */
export async function clearUpTo(conversation: string, upTo: number): Promise<void> {
  let stop: (() => void) | undefined;
  const told = new Promise<void>((resolve) => {
    stop = onEvents((events) => {
      if (events.some((event) => isClearing(event, conversation))) resolve();
    });
  });
  try {
    await talk.api.conversations.clear.mutate({ conversation, upTo });
    await Promise.race([told, new Promise<void>((resolve) => setTimeout(resolve, toldMsMax))]);
  } finally {
    stop?.();
  }
  // Its place in the list.
  await added(conversation);
}

function isClearing({ event, data }: ApiEvent, conversation: string): boolean {
  if (event !== 'conversation' || data.id !== conversation) return false;
  return data.what === 'cleared' && data.messages === null;
}

/** Null until the list came. */
export function useConversationList(): readonly Conversation[] | null {
  return useStore(talk.list, ({ list }) => list?.conversations ?? null);
}

/** Undefined while the list is under way; null where there is no such conversation. */
export function useConversation(id: string): Conversation | null | undefined {
  return useStore(talk.list, ({ list }) =>
    list === null ? undefined : (list.conversations.find((one) => one.id === id) ?? null),
  );
}

/** The conversation as it is at this moment, for an act rather than for the screen. */
export function conversationNow(conversation: Conversation): Conversation {
  const { list } = talk.list.getState();
  return list?.conversations.find(({ id }) => id === conversation.id) ?? conversation;
}

export function useIsTyping(conversation: string): boolean {
  return useStore(talk.typing, ({ shown }) => shown.has(conversation));
}
