/**
 * Everything about conversations that outlives a screen: the list, the open windows, drafts, who types. Fed by the one subscription of
 * the app, a batch of events a frame; asks the node for what events only hint at, never more than a few times a second.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ApiClient } from '@kith/api/api-client';
import { asKithError } from '@kith/api/errors';
import type { Conversation, TypingSign } from '@kith/api/conversation-shapes';
import type { ApiEvent } from '@kith/api/shapes';
import {
  listOf,
  withConversation,
  withEvents,
  withoutConversation,
  type ConversationList,
} from './conversations/conversation-list.ts';
import { noDraft } from './drafts/draft-keeper.ts';
import { Drafts } from './drafts/drafts.ts';
import { OpenWindows } from './messages/open-windows.ts';
import { ReadingPlaces } from './messages/reading-places.ts';
import { withoutEnded, withSign, type ShownTyping } from './typing-signs.ts';

/** Between two questions about what became stale. A guess: a flood asks three times a second and nobody sees it lag. */
const staleMs = 300;
/** So many stale ones, and the whole list is asked for at once. */
const staleMax = 12;

export class Talk {
  readonly api: ApiClient;
  readonly windows: OpenWindows;
  readonly drafts: Drafts;
  readonly places: ReadingPlaces = new ReadingPlaces();
  /** Null until the node answered for the first time. */
  readonly list: StoreApi<{ list: ConversationList | null }> = createStore(() => ({ list: null }));
  readonly typing: StoreApi<{ shown: ShownTyping }> = createStore(() => ({ shown: new Map() }));
  #staleTimer: ReturnType<typeof setTimeout> | undefined;
  #typingTimer: ReturnType<typeof setTimeout> | undefined;
  /** Events that came while the list was under way: they are done again to what comes. */
  #missed: ApiEvent[] | null = null;
  #isConnected = false;

  constructor(api: ApiClient) {
    this.api = api;
    this.windows = new OpenWindows(api);
    this.drafts = new Drafts(async (conversation, { text, replyTo, editing }) => {
      await api.conversations.setDraft.mutate({
        conversation,
        text,
        ...(replyTo === null ? {} : { replyTo }),
        ...(editing === null ? {} : { editing }),
      });
    });
  }

  /** The connection stands, or is lost. What was typed meanwhile is saved, what was being sent is looked for, what could not be had is asked for. */
  connected(isConnected: boolean): void {
    this.#isConnected = isConnected;
    this.drafts.connected(isConnected);
    if (!isConnected) {
      this.#missed = null;
      return;
    }
    void this.#loadList();
    for (const window of this.windows.all()) {
      void window.retry();
      void window.settle().then(
        (texts) => this.#giveBack(window.conversation, texts),
        // The connection went again: the next one asks again.
        () => undefined,
      );
    }
  }

  takeEvents(events: readonly ApiEvent[]): void {
    this.windows.takeEvents(events);
    for (const { event, data } of events) {
      if (event === 'removed') this.drafts.removed(data.conversation, data.id);
      else if (event === 'changed' && data.deleted) this.drafts.deleted(data.conversation, data.id);
      else if (event === 'conversation')
        for (const id of data.messages ?? []) this.drafts.removed(data.id, id);
    }
    this.#missed?.push(...events);
    const { list } = this.list.getState();
    if (list === null) return;
    const next = withEvents(list, events);
    if (next === list) return;
    this.list.setState({ list: next });
    this.#scheduleStale();
  }

  takeTyping(sign: TypingSign): void {
    const { shown } = this.typing.getState();
    this.typing.setState({ shown: withSign(shown, sign, Date.now()) });
    this.#scheduleTyping();
  }

  /** What a call answered is newer than what is here. */
  takeConversation(conversation: Conversation): void {
    const { list } = this.list.getState();
    if (list !== null) this.list.setState({ list: withConversation(list, conversation) });
    this.#tellDraft(conversation);
  }

  dropConversation(id: string): void {
    const { list } = this.list.getState();
    if (list !== null) this.list.setState({ list: withoutConversation(list, id) });
  }

  /** Texts that the node never got stand in the composer again, before what was typed since. */
  #giveBack(conversation: string, texts: readonly string[]): void {
    if (texts.length > 0) this.drafts.giveBack(conversation, { text: texts.join('\n'), replyTo: null });
  }

  async #loadList(): Promise<void> {
    const missed: ApiEvent[] = [];
    this.#missed = missed;
    try {
      const conversations = await this.api.conversations.list.query();
      this.list.setState({ list: withEvents(listOf(conversations), missed) });
      for (const conversation of conversations) this.#tellDraft(conversation);
      this.#scheduleStale();
    } catch {
      // The list stays as it was. When the connection is back it is asked for again.
    } finally {
      if (this.#missed === missed) this.#missed = null;
    }
  }

  #tellDraft({ id, draft }: Conversation): void {
    this.drafts.told(id, draft ?? noDraft);
  }

  #scheduleStale(): void {
    const { list } = this.list.getState();
    if (list === null || (!list.isStale && list.stale.size === 0) || this.#staleTimer !== undefined) return;
    this.#staleTimer = setTimeout(() => {
      void this.#refresh().finally(() => {
        this.#staleTimer = undefined;
        if (this.#isConnected) this.#scheduleStale();
      });
    }, staleMs);
  }

  async #refresh(): Promise<void> {
    const { list } = this.list.getState();
    if (list === null || !this.#isConnected) return;
    if (list.isStale || list.stale.size > staleMax) {
      await this.#loadList();
      return;
    }
    this.list.setState({ list: { ...list, stale: new Set() } });
    await Promise.all(
      [...list.stale].map(async (id) => {
        try {
          this.takeConversation(await this.api.conversations.get.query({ conversation: id }));
        } catch (error) {
          if (asKithError(error).code === 'unknown-conversation') this.dropConversation(id);
        }
      }),
    );
  }

  #scheduleTyping(): void {
    clearTimeout(this.#typingTimer);
    const { shown } = this.typing.getState();
    if (shown.size === 0) return;
    this.#typingTimer = setTimeout(
      () => {
        this.typing.setState({ shown: withoutEnded(this.typing.getState().shown, Date.now()) });
        this.#scheduleTyping();
      },
      Math.max(50, Math.min(...shown.values()) - Date.now()),
    );
  }
}
