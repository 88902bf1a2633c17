/**
 * The drafts of all conversations in this window of the browser: the keeper (draft-keeper.ts) with a clock and the node. One a
 * connection; it outlives every screen, so nothing typed is lost by going elsewhere or by the node going away.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { asKithError } from '@kith/api/errors';
import { DraftKeeper, noDraft, type DraftContent } from './draft-keeper.ts';

export type SaveDraft = (conversation: string, content: DraftContent) => Promise<unknown>;

export class Drafts {
  readonly #keeper = new DraftKeeper();
  readonly #stores = new Map<string, StoreApi<DraftContent>>();
  readonly #save: SaveDraft;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(save: SaveDraft) {
    this.#save = save;
  }

  /** What stands in the composer of a conversation. */
  store(conversation: string): StoreApi<DraftContent> {
    const known = this.#stores.get(conversation);
    if (known !== undefined) return known;
    const store = createStore<DraftContent>(() => this.#keeper.content(conversation) ?? noDraft);
    this.#stores.set(conversation, store);
    return store;
  }

  /** Something typed is not on the disk yet. */
  get isDirty(): boolean {
    return this.#keeper.isDirty;
  }

  change(conversation: string, change: Partial<DraftContent>): void {
    const content = { ...this.store(conversation).getState(), ...change };
    this.store(conversation).setState(content);
    this.#keeper.typed(conversation, content, Date.now());
    this.#schedule();
  }

  /** A message is gone from this device: the node takes no answer to it and no edit, whose text does not stay behind. */
  removed(conversation: string, id: string): void {
    const content = this.#stores.get(conversation)?.getState();
    if (content?.editing === id) this.change(conversation, noDraft);
    else if (content?.replyTo === id) this.change(conversation, { replyTo: null });
  }

  /** What the node has. It is shown where nothing was typed here that it does not have. */
  told(conversation: string, content: DraftContent): void {
    const isFirst = this.#keeper.content(conversation) === null;
    if (this.#keeper.told(conversation, content) || isFirst) this.store(conversation).setState(content);
  }

  /** Saves at once what waits: the person leaves. */
  flush(conversation?: string): void {
    this.#keeper.flush(Date.now(), conversation);
    this.#wake();
  }

  connected(isConnected: boolean): void {
    this.#keeper.connected(isConnected, Date.now());
    this.#wake();
  }

  #wake(): void {
    for (const { conversation, content } of this.#keeper.wake(Date.now())) {
      this.#save(conversation, content).then(
        () => this.#done(conversation, true),
        (error: unknown) => {
          this.#done(conversation, false);
          if (asKithError(error).code === 'unknown-message') this.#release(conversation, content);
        },
      );
    }
    this.#schedule();
  }

  #done(conversation: string, isSaved: boolean): void {
    this.#keeper.done(conversation, isSaved, Date.now());
    this.#schedule();
  }

  /** What it is about went with many others, or while nobody told us: without that the node takes the text. */
  #release(conversation: string, { editing, replyTo }: DraftContent): void {
    for (const id of [editing, replyTo]) if (id !== null) this.removed(conversation, id);
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const next = this.#keeper.nextWakeMs();
    if (next === null) return;
    this.#timer = setTimeout(() => this.#wake(), Math.max(0, next - Date.now()));
  }
}
