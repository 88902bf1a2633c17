/**
 * The drafts of all conversations in this window of the browser: the keeper (draft-keeper.ts) with a clock and the node. One a
 * connection; it outlives every screen, so nothing typed is lost by going elsewhere or by the node going away.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { asKithError, type ErrorCode } from '@kith/api/errors';
import { DraftKeeper, noDraft, type DraftContent, type Save } from './draft-keeper.ts';

export type SaveDraft = (conversation: string, content: DraftContent) => Promise<unknown>;

export class Drafts {
  readonly #keeper = new DraftKeeper();
  readonly #stores = new Map<string, StoreApi<DraftContent>>();
  /** What stood in a composer before a message was edited in it. Nowhere else; by conversation, those that hold something. */
  readonly #before = new Map<string, DraftContent>();
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

  /** Something typed waits behind the edit of a message: on no disk, also while the node is there. */
  get isBehindEdit(): boolean {
    return this.#before.size > 0;
  }

  change(conversation: string, change: Partial<DraftContent>): void {
    const content = { ...this.store(conversation).getState(), ...change };
    this.store(conversation).setState(content);
    this.#keeper.typed(conversation, content, Date.now());
    this.#schedule();
  }

  /** The text of a message stands in the composer, to be changed. What stood there comes back when that is over. */
  edit(conversation: string, { id, text }: { id: string; text: string }): void {
    const content = this.store(conversation).getState();
    if (content.editing === null) this.#keepBefore(conversation, content);
    this.change(conversation, { text, editing: id, replyTo: null });
  }

  /** It is over, however it ended. */
  endEdit(conversation: string): void {
    const before = this.#before.get(conversation) ?? noDraft;
    this.#before.delete(conversation);
    this.change(conversation, before);
  }

  /** The node did not take it: it is the person's again, before what was typed since. Never in the text of another message. */
  giveBack(conversation: string, { text, replyTo }: Pick<DraftContent, 'text' | 'replyTo'>): void {
    const content = this.store(conversation).getState();
    const typed = content.editing === null ? content : (this.#before.get(conversation) ?? noDraft);
    const given = {
      ...typed,
      text: [text, typed.text].filter((part) => part !== '').join('\n'),
      replyTo: typed.replyTo ?? replyTo,
    };
    if (content.editing === null) this.change(conversation, given);
    else this.#keepBefore(conversation, given);
  }

  /** The node did not take an edit: it goes on. Where another was begun since, its text waits behind that. */
  reopenEdit(conversation: string, edit: { id: string; text: string }): void {
    if (this.store(conversation).getState().editing === null) this.edit(conversation, edit);
    else this.giveBack(conversation, { text: edit.text, replyTo: null });
  }

  /** A message is gone from this device: the node takes no answer to it and no edit, whose text does not stay behind. */
  removed(conversation: string, id: string): void {
    const before = this.#before.get(conversation);
    if (before?.replyTo === id) this.#keepBefore(conversation, { ...before, replyTo: null });
    this.deleted(conversation, id);
    if (this.#stores.get(conversation)?.getState().replyTo === id)
      this.change(conversation, { replyTo: null });
  }

  /** The text of a message is gone at both ends. It may still be answered. */
  deleted(conversation: string, id: string): void {
    if (this.#stores.get(conversation)?.getState().editing === id) this.endEdit(conversation);
  }

  /** What the node has. It is shown where nothing was typed here that it does not have. */
  told(conversation: string, content: DraftContent): void {
    const isFirst = this.#keeper.content(conversation) === null;
    if (!this.#keeper.told(conversation, content) && !isFirst) return;
    this.store(conversation).setState(content);
    const before = this.#before.get(conversation);
    if (content.editing !== null || before === undefined) return;
    // Another window ended the edit; what stood here before it is nowhere else.
    this.#before.delete(conversation);
    this.giveBack(conversation, before);
  }

  /** Saves at once what waits: the person leaves the conversation. */
  flush(conversation: string): void {
    this.#keeper.flush(Date.now(), conversation);
    this.#wake();
  }

  /** Saves at once what waits, anywhere: the page is left, and may have no other moment. */
  leave(): void {
    this.#keeper.flush(Date.now());
    this.#wake(true);
  }

  connected(isConnected: boolean): void {
    this.#keeper.connected(isConnected, Date.now());
    this.#wake();
  }

  #wake(isLast = false): void {
    for (const save of this.#keeper.wake(Date.now(), isLast)) {
      const { conversation, content } = save;
      this.#save(conversation, content).then(
        () => this.#done(save, true),
        (error: unknown) => {
          this.#done(save, false);
          this.#release(conversation, content, asKithError(error).code);
        },
      );
    }
    this.#schedule();
  }

  #done(save: Save, isSaved: boolean): void {
    this.#keeper.done(save, isSaved, Date.now());
    this.#schedule();
  }

  /** What it is about went with many others, or while nobody told us: without that the node takes the text. */
  #release(conversation: string, { editing, replyTo }: DraftContent, code: ErrorCode): void {
    if (code === 'message-deleted' && editing !== null) this.deleted(conversation, editing);
    if (code !== 'unknown-message') return;
    for (const id of [editing, replyTo]) if (id !== null) this.removed(conversation, id);
  }

  #keepBefore(conversation: string, content: DraftContent): void {
    if (content.text === '' && content.replyTo === null) this.#before.delete(conversation);
    else this.#before.set(conversation, content);
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const next = this.#keeper.nextWakeMs();
    if (next === null) return;
    this.#timer = setTimeout(() => this.#wake(), Math.max(0, next - Date.now()));
  }
}
