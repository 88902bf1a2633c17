/**
 * A contact set up a session anew, while there was one that worked: mostly after a restored backup. It is no change of
 * identity and stops nothing. But a person shall know, also one who was not there: the conversation says it until it was seen.
 */
import type { ContactRow, Store } from '../base/store.ts';
import type { Turn } from './turn.ts';

/** @param frameHash - of message 1, in hex. */
export function noteReset(turn: Turn, row: ContactRow, frameHash: string): void {
  const { conversation, name, person, state } = row;
  const text = `The encrypted session with ${name} was set up anew. This happens after a restored backup.`;
  turn.event('notice', { kind: 'session-reset', contact: person, device: null, text });
  turn.log('info', 'session-reset', { frame: frameHash.slice(0, 8) });
  // With whoever still waits to be let in there is nothing to lose.
  if (state !== 'connected') return;
  const change = { sessionResetWallMs: turn.wallMs };
  turn.store({ op: 'changeConversation', conversation, person, change });
  turn.event('conversation', { id: conversation, what: 'notice' });
}

/** Our person compared numbers, which is more than having seen the note. */
export function endReset({ store, turn }: { store: Store; turn: Turn }, row: ContactRow): void {
  const { conversation, person } = row;
  if (store.conversation(conversation)?.sessionResetWallMs === undefined) return;
  const change = { sessionResetWallMs: undefined };
  turn.store({ op: 'changeConversation', conversation, person, change });
  turn.event('conversation', { id: conversation, what: 'notice' });
}
