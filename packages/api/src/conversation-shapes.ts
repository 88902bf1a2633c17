/** The JSON objects of conversations and of what happens to messages in them. Schemas: conversation-schemas.ts. */
import type { Contact, Message } from './shapes.ts';

/** Reading further is not counted one by one: a conversation shows "999+". */
export const unreadCountMax = 1_000;
/** Characters of a message that is quoted. */
export const quotedLengthMax = 200;

/** The message that another one answers, as far as this device has it. */
export interface Quoted {
  id: string;
  /** Person id of its author; null where the message is not on this device. */
  from: string | null;
  /** Its beginning, at most {@link quotedLengthMax} characters; empty where it was deleted, null where it is not on this device. */
  text: string | null;
}

export interface Reaction {
  /** One emoji. */
  emoji: string;
  /** Person ids, in the order in which they came. */
  people: string[];
}

/** What was typed and not sent. */
export interface Draft {
  text: string;
  /** Id of the message it answers. */
  replyTo: string | null;
  /** Id of the own message it shall replace. */
  editing: string | null;
  updatedAt: string;
}

export interface Conversation {
  id: string;
  /** Null where the contact was removed; what was written stays readable. */
  contact: Contact | null;
  /** What our person calls them, or what they called themselves when they were removed. */
  name: string;
  /** The newest message; null in a conversation without any. */
  last: Message | null;
  /** Incoming messages that were not read, at most {@link unreadCountMax}. */
  unread: number;
  /** Id of the oldest of them. */
  firstUnread: string | null;
  draft: Draft | null;
  /** No notification before this time. */
  mutedUntil: string | null;
  pinned: boolean;
  /** When a session with them was set up anew, until `dismissReset` or comparing numbers. Null: there is nothing to say. */
  sessionResetAt: string | null;
  /** When something last happened in it: a message, or the contact being added. */
  activeAt: string;
}

export interface ClearInput {
  conversation: string;
  /** `position` of the last message that goes; what is newer stays. Without it all goes that is there now. */
  upTo?: number | undefined;
}

export interface ConversationInput {
  conversation: string;
}

/** At most one of `before`, `after`, `around` and `at`; with none of them the newest page. */
export interface PageInput {
  conversation: string;
  /** 1 to `historyPageMax`. */
  limit: number;
  /** Messages that came before this one. */
  before?: string | undefined;
  /** Messages that came after this one. */
  after?: string | undefined;
  /** This message in the middle. */
  around?: string | undefined;
  /** The first message that came at this time or later, in the middle; the newest page where there is none. ISO 8601. */
  at?: string | undefined;
}

/** Oldest first. */
export interface Page {
  messages: Message[];
  hasOlder: boolean;
  hasNewer: boolean;
}

export interface EditInput {
  conversation: string;
  id: string;
  text: string;
}

export interface DeleteInput {
  conversation: string;
  id: string;
  /** Ask their devices to delete it too: own messages only. Else it is only gone from here. */
  everywhere: boolean;
}

export interface ReactInput {
  conversation: string;
  id: string;
  emoji: string;
  on: boolean;
}

export interface MarkReadInput {
  conversation: string;
  /** Everything up to this message was seen. */
  upTo: string;
}

export interface MarkUnreadInput {
  conversation: string;
  /** This message and what came after it count as unread. */
  from: string;
}

export interface DraftInput {
  conversation: string;
  /** Empty, without `replyTo` and `editing`: there is no draft any more. */
  text: string;
  replyTo?: string | undefined;
  editing?: string | undefined;
}

export interface MuteInput {
  conversation: string;
  /** Null ends it. ISO 8601; `9999-12-31T00:00:00.000Z`: until it is ended. */
  until: string | null;
}

export interface PinInput {
  conversation: string;
  pinned: boolean;
}

export interface TypingInput {
  conversation: string;
  /** Said again at least every 10 s while it goes on. */
  typing: boolean;
}

/** Somebody types, or stopped. Never stored: who was not listening missed nothing. */
export interface TypingSign {
  conversation: string;
  /** Person id. */
  person: string;
  typing: boolean;
}

export interface ExportInput {
  /** Null: all conversations. */
  conversation: string | null;
  /** `html`: one file that opens anywhere. `jsonl`: one JSON object a line. */
  format: 'html' | 'jsonl';
  /** Words of the HTML file: a language tag that `settings.language` allows. */
  language?: string | undefined;
}

/** A piece of an export, in order. `done` of `total` messages are written with it. */
export interface ExportPiece {
  text: string;
  done: number;
  total: number;
}
