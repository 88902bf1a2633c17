/**
 * The windows of the conversations that were looked at lately, with the node behind them: asks for pages, hands events on, sends.
 * A conversation that is opened again shows at once what it showed before, kept up by the events meanwhile.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ApiClient } from '@kith/api/api-client';
import { asKithError, type ErrorCode } from '@kith/api/errors';
import type { PageInput, Quoted } from '@kith/api/conversation-shapes';
import type { ApiEvent } from '@kith/api/shapes';
import {
  emptyWindow,
  reduceWindow,
  type Ask,
  type MessageWindow,
  type WindowAction,
  type WindowEvent,
} from './message-window.ts';

/** Beyond it the one looked at longest ago is forgotten. A guess. */
export const openWindowsMax = 8;
/** The first page fills a tall screen; later ones come before they are needed. */
const firstPageMessages = 60;
const pageMessages = 100;

export interface SendWish {
  text: string;
  replyTo: Quoted | null;
  ttlMs: number | null;
}

/** `stored`: safe on the disk. Else the text is the caller's again; `unsure`: the node went away, and nobody knows yet. */
export type SendEnd = { end: 'stored' } | { end: 'refused'; code: ErrorCode } | { end: 'unsure' };

export class OpenWindow {
  readonly conversation: string;
  readonly store: StoreApi<MessageWindow> = createStore(() => emptyWindow);
  readonly #api: ApiClient;
  #numbers = 0;
  #lastAsk: Ask = { kind: 'newest' };
  /** The page in which the reader begins, while it is under way. */
  #beginning: { ask: Ask; page: Promise<ErrorCode | null> } | null = null;

  constructor(api: ApiClient, conversation: string) {
    this.#api = api;
    this.conversation = conversation;
  }

  act(action: WindowAction): void {
    const before = this.store.getState();
    const after = reduceWindow(before, action);
    if (after !== before) this.store.setState(after, true);
  }

  /**
   * Has the page in which the reader begins, before anything is drawn. A failure is told to whoever asks again.
   *
   * @param from - Id of a message; null: at the end.
   */
  async begin(from: string | null): Promise<void> {
    if (!this.store.getState().isEmpty) return;
    const ask: Ask = from === null ? { kind: 'newest' } : { kind: 'around', id: from };
    this.#beginning ??= { ask, page: this.#load(ask).finally(() => (this.#beginning = null)) };
    await this.#beginning.page;
  }

  /** Resolves with null when the page is in, or another was asked for meanwhile; else with the reason. */
  async ask(ask: Ask): Promise<ErrorCode | null> {
    const beginning = this.#beginning;
    const isWanted = beginning !== null && this.store.getState().asked?.ask === beginning.ask;
    return await (isWanted && isSame(beginning.ask, ask) ? beginning.page : this.#load(ask));
  }

  async #load(ask: Ask): Promise<ErrorCode | null> {
    this.#numbers += 1;
    const number = this.#numbers;
    const isFirst = this.store.getState().isEmpty;
    this.#lastAsk = ask;
    this.act({ type: 'asked', number, ask });
    const input = pageInput(this.conversation, ask, isFirst ? firstPageMessages : pageMessages);
    try {
      const page = await this.#api.messages.page.query(input);
      this.act({ type: 'page', number, page });
      const { isEmpty, asked } = this.store.getState();
      // Too much happened meanwhile for the page to be believed.
      return isEmpty && asked === null ? await this.#load(ask) : null;
    } catch (error) {
      const { code } = asKithError(error);
      const isWanted = this.store.getState().asked?.number === number;
      this.act({ type: 'failed', number, reason: code });
      return isWanted ? code : null;
    }
  }

  /**
   * The node is back. What could not be had is asked for at once where nothing is shown, else when the reader comes near. Never
   * rejects.
   */
  async retry(): Promise<void> {
    const { failed, messages } = this.store.getState();
    if (failed === null) return;
    if (messages.length > 0) {
      this.act({ type: 'forgiven' });
      return;
    }
    const code = await this.#load(this.#lastAsk);
    // It may have gone meanwhile; the end is always there.
    if (code === 'unknown-message') await this.#load({ kind: 'newest' });
  }

  async send({ text, replyTo, ttlMs }: SendWish): Promise<SendEnd> {
    this.#numbers += 1;
    const key = `sending ${String(this.#numbers)}`;
    const at = new Date().toISOString();
    this.act({
      type: 'sending',
      pending: { key, text, replyTo, ttlMs, at, id: null, isUnsure: false },
    });
    try {
      const sent = await this.#api.messages.send.mutate({
        to: this.conversation,
        text,
        ...(ttlMs === null ? {} : { ttlMs }),
        ...(replyTo === null ? {} : { replyTo: replyTo.id }),
      });
      this.act({ type: 'stored', key, id: sent.id });
      return { end: 'stored' };
    } catch (error) {
      const { code } = asKithError(error);
      if (code === 'no-node') {
        this.act({ type: 'unsure', key });
        return { end: 'unsure' };
      }
      this.act({ type: 'takenBack', key });
      return { end: 'refused', code };
    }
  }

  /**
   * After the node was away: which of the messages that nobody was sure of does it have?
   *
   * @returns the texts that it does not have, oldest first; they are the person's again.
   */
  async settle(): Promise<string[]> {
    const unsure = this.store.getState().pending.filter(({ isUnsure }) => isUnsure);
    if (unsure.length === 0) return [];
    const page = await this.#api.messages.page.query({
      conversation: this.conversation,
      limit: pageMessages,
    });
    const events = page.messages
      .filter(({ direction }) => direction === 'out')
      .map((data): WindowEvent => ({ seq: 0, at: data.sentAt, event: 'message', data }));
    this.act({ type: 'events', events });
    const lost = this.store.getState().pending.filter(({ key }) => unsure.some((one) => one.key === key));
    for (const { key } of lost) this.act({ type: 'takenBack', key });
    return lost.map(({ text }) => text);
  }
}

/** Of those in which a reader begins. */
function isSame(one: Ask, other: Ask): boolean {
  if (one.kind === 'newest') return other.kind === 'newest';
  return one.kind === 'around' && other.kind === 'around' && one.id === other.id;
}

function pageInput(conversation: string, ask: Ask, limit: number): PageInput {
  switch (ask.kind) {
    case 'newest':
      return { conversation, limit };
    case 'around':
      return { conversation, limit, around: ask.id };
    case 'at':
      return { conversation, limit, at: ask.time };
    case 'older':
      return { conversation, limit, before: ask.id };
    case 'newer':
      return { conversation, limit, after: ask.id };
  }
}

export class OpenWindows {
  readonly #api: ApiClient;
  /** The one looked at last stands last. */
  #windows = new Map<string, OpenWindow>();

  constructor(api: ApiClient) {
    this.#api = api;
  }

  open(conversation: string): OpenWindow {
    const window = this.#windows.get(conversation) ?? new OpenWindow(this.#api, conversation);
    this.#windows.delete(conversation);
    this.#windows.set(conversation, window);
    this.#forget(openWindowsMax);
    return window;
  }

  /** One that may be opened soon. It stands first: what is looked at never goes for what may be. */
  prepare(conversation: string): OpenWindow {
    const known = this.#windows.get(conversation);
    if (known !== undefined) return known;
    this.#forget(openWindowsMax - 1);
    const window = new OpenWindow(this.#api, conversation);
    this.#windows = new Map([[conversation, window], ...this.#windows]);
    return window;
  }

  #forget(leave: number): void {
    for (const [name, old] of this.#windows) {
      if (this.#windows.size <= leave) break;
      // What is not stored yet is nowhere else.
      if (old.store.getState().pending.length === 0) this.#windows.delete(name);
    }
  }

  /** In the order of the node. A batch is one change for each window, however many events it has. */
  takeEvents(events: readonly ApiEvent[]): void {
    const batches = new Map<string, WindowEvent[]>();
    for (const event of events) {
      const conversation = conversationOf(event);
      if (conversation === null || !this.#windows.has(conversation)) continue;
      const batch = batches.get(conversation) ?? [];
      batch.push(event as WindowEvent);
      batches.set(conversation, batch);
    }
    for (const [conversation, batch] of batches) {
      this.#windows.get(conversation)?.act({ type: 'events', events: batch });
    }
  }

  all(): OpenWindow[] {
    return [...this.#windows.values()];
  }
}

function conversationOf(event: ApiEvent): string | null {
  switch (event.event) {
    case 'message':
    case 'changed':
    case 'removed':
    case 'state':
      return event.data.conversation;
    case 'conversation':
      return event.data.id;
    case 'contact':
    case 'network':
    case 'notice':
    case 'peer':
    case 'request':
    case 'settings':
      return null;
  }
}
