/** What can be done with a message, for all rows of a conversation. Never changes while it is open, so that rows rest. */
import { useMemo, type RefObject } from 'react';
import type { Message } from '@kith/api/shapes';
import type { ComposerHandle } from '../composer/composer.tsx';
import { hideMessages } from '../data/hidden.ts';
import { talk, toldMsMax } from '../data/live-talk.ts';
import { showToast } from '../design/toast-store.ts';
import { formatMoment } from '../i18n/formats.ts';
import { translate } from '../i18n/texts.ts';
import { errorWords } from '../i18n/wording.ts';
import type { MessageActs } from './conversation-context.ts';
import type { Sending } from './use-sending.ts';

export interface ActsInput {
  conversation: string;
  nameOf: (message: Message) => string;
  composer: RefObject<ComposerHandle | null>;
  sending: Pick<Sending, 'edit' | 'sendAgain' | 'cancel'>;
  onJump: (id: string) => void;
  onDelete: (messages: readonly Message[]) => void;
  onDetails: (message: Message) => void;
  onReactions: (message: Message) => void;
  onSelect: (message: Message) => void;
  onLink: (href: string) => void;
}

/** @param input - Its functions have to be stable too; `latest` holds those that are not. */
export function useMessageActs(latest: RefObject<ActsInput>): MessageActs {
  return useMemo((): MessageActs => {
    const focus = (): void => {
      // After the menu that was used gave the focus back.
      requestAnimationFrame(() => latest.current.composer.current?.focus());
    };
    return {
      reply: ({ id }) => {
        const { conversation, sending } = latest.current;
        // An edit that was begun gives way to what was typed before it.
        if (talk.drafts.store(conversation).getState().editing !== null) sending.cancel();
        talk.drafts.change(conversation, { replyTo: id });
        focus();
      },
      quote: ({ text }) => {
        const quoted = text
          .split('\n')
          .map((line) => `> ${line}`)
          .join('\n');
        requestAnimationFrame(() => latest.current.composer.current?.insertBlock(`${quoted}\n\n`));
      },
      edit: (message) => {
        latest.current.sending.edit(message);
        focus();
      },
      react: ({ conversation, id }, emoji, on) => {
        void talk.api.messages.react.mutate({ conversation, id, emoji, on }).catch(tellError);
      },
      openReactions: (message) => {
        requestAnimationFrame(() => latest.current.onReactions(message));
      },
      copy: (messages) => void copy(messages, latest.current.nameOf),
      remove: (messages) => latest.current.onDelete(messages),
      openDetails: (message) => latest.current.onDetails(message),
      sendAgain: ({ text }) => latest.current.sending.sendAgain(text),
      jump: (id) => latest.current.onJump(id),
      select: (message) => latest.current.onSelect(message),
      openLink: (href) => latest.current.onLink(href),
    };
  }, [latest]);
}

function tellError(error: unknown): void {
  showToast({ text: errorWords(error), look: 'bad' });
}

/** It was on the screen as done. */
function tellNotDeleted(error: unknown): void {
  showToast({ text: translate('delete.failed', { reason: errorWords(error) }), look: 'bad' });
}

async function copy(messages: readonly Message[], nameOf: (message: Message) => string): Promise<void> {
  const whole = messages.filter(({ deleted }) => !deleted);
  const [first] = whole;
  if (first === undefined) return;
  const text =
    messages.length === 1
      ? first.text
      : whole
          .map((message) => `${nameOf(message)}, ${formatMoment(message.sentAt)}\n${message.text}`)
          .join('\n\n');
  try {
    await navigator.clipboard.writeText(text);
    showToast({ text: translate('talk.copied') });
  } catch {
    // The browser does not let us: the person's own copying still works.
  }
}

/** They leave the screen now, and the device when the moment for taking it back is over. */
export function deleteMessages(messages: readonly Message[], everywhere: boolean): void {
  const ids = messages.map(({ id }) => id);
  hideMessages(ids, true);
  showToast({
    text: translate('delete.done', { count: ids.length }),
    undo: () => hideMessages(ids, false),
    commit: () => {
      void Promise.all(
        messages.map(async ({ conversation, id }) => {
          try {
            await talk.api.messages.delete.mutate({ conversation, id, everywhere });
            // Of one that was deleted elsewhere in the meantime no event comes.
            setTimeout(() => hideMessages([id], false), toldMsMax);
          } catch (error) {
            hideMessages([id], false);
            throw error;
          }
        }),
      ).catch(tellNotDeleted);
    },
  });
}
