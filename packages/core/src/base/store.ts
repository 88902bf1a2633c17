/**
 * The Store port: what core keeps on disk, as rows, and how it reads them back.
 *
 * Reads are synchronous and see the writes of the transaction that is open. Writes are values: machines
 * return them as outputs and the driver applies them (architecture: "Durable before visible").
 * Real adapter: `node/storage`; test double: `core/base/memory-store.ts`; both pass `core/test/store-contract.ts`.
 *
 * Times are machine time (see `peer/contract.ts`) unless a name says `WallMs`, which is Unix time as a
 * person reads it. Private keys never stand in any row in the clear: they are in {@link SecretRow}, sealed.
 */
import type { ConversationId, DeviceId, MessageId, PersonId } from './ids.ts';

/** What a contact is to us. `requested`: we asked. `incoming`: they asked, and wait in the request box. */
export type ContactState = 'requested' | 'incoming' | 'connected' | 'blocked';

export interface ContactRow {
  person: PersonId;
  /** Given by our person, or else what the contact calls itself. 1 to 64 characters. */
  name: string;
  /** What the contact calls itself; a claim. */
  claimedName: string;
  /** The colour the contact chose, 0 to 11; a claim. Undefined: the one that follows from the id. */
  hue: number | undefined;
  state: ContactState;
  /** State before `blocked`, so that unblocking returns to it; undefined unless blocked. */
  stateBeforeBlock: ContactState | undefined;
  verified: boolean;
  /** The root key changed and was not compared since: nothing is sent. */
  keyChanged: boolean;
  /** Root chain and device statements, as in docs/protocol/identity.md. At most 16 KiB. */
  identity: Uint8Array;
  /** First message of a request, at most 4 KiB of text; empty when there was none. */
  greeting: string;
  conversation: ConversationId;
  createdMs: number;
  /** Wall time of the last authenticated word from any of their devices. */
  lastSeenWallMs: number | undefined;
}

/** One device of a contact. */
export interface DeviceRow {
  device: DeviceId;
  person: PersonId;
  /** Newest valid prekey bundle, signed by the device; undefined until one was seen. At most 4 KiB. */
  bundle: Uint8Array | undefined;
  /** Where it was last reached, newest first, at most 4 multiaddrs. */
  addresses: string[];
}

export type SecretKind =
  | 'identity' // our root, committed next root and device keys
  | 'session' // key: sid in hex; one ratchet state
  | 'skipped' // key: sid in hex, '/', ratchet key in hex, '/', n
  | 'prekey' // key: bundle hash or one-time prekey id, in hex
  | 'intake' // key: 'plain', 'presence', 'presence/' and person id, or token id in hex; secrets we are found by
  | 'card'; // key: person id; what a contact's card gave us (intake secret, token)

/** A row sealed by `crypto/vault` under the storage key of `generation`. At most 64 KiB. */
export interface SecretRow {
  kind: SecretKind;
  key: string;
  generation: number;
  sealed: Uint8Array;
}

export type MessageState = 'stored' | 'sent' | 'delivered' | 'expired' | 'failed' | 'received' | 'read';

export interface MessageRow {
  conversation: ConversationId;
  id: MessageId;
  direction: 'out' | 'in';
  /** The other person of the conversation. */
  person: PersonId;
  text: string;
  /** As the author claims it. */
  sentWallMs: number;
  /** Undefined for our own messages. */
  receivedWallMs: number | undefined;
  state: MessageState;
  /** Why it failed or expired; undefined otherwise. */
  reason: string | undefined;
  /** Machine time at which it expires; undefined lives until it is delivered. */
  expiresAtMs: number | undefined;
  /** The same moment for people. */
  expiresAtWallMs: number | undefined;
  /** The message of this conversation that it answers. It may not be on this device. */
  replyTo: MessageId | undefined;
  /** Of the newest edit, see {@link StoreWrite} `editMessage`; undefined where it was never edited. */
  editSequence: number | undefined;
  /** Its author deleted it, for good: its text is empty. */
  deleted: boolean;
}

/** All reactions of one person to one message. An empty list is kept: an older one must not come back. */
export interface ReactionRow {
  conversation: ConversationId;
  message: MessageId;
  /** Who reacts; our own person too. */
  person: PersonId;
  /** The highest counts. */
  sequence: number;
  /** At most 8, each one emoji. */
  emoji: string[];
}

/** A message with its place in the order of arrival on this device. */
export interface StoredMessage extends MessageRow {
  /** A positive integer, above every one given before, also of messages that are gone. */
  position: number;
  /** In the order in which the people first reacted. */
  reactions: Pick<ReactionRow, 'person' | 'sequence' | 'emoji'>[];
}

/** A change to a message that is not here yet: it overtook it. One of a kind for each person and message. */
export interface EarlyRow {
  person: PersonId;
  message: MessageId;
  kind: 'edit' | 'delete' | 'react';
  /** 0 for a deletion, of which there is only one. */
  sequence: number;
  /** As it came, docs/protocol/content.md. At most 32 KiB. */
  content: Uint8Array;
  expiresAtMs: number;
}

/** What was typed and not sent. */
export interface DraftRow {
  /** At most 128 KiB. */
  text: string;
  replyTo: MessageId | undefined;
  /** The own message it shall replace. */
  editing: MessageId | undefined;
  updatedWallMs: number;
}

/** What this device remembers of a conversation beside its messages. Made by its first message or change. */
export interface ConversationRow {
  conversation: ConversationId;
  person: PersonId;
  /** What our person called them when the contact was removed; undefined while there is one. */
  formerName: string | undefined;
  draft: DraftRow | undefined;
  mutedUntilWallMs: number | undefined;
  pinned: boolean;
  /** When a session with the contact was last set up anew; undefined where there is none of it that our person did not see. */
  sessionResetWallMs: number | undefined;
  /** Incoming messages up to this position were read. */
  readUpTo: number;
}

/** Where an unread count ends: more is "so many and more". */
export const unreadMax = 1_000;

/** A conversation as a list shows it. */
export interface ConversationSummary extends ConversationRow {
  /** The newest message. */
  last: StoredMessage | undefined;
  /** Incoming messages above `readUpTo`, at most {@link unreadMax}. */
  unread: number;
  /** The oldest of them. */
  firstUnread: MessageId | undefined;
}

/** What a search lets through, beside its words. Positions exclude themselves. */
export interface MessageFilter {
  conversation?: ConversationId | undefined;
  direction?: MessageRow['direction'] | undefined;
  /** Texts with a link, as `holdsLink` in words.ts finds it. */
  hasLink?: true | undefined;
  after?: number | undefined;
  before?: number | undefined;
}

export interface LedgerRow {
  message: MessageId;
  conversation: ConversationId;
  state: MessageState;
  atWallMs: number;
  by: 'self' | 'device' | 'carrier';
  device: DeviceId | undefined;
  attempt: number | undefined;
  detail: string | undefined;
}

/** What waits to be delivered to one device. */
export interface OutboxRow {
  /** Unique on this device: a random 26-character id. */
  item: string;
  person: PersonId;
  /** Undefined until a device of theirs is known. */
  device: DeviceId | undefined;
  /**
   * `request`: the first contact; `message`: a text; `control`: accept and other session talk; `change`: what
   * happened to a message (edited, deleted, reacted to, read).
   */
  kind: 'request' | 'message' | 'control' | 'change';
  /** The message it carries or changes; undefined for `request` and `control`, and for what was read. */
  message: MessageId | undefined;
  /** The exact bytes to send and send again; empty until a session could seal it. At most 64 KiB. */
  sealed: Uint8Array;
  /** For `control` and `change`: the plaintext, to be sealed anew when a session is lost. Empty otherwise. */
  content: Uint8Array;
  createdMs: number;
  expiresAtMs: number | undefined;
}

/** Remembers one opened envelope for 41 days, so that a repeat gets the same answer. */
export interface ReceivedRow {
  /** SHA-512 of the envelope, first 32 bytes. */
  hash: Uint8Array;
  person: PersonId;
  /** The message it carried; undefined for session talk. */
  message: MessageId | undefined;
  /** The {@link AckRow} that answers it; undefined where nothing is answered. */
  ack: string | undefined;
  expiresAtMs: number;
}

/** A sealed acknowledgement, kept to be sent again. */
export interface AckRow {
  ack: string;
  sealed: Uint8Array;
  expiresAtMs: number;
}

/** One thing that happened, for `kith watch` and the web app. */
export interface EventRow {
  /** Rises by one with each event, from 1. */
  seq: number;
  atWallMs: number;
  event:
    | 'message'
    | 'state'
    | 'contact'
    | 'peer'
    | 'request'
    | 'notice'
    | 'network'
    | 'changed'
    | 'removed'
    | 'conversation'
    | 'settings';
  /** JSON object, at most 64 KiB, as `EventData` of peer/contract.ts. The text of a message never stands here. */
  data: string;
}

export type StoreWrite =
  | { op: 'putSetting'; key: string; value: Uint8Array }
  | { op: 'removeSetting'; key: string }
  | { op: 'putSecret'; row: SecretRow }
  | { op: 'removeSecret'; kind: SecretKind; key: string }
  | { op: 'putContact'; row: ContactRow }
  | { op: 'removeContact'; person: PersonId } // its devices too; messages stay
  | { op: 'putDevice'; row: DeviceRow }
  | { op: 'removeDevice'; device: DeviceId }
  /** A second put with the same conversation and id changes nothing: the first stands. */
  | { op: 'putMessage'; row: MessageRow }
  | {
      op: 'setMessageState';
      conversation: ConversationId;
      id: MessageId;
      state: MessageState;
      reason: string | undefined;
    }
  /** Another text. Changes nothing where the message is deleted or not stored. */
  | { op: 'editMessage'; conversation: ConversationId; id: MessageId; text: string; sequence: number }
  /** Deleted by its author: its text and its reactions are gone from the disk, the row says so from now on. */
  | { op: 'eraseMessage'; conversation: ConversationId; id: MessageId }
  /** In place of that person's earlier one. Not kept for a message that is deleted or not stored. */
  | { op: 'putReaction'; row: ReactionRow }
  /** In place of an earlier one of that person, message and kind. */
  | { op: 'putEarly'; row: EarlyRow }
  /** All kinds. */
  | { op: 'removeEarly'; person: PersonId; message: MessageId }
  /** With its ledger, its reactions and its words in the index. Its position is never given again. */
  | { op: 'removeMessage'; conversation: ConversationId; id: MessageId }
  /** What is left out stays; a key that is there with `undefined` is emptied. */
  | {
      op: 'changeConversation';
      conversation: ConversationId;
      person: PersonId;
      change: Partial<Omit<ConversationRow, 'conversation' | 'person'>>;
    }
  /** The row alone: its messages stay. */
  | { op: 'removeConversation'; conversation: ConversationId }
  /** A line for a message that is not stored is not kept. */
  | { op: 'addLedger'; row: LedgerRow }
  | { op: 'putOutbox'; row: OutboxRow }
  | { op: 'removeOutbox'; item: string }
  | { op: 'putReceived'; row: ReceivedRow }
  | { op: 'putAck'; row: AckRow }
  /** Handshake replay memory: message 1 with this ephemeral key hash was accepted under this prekey. */
  | { op: 'putReplay'; prekey: string; ephemeral: string }
  | { op: 'removeReplays'; prekey: string }
  /** Throws where `seq` is not above every seq given before: a programmer's mistake. */
  | { op: 'addEvent'; row: EventRow }
  /** Drops received, ack and early rows whose `expiresAtMs` is at or before `nowMs`, and events below `eventsFrom`. */
  | { op: 'forget'; nowMs: number; eventsFrom: number };

/** Synchronous reads. Lists come in the order stated. Returned rows belong to the caller. */
export interface Store {
  setting(key: string): Uint8Array | undefined;
  secret(kind: SecretKind, key: string): SecretRow | undefined;
  /** All of a kind whose key begins with `prefix`, by key. */
  secrets(kind: SecretKind, prefix: string): SecretRow[];
  /** Every secret row: kind and key only, so that resealing needs not hold them all. */
  secretKeys(): { kind: SecretKind; key: string }[];
  /** By name, then person. */
  contacts(): ContactRow[];
  contact(person: PersonId): ContactRow | undefined;
  /** By device id. */
  devices(): DeviceRow[];
  message(conversation: ConversationId, id: MessageId): StoredMessage | undefined;
  /** All messages with that id, our own first. At most 64. */
  messagesById(id: MessageId): StoredMessage[];
  /**
   * The newest `limit` (1 to 1,000) messages of a conversation below position `before`, oldest first.
   * `before` undefined: from the newest.
   */
  history(conversation: ConversationId, limit: number, before: number | undefined): StoredMessage[];
  /** The oldest `limit` (1 to 1,000) messages of a conversation above position `after`, oldest first. */
  historyAfter(conversation: ConversationId, limit: number, after: number): StoredMessage[];
  /** The same of all conversations. */
  oldest(limit: number, after: number): StoredMessage[];
  /**
   * The position of the first message, of one conversation or of all, that came at `wallMs` or later; undefined where
   * none did. By halving (arrival.ts): where the clock was set back in between, one of the places where it may be.
   */
  positionAt(conversation: ConversationId | undefined, wallMs: number): number | undefined;
  /** Of one conversation, or of all. */
  messageCount(conversation?: ConversationId): number;
  /** By conversation id. */
  conversations(): ConversationSummary[];
  conversation(conversation: ConversationId): ConversationSummary | undefined;
  /** As in its row; 0 where there is none. */
  readUpTo(conversation: ConversationId): number;
  /** As if everything up to that position had been read. */
  unread(conversation: ConversationId, readUpTo: number): Pick<ConversationSummary, 'unread' | 'firstUnread'>;
  /**
   * Messages whose text matches every term (search-terms.ts), newest first. `limit` 1 to 1,000. Without words: what the
   * filter lets through; without both, nothing. Deleted ones are never found.
   */
  search(words: string, limit: number, filter?: MessageFilter): StoredMessage[];
  /** Early changes of a person, of one message or all, in the order in which they were first put. */
  earlyOf(person: PersonId, message?: MessageId): EarlyRow[];
  /** Which messages they are about, each once, in the same order. Reads none of their contents. */
  earlyMessages(person: PersonId): MessageId[];
  /** In the order they were added. */
  ledger(conversation: ConversationId, message: MessageId): LedgerRow[];
  /** In the order they were first put. */
  outbox(): OutboxRow[];
  outboxItem(item: string): OutboxRow | undefined;
  received(hash: Uint8Array): ReceivedRow | undefined;
  /** Whether a message of this person and id was ever received and not forgotten. */
  receivedMessage(person: PersonId, message: MessageId): ReceivedRow | undefined;
  ack(ack: string): AckRow | undefined;
  replayed(prekey: string, ephemeral: string): boolean;
  replayCount(prekey: string): number;
  /** Events with seq > `since`, by seq. `limit` 1 to 1,000. */
  events(since: number, limit: number): EventRow[];
  /** Highest seq ever given, 0 when none. */
  lastEventSeq(): number;
}
