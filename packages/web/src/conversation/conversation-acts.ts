/** What a person does to a whole conversation, from its header, its row in the list or a command. Each says how it ended. */
import type { Conversation } from '@kith/api/conversation-shapes';
import { hideConversation, useHidden } from '../data/hidden.ts';
import { dismissToast, showToast } from '../design/toast-store.ts';
import { clearUpTo, talk } from '../data/live-talk.ts';
import { formatMoment } from '../i18n/formats.ts';
import { translate } from '../i18n/texts.ts';
import { errorWords } from '../i18n/wording.ts';

/** As the contract has it: until it is ended. */
export const mutedForever = '9999-12-31T00:00:00.000Z';

/** Shows what a call answered, or says what went wrong. */
async function take(call: Promise<Conversation>): Promise<boolean> {
  try {
    talk.takeConversation(await call);
    return true;
  } catch (error) {
    showToast({ text: errorWords(error), look: 'bad' });
    return false;
  }
}

export async function pinConversation({ id }: Conversation, pinned: boolean): Promise<void> {
  await take(talk.api.conversations.pin.mutate({ conversation: id, pinned }));
}

/** @param forMs - null: until it is ended; `end`: now. */
export async function muteConversation(
  { id, name }: Pick<Conversation, 'id' | 'name'>,
  forMs: number | null | 'end',
): Promise<void> {
  const until =
    forMs === 'end' ? null : forMs === null ? mutedForever : new Date(Date.now() + forMs).toISOString();
  const isDone = await take(talk.api.conversations.mute.mutate({ conversation: id, until }));
  if (!isDone) return;
  const text =
    until === null
      ? translate('mute.ended', { name })
      : until === mutedForever
        ? translate('mute.forever', { name })
        : translate('mute.until', { name, time: formatMoment(until) });
  showToast({ text });
}

export async function dismissReset({ id }: Conversation): Promise<void> {
  await take(talk.api.conversations.dismissReset.mutate({ conversation: id }));
}

export async function markConversationRead({ id, last }: Conversation): Promise<void> {
  if (last !== null) await take(talk.api.conversations.markRead.mutate({ conversation: id, upTo: last.id }));
}

export async function markConversationUnread({ id, last }: Conversation): Promise<void> {
  if (last !== null)
    await take(talk.api.conversations.markUnread.mutate({ conversation: id, from: last.id }));
}

/** The toast of the last clearing of each conversation: it is gone when that cannot be taken back any more. */
const clearing = new Map<string, number>();

/** Leaves the screen at once and the disk when the moment for taking it back is over. */
export function clearConversation({ id, name, last }: Conversation): void {
  if (last === null) return;
  // What comes meanwhile was not meant.
  const upTo = last.position;
  // What was cleared before is final: taking this one back brings back no more than this one took.
  const before = clearing.get(id);
  if (before !== undefined) dismissToast(before);
  hideConversation(id, upTo);
  const show = (): void => {
    if (useHidden.getState().conversations.get(id) === upTo) hideConversation(id, null);
  };
  const toast = showToast({
    text: translate('clear.done', { name }),
    undo: show,
    commit: () => {
      void clearUpTo(id, upTo)
        .catch((error: unknown) =>
          showToast({ text: translate('delete.failed', { reason: errorWords(error) }), look: 'bad' }),
        )
        .finally(show);
    },
  });
  clearing.set(id, toast);
}
