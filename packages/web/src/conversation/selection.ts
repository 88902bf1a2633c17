/**
 * The messages that are selected, as they are now: the window of messages may have moved on from them, and what is gone must not
 * be copied. Pure.
 */
import type { ApiEvent, Message } from '@kith/api/shapes';

/** By id, in the order of the conversation; never empty. */
export type Selection = ReadonlyMap<string, Message>;

/** A guess: more than anybody picks by hand, and few enough to be deleted one by one. */
export const selectedMax = 100;

/** `full`: no more can be selected. Null: nothing is left. */
export function toggled(before: Selection | null, message: Message): Selection | 'full' | null {
  const others = [...(before?.values() ?? [])].filter(({ id }) => id !== message.id);
  const isAdded = others.length === (before?.size ?? 0);
  if (isAdded && others.length >= selectedMax) return 'full';
  return selectionOf(isAdded ? [...others, message] : others);
}

/** After events of any conversation. The same object where they are about others. */
export function withEvents(
  selection: Selection,
  conversation: string,
  events: readonly ApiEvent[],
): Selection | null {
  const after = new Map(selection);
  let isChanged = false;
  for (const { event, data } of events) {
    if (event === 'changed' && after.has(data.id)) {
      after.set(data.id, data);
      isChanged = true;
    } else if (event === 'removed') isChanged = after.delete(data.id) || isChanged;
    else if (event === 'conversation' && data.id === conversation && data.what === 'cleared') {
      for (const id of data.messages ?? [...after.keys()]) isChanged = after.delete(id) || isChanged;
    }
  }
  return isChanged ? selectionOf([...after.values()]) : selection;
}

function selectionOf(messages: Message[]): Selection | null {
  if (messages.length === 0) return null;
  const inOrder = messages.toSorted((one, other) => one.position - other.position);
  return new Map(inOrder.map((message) => [message.id, message]));
}
