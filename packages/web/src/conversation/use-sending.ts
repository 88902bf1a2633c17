/** What the composer does with its text: send, send in parts, change what was sent; and what happens where the node refuses. */
import { useLayoutEffect, useState } from 'react';
import type { Quoted } from '@kith/api/conversation-shapes';
import { asKithError } from '@kith/api/errors';
import type { Message } from '@kith/api/shapes';
import { splitAtBound } from '../composer/text-size.ts';
import { talk } from '../data/live-talk.ts';
import { noDraft, type DraftContent } from '../data/drafts/draft-keeper.ts';
import type { OpenWindow } from '../data/messages/open-windows.ts';
import { missingQuote, quoteOf } from '../data/messages/quotes.ts';
import { showToast } from '../design/toast-store.ts';
import { translate } from '../i18n/texts.ts';
import { codeWords, errorWords } from '../i18n/wording.ts';

export interface Sending {
  send: (text: string) => void;
  sendParts: (text: string) => void;
  /** Beside what stands in the composer, which stays. */
  sendAgain: (text: string) => void;
  edit: (message: Message) => void;
  /** Escape: takes back the edit, else the reply. */
  cancel: () => void;
}

export function useSending(open: OpenWindow, ttlMs: number | null, onSent: () => void): Sending {
  const [desk] = useState(() => new Desk(open));
  useLayoutEffect(() => {
    desk.set(ttlMs, onSent);
  });
  return desk;
}

class Desk implements Sending {
  #ttlMs: number | null = null;
  #onSent: () => void = () => undefined;
  readonly #open: OpenWindow;
  /** The last edit, which may not have come back yet as an event: whoever edits that message again goes on with it. */
  #saving: { id: string; text: string; editedAt: string | null } | null = null;

  constructor(open: OpenWindow) {
    this.#open = open;
  }

  set(ttlMs: number | null, onSent: () => void): void {
    this.#ttlMs = ttlMs;
    this.#onSent = onSent;
  }

  readonly send = (text: string): void => {
    const { editing, replyTo } = this.#typed;
    if (editing !== null) {
      talk.drafts.endEdit(this.#open.conversation);
      void this.#saveEdit(editing, text);
      return;
    }
    this.#put(noDraft);
    this.#onSent();
    void this.#post(text, this.#quotedOf(replyTo)).then(() => talk.drafts.flush(this.#open.conversation));
  };

  /** One after the other: they shall stand in their order, and the rest comes back where one is refused. */
  readonly sendParts = (text: string): void => {
    this.#put(noDraft);
    this.#onSent();
    void this.#postParts(text);
  };

  readonly sendAgain = (text: string): void => {
    this.#onSent();
    void this.#post(text, null);
  };

  readonly edit = (message: Message): void => {
    const saving = this.#saving;
    const isOld = saving?.id === message.id && saving.editedAt === message.editedAt;
    talk.drafts.edit(this.#open.conversation, isOld ? { ...message, text: saving.text } : message);
  };

  readonly cancel = (): void => {
    const { editing, replyTo } = this.#typed;
    if (editing !== null) talk.drafts.endEdit(this.#open.conversation);
    else if (replyTo !== null) this.#put({ replyTo: null });
  };

  get #typed(): DraftContent {
    return talk.drafts.store(this.#open.conversation).getState();
  }

  #put(change: Partial<DraftContent>): void {
    talk.drafts.change(this.#open.conversation, change);
  }

  #quotedOf(replyTo: string | null): Quoted | null {
    if (replyTo === null) return null;
    const answered = this.#open.store.getState().messages.find(({ id }) => id === replyTo);
    return answered === undefined ? missingQuote(replyTo) : quoteOf(answered);
  }

  /** @param whole - What is the person's again where the node refuses. */
  async #post(text: string, replyTo: Quoted | null, whole = text): Promise<boolean> {
    const ended = await this.#open.send({ text, replyTo, ttlMs: this.#ttlMs });
    if (ended.end !== 'refused') return true;
    talk.drafts.giveBack(this.#open.conversation, {
      text: whole,
      // What it answered is gone: the text shall not be refused for it again.
      replyTo: ended.code === 'unknown-message' ? null : (replyTo?.id ?? null),
    });
    showToast({ text: translate('composer.refused', { reason: codeWords(ended.code) }), look: 'bad' });
    return false;
  }

  async #postParts(text: string): Promise<void> {
    let rest = text;
    while (rest.trim() !== '') {
      const [part, after] = splitAtBound(rest);
      if (!(await this.#post(part.trim(), null, rest))) return;
      rest = after;
    }
  }

  /** Where the node refuses, the text is in the composer again, as an edit of the same message, while there is that. */
  async #saveEdit(id: string, text: string): Promise<void> {
    const { conversation, store } = this.#open;
    const before = store.getState().messages.find((message) => message.id === id);
    const saving = { id, text, editedAt: before?.editedAt ?? null };
    this.#saving = saving;
    try {
      await talk.api.messages.edit.mutate({ conversation, id, text });
    } catch (error) {
      if (this.#saving === saving) this.#saving = null;
      const { code } = asKithError(error);
      if (code !== 'unknown-message' && code !== 'message-deleted')
        talk.drafts.reopenEdit(conversation, { id, text });
      showToast({ text: translate('composer.refused', { reason: errorWords(error) }), look: 'bad' });
    }
  }
}
