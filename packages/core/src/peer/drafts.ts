/** Drafts, where something else than typing changes them. */
import type { ConversationId, MessageId, PersonId } from '../base/ids.ts';
import type { Store } from '../base/store.ts';
import type { Turn } from './turn.ts';

/** A message is gone that may just be edited: its text, which the draft began with, does not stay behind in it. */
export function endEditing(
  { store, turn }: { store: Store; turn: Turn },
  { conversation, person, id }: { conversation: ConversationId; person: PersonId; id: MessageId },
): void {
  if (store.conversation(conversation)?.draft?.editing !== id) return;
  turn.store({ op: 'changeConversation', conversation, person, change: { draft: undefined } });
  turn.event('conversation', { id: conversation, what: 'draft' });
}
