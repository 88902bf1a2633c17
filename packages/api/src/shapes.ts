/** The JSON objects of the local API. Their schemas, which say how large each may be, are in schemas.ts. */
import type { CheckCode } from '@kith/core/base/check-codes';
import type { DialReason } from '@kith/core/base/dial-reason';
import type { Quoted, Reaction } from './conversation-shapes.ts';

export type ContactState = 'requested' | 'incoming' | 'connected' | 'blocked';
export type MessageState = 'stored' | 'sent' | 'delivered' | 'expired' | 'failed' | 'received' | 'read';
export type LinkPath = 'lan' | 'direct' | 'relayed';
/** What the network looks like from here: a guess, never a certainty. */
export type NetworkOutlook = 'alone' | 'local-only' | 'probably-cut-off' | 'connected' | 'merging';

/** Who we are. `fingerprint`: of the root key, in groups, for reading aloud. */
export interface Profile {
  id: string;
  name: string;
  fingerprint: string;
  /** The colour they chose, 0 to `huesCount` - 1; null: the one that follows from the id. */
  hue: number | null;
}

export interface Status extends Profile {
  device: string;
  contacts: number;
  /** People waiting in the request box. */
  requests: number;
  /** Messages waiting for delivery. */
  queued: number;
  links: number;
  /** `detail`: whole sentences for people. */
  outlook: { state: NetworkOutlook; detail: string };
  version: string;
  pid: number;
  /** The profile's folder. */
  data: string;
  /** Loopback URL, without a code; null where none is served. */
  url: string | null;
  listen: string[];
  /** A sentence: where the keys of this profile are kept. */
  keychain: string;
  startedAt: string;
  /** What a person should know about this start, such as memory that could not be locked. */
  notices: string[];
  /** `seq` of the newest event, 0 when there was none. */
  lastSeq: number;
}

export interface Card {
  card: string;
  /** The same without the keys for a first message: fits a printed code, enough where both nodes meet. */
  short: string;
  expiresAt: string;
}

export interface Contact {
  id: string;
  name: string;
  /** What the contact calls itself: a claim. */
  claimedName: string;
  /** The colour they chose: a claim, as in `Profile`. */
  hue: number | null;
  state: ContactState;
  verified: boolean;
  /** Sending is blocked until the safety numbers are compared. */
  keyChanged: boolean;
  reachable: boolean;
  lastSeen: string | null;
  /** First words of a request; empty when there were none. Written by a stranger. */
  greeting: string;
  conversation: string;
}

export interface AddedContact extends Contact {
  /** The card holds a token: they let us in as soon as both nodes meet. */
  expected: boolean;
}

/** A contact as it was when it was removed. */
export interface RemovedContact extends Omit<Contact, 'state'> {
  state: 'removed';
}

export interface SafetyNumber {
  safetyNumber: string;
  verified: boolean;
  /** What our screen shows as a QR code for their camera: the whole hashes, not only the digits. */
  code: string;
}

export interface Sent {
  id: string;
  conversation: string;
  state: MessageState;
  /** Events about this message have a higher `seq`. */
  eventSeq: number;
}

export interface Message {
  id: string;
  conversation: string;
  /** The author's person id. */
  from: string;
  direction: 'in' | 'out';
  /** Empty where it was deleted. */
  text: string;
  /** As the author's clock claims. */
  sentAt: string;
  receivedAt: string | null;
  state: MessageState;
  /** Why it failed or expired. */
  reason: string | null;
  expiresAt: string | null;
  /** Its place in the order of arrival on this device: rises within a conversation, with gaps. */
  position: number;
  replyTo: Quoted | null;
  /** When its author last changed it, as their clock claims. */
  editedAt: string | null;
  /** Its author deleted it. */
  deleted: boolean;
  reactions: Reaction[];
  /** A change of ours to it (edit, deletion, reaction) has not reached their device yet. */
  changePending: boolean;
}

export interface LedgerEntry {
  state: MessageState;
  at: string;
  by: 'self' | 'device' | 'carrier';
  device: string | null;
  attempt: number | null;
  detail: string | null;
}

export interface MessageDetail {
  id: string;
  conversation: string;
  /** Person id. */
  to: string;
  state: MessageState;
  reason: string | null;
  createdAt: string;
  expiresAt: string | null;
  ledger: LedgerEntry[];
}

export interface Peer {
  /** A network id, new at every start; never a person's. */
  id: string;
  addresses: string[];
  lastSeen: string;
  /** 0 to 1. */
  score: number;
  link: LinkPath | 'none';
  /** The signed record of it that this node holds. `ageMs`: since it was issued, as its maker says. */
  record: { ageMs: number; expiresInMs: number; hops: number } | null;
  /** Its place in the overlay of all nodes: a neighbour there, in reserve, or neither. */
  view: 'active' | 'passive' | 'none';
}

export type { CheckCode, CheckValues, FixCode } from '@kith/core/base/check-codes';

export interface Check {
  name: string;
  /** Of what was found, with what fills its sentence: for whoever says it in another language. */
  code: CheckCode;
  values: Record<string, string | number>;
  status: 'ok' | 'warn' | 'fail';
  /** In English. */
  detail: string;
  /** What to do about it; empty when it is well. */
  fix: string;
}

export interface Doctor {
  /** No check failed. Warnings may stand. */
  ok: boolean;
  checks: Check[];
  /** `why`: the reason in English. */
  contacted: { address: string; reason: DialReason; why: string; at: string }[];
}

/** `data` of an event, by kind. */
export interface ApiEventData {
  /** A new message. */
  message: Message;
  /** A message was edited, deleted by its author, or reacted to: as it is now. */
  changed: Message;
  /** A message is no longer on this device. */
  removed: { id: string; conversation: string };
  /** Something about the conversation changed that is not a message: ask for it anew. */
  conversation: {
    id: string;
    what: 'read' | 'draft' | 'mute' | 'pin' | 'notice' | 'cleared';
    /** Of `cleared`: those that are gone, a few hundred at most; null: all but what is newer than was asked for and what waits to be delivered. */
    messages: string[] | null;
  };
  /** Settings or our profile changed: ask for them anew. */
  settings: Record<never, never>;
  state: { id: string; conversation: string; to: string; state: MessageState; reason: string | null };
  /** Something that people see of a contact changed: all of it as it is now. */
  contact: Pick<
    Contact,
    'id' | 'name' | 'claimedName' | 'hue' | 'verified' | 'keyChanged' | 'reachable' | 'conversation'
  > & { state: ContactState | 'removed' };
  peer: { id: string; link: LinkPath | 'none' };
  request: { id: string; name: string; greeting: string };
  notice: {
    kind: 'key-changed' | 'session-reset' | 'new-device' | 'restored-copy' | 'identity-fork';
    /** Person id; null where it is about nobody but us. */
    contact: string | null;
    /** What a new device calls itself: a claim. */
    device: string | null;
    /** The same in an English sentence. */
    text: string;
  };
  network: { outlook: NetworkOutlook; detail: string };
}

export type ApiEvent = {
  [Kind in keyof ApiEventData]: { seq: number; at: string; event: Kind; data: ApiEventData[Kind] };
}[keyof ApiEventData];

export interface NameInput {
  name: string;
}

export interface CardInput {
  /** Carries a one-time token: whoever adds it first is connected at once. */
  once?: boolean | undefined;
  expiresInMs?: number | undefined;
}

/** `contact`, `to`, `conversation`: a contact's name, its person id, or a conversation id. */
export interface ContactInput {
  contact: string;
}

export interface AddInput {
  card: string;
  /** What to call the contact; its own claim when left out. */
  name?: string | undefined;
}

export interface RenameInput {
  contact: string;
  name: string;
}

export interface VerifyInput {
  contact: string;
  /** The number the other person reads out. At most one of `matches` and `scanned`. */
  matches?: string | undefined;
  /** What a camera read from their screen. */
  scanned?: string | undefined;
}

export interface SendInput {
  to: string;
  text: string;
  /** Lifetime; without it the message lives until it is delivered. */
  ttlMs?: number | undefined;
  /** Id of the message of this conversation that it answers. */
  replyTo?: string | undefined;
}

export interface HistoryInput {
  conversation: string;
  /** 1 to {@link historyPageMax}. */
  limit: number;
  /** Only messages that came before this one. */
  before?: string | undefined;
}

export interface SearchInput {
  /** Every word, by its beginning. Empty: filters alone, of which there must be one then. */
  words: string;
  /** 1 to {@link historyPageMax}. */
  limit: number;
  conversation?: string | undefined;
  /** `me`: written by our person. */
  from?: 'me' | 'them' | undefined;
  /** When it came to this device (own: when it was written), inclusive. ISO 8601. */
  since?: string | undefined;
  /** The same, exclusive. */
  until?: string | undefined;
  has?: 'link' | undefined;
  /** The next page: `position` of the last message of the page before. */
  before?: number | undefined;
}

export interface MessageInput {
  id: string;
}

export interface LogsInput {
  /** 1 to {@link logLinesMax}. */
  lines: number;
}

export interface EventsInput {
  /** Only events with a higher `seq`. Ignored where a reconnect knows better. */
  since: number;
  /** Set by the client library after a reconnect: the `seq` that was last received. */
  lastEventId?: string | undefined;
}

/** Messages in one answer: 200 of 28,000 bytes are 5.6 MB, the most that one answer can weigh. */
export const historyPageMax = 200;
/** Log lines in one answer. */
export const logLinesMax = 1000;
