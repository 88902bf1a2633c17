/** What every row of a conversation needs and none changes: who is who, and what can be done with a message. Stable, so that rows rest. */
import { createContext, use } from 'react';
import type { Message } from '@kith/api/shapes';
import type { FreshRows } from './fresh-rows.ts';

export interface MessageActs {
  reply: (message: Message) => void;
  /** Into the composer, as a quote of markdown. */
  quote: (message: Message) => void;
  edit: (message: Message) => void;
  react: (message: Message, emoji: string, on: boolean) => void;
  /** Offers the reactions at its bubble. */
  openReactions: (message: Message) => void;
  copy: (messages: readonly Message[]) => void;
  remove: (messages: readonly Message[]) => void;
  openDetails: (message: Message) => void;
  sendAgain: (message: Message) => void;
  jump: (id: string) => void;
  select: (message: Message) => void;
  openLink: (href: string) => void;
}

export interface ConversationScope {
  conversation: string;
  /** Our person id. */
  me: string;
  /** What we call the other one. */
  name: string;
  nameOf: (person: string) => string;
  /** Whether anything can be written here: not where they are blocked, removed, or have another key. */
  canWrite: boolean;
  acts: MessageActs;
  /** Keys of rows that came while the list stood: they rise once. */
  fresh: FreshRows;
}

export const ConversationContext = createContext<ConversationScope | null>(null);

export function useConversationScope(): ConversationScope {
  const scope = use(ConversationContext);
  if (scope === null) throw new TypeError('outside a conversation');
  return scope;
}
