/**
 * What goes into the Peer and what comes out. The driver knows nothing else of core.
 *
 * Machine time (`nowMs`): Unix milliseconds that never run backwards; lifetimes and back-off count in it.
 * Wall time (`wallMs`): what the clock on the wall says; only shown to people and used for `seq`.
 */
import type { HealthCheck } from './health.ts';
import type { DialReason } from '../base/dial-reason.ts';
import type { ErrorCode } from '../base/errors.ts';
import type { ConversationId, DeviceId, LinkId, MessageId, PeerId, PersonId } from '../base/ids.ts';
import type { ContactState, DraftRow, EventRow, LedgerRow, MessageState, StoreWrite } from '../base/store.ts';
import type { NearbyView } from './nearby.ts';
import type { ReachView } from './reach.ts';

import type { PinVerifier } from './screen-lock.ts';
import type { Choices } from './settings.ts';

/** `lan`: found by mDNS or a private address on our own subnet. */
export type LinkPath = 'lan' | 'direct' | 'relayed';

/** Frames of a higher class are written first. Each class has its own bound in the adapter. */
export type FrameClass = 'control' | 'message' | 'bulk';

export type PeerInput =
  /** The network is up; `self` is this start's network id, `addresses` what others may dial. */
  | { type: 'listening'; self: PeerId; addresses: string[] }
  /** mDNS heard a node of ours on a local network. `addresses` at most 8. */
  | { type: 'lanFound'; remote: PeerId; addresses: string[] }
  | { type: 'lanLost'; remote: PeerId }
  /** An encrypted, authenticated link stands. `dialled`: we opened it. `address`: the remote's multiaddr. */
  | { type: 'linkUp'; link: LinkId; remote: PeerId; address: string; path: LinkPath; dialled: boolean }
  | { type: 'linkDown'; link: LinkId; reason: string }
  | { type: 'frame'; link: LinkId; frame: Uint8Array }
  /** Everything sent with this or a lower `receipt` on that link was handed to the operating system. */
  | { type: 'flushed'; link: LinkId; receipt: number }
  /** The dial output with this number failed. `code` for people's diagnostics. */
  | { type: 'dialFailed'; dial: number; code: 'refused' | 'timeout' | 'unreachable' | 'not-kith' | 'other' }
  | { type: 'wake' }
  | { type: 'command'; request: number; command: Command };

export type PeerOutput =
  | { type: 'store'; write: StoreWrite }
  /** `receipt`, when given, rises by one per link and asks for a `flushed` input. */
  | { type: 'send'; link: LinkId; class: FrameClass; frame: Uint8Array; receipt: number | undefined }
  /** Try the addresses in turn. `remote` undefined: whoever answers. `why` stands in `kith doctor`. */
  | { type: 'dial'; dial: number; remote: PeerId | undefined; addresses: string[]; why: DialReason }
  | { type: 'close'; link: LinkId; reason: string }
  /** Answers the command of that request, after the commit. */
  | { type: 'answer'; request: number; answer: Answer }
  /** Announced to subscribers after the commit; the same row was stored. */
  | { type: 'event'; row: EventRow }
  /** Somebody else published it in a topic we follow. Each once; nothing of it is stored. */
  | { type: 'broadcast'; topic: Uint8Array; author: Uint8Array; sequence: number; body: Uint8Array }
  /** A contact types, or stopped; told to whoever listens now. Nothing of it is stored. */
  | { type: 'typing'; conversation: ConversationId; person: PersonId; on: boolean }
  /** Overwrite the keychain's storage key, after the commit that resealed all rows under it. */
  | { type: 'storageKey'; generation: number; key: Uint8Array }
  /** A line for the log file: no secret, no text of a message, no address of a person. */
  | {
      type: 'log';
      level: 'debug' | 'info' | 'warn' | 'error';
      code: string;
      detail: Record<string, string | number>;
    };

export interface ContactView {
  id: PersonId;
  name: string;
  claimedName: string;
  /** The colour they chose, 0 to 11; a claim. Undefined: the one that follows from the id. */
  hue: number | undefined;
  state: ContactState;
  verified: boolean;
  keyChanged: boolean;
  /** A device of theirs has a live link to us. */
  reachable: boolean;
  lastSeenWallMs: number | undefined;
  greeting: string;
  conversation: ConversationId;
}

export interface PeerView {
  id: PeerId;
  addresses: string[];
  lastSeenWallMs: number;
  /** Local reachability, 0 to 1. Never gossiped. */
  score: number;
  link: LinkPath | 'none';
  /** Recognised as a device of a contact. Which contact is not told here. */
  contact: boolean;
  /** The signed record of it that we hold. `ageMs`: since it was issued, as its maker says. */
  record: { ageMs: number; expiresInMs: number; hops: number } | null;
  /** Its place in the overlay of all nodes: our neighbour there, in reserve, or neither. */
  view: 'active' | 'passive' | 'none';
}

/** What the network looks like from here: never certain, see docs/protocol/discovery.md. */
export type NetworkOutlook = 'alone' | 'local-only' | 'probably-cut-off' | 'connected' | 'merging';

/** A message as people see it. */
export interface MessageView {
  id: MessageId;
  conversation: ConversationId;
  /** The other person of the conversation. */
  person: PersonId;
  /** Its author. */
  from: PersonId;
  direction: 'in' | 'out';
  /** Empty where it was deleted. */
  text: string;
  /** As the author's clock claims. */
  sentWallMs: number;
  receivedWallMs: number | undefined;
  /** Of an incoming one: `received` or `read`. */
  state: MessageState;
  reason: string | undefined;
  expiresAtWallMs: number | undefined;
  /** Its place in the order of arrival on this device. */
  position: number;
  replyTo: QuotedView | undefined;
  /** When its author last changed it, as their clock claims. */
  editedWallMs: number | undefined;
  deleted: boolean;
  /** In the order in which they came. */
  reactions: { emoji: string; people: PersonId[] }[];
  /** A change of ours to it has not reached their device yet. */
  changePending: boolean;
}

/** The message that another one answers, as far as this device has it. */
export interface QuotedView {
  id: MessageId;
  /** Undefined where it is not on this device. */
  from: PersonId | undefined;
  /** Its beginning; empty where it was deleted, undefined where it is not on this device. */
  text: string | undefined;
}

/** An event, and for `message` and `changed` the message as it is now; undefined where it is gone. */
export interface EventView extends EventRow {
  message: MessageView | undefined;
}

export interface StatusView {
  id: PersonId;
  name: string;
  fingerprint: string;
  /** The colour our person chose, 0 to 11; undefined: the one that follows from the id. */
  hue: number | undefined;
  device: DeviceId;
  contacts: number;
  requests: number;
  /** Messages waiting for delivery. */
  queued: number;
  links: number;
  /** `detail`: whole sentences for people. */
  outlook: { state: NetworkOutlook; detail: string };
}

/** How far the removal of a conversation's messages has come: positions. */
export interface ClearRest {
  after: number;
  upTo: number;
}

/** A conversation as a list shows it. */
export interface ConversationView {
  id: ConversationId;
  /** Undefined where the contact was removed. */
  contact: ContactView | undefined;
  name: string;
  last: MessageView | undefined;
  unread: number;
  firstUnread: MessageId | undefined;
  draft: DraftRow | undefined;
  mutedUntilWallMs: number | undefined;
  pinned: boolean;
  /** When a session with them was set up anew; undefined where our person saw it, or there was none. */
  sessionResetWallMs: number | undefined;
  /** When something last happened in it. */
  activeWallMs: number;
}

export interface SettingsView extends Choices {
  hasPin: boolean;
}

/** Oldest first. */
export interface MessagePage {
  messages: MessageView[];
  hasOlder: boolean;
  hasNewer: boolean;
}

/** `contact` and `to` take a contact's name, its person id, or a conversation id. */
export interface Commands {
  status: { in: Record<never, never>; out: StatusView };
  setName: { in: { name: string }; out: StatusView };
  /** Codes: `usage`. */
  setLook: { in: { hue: number | undefined }; out: StatusView };
  makeCard: {
    in: { once: boolean; expiresInMs: number | undefined };
    /** `short` names the person alone: it fits a printed code, and is enough where both nodes meet on a link. */
    out: { card: string; short: string; expiresAtWallMs: number };
  };
  /** `expected`: the card holds a token, so they let us in as soon as both nodes meet. */
  add: { in: { card: string; name: string | undefined }; out: ContactView & { expected: boolean } };
  /** What a card says; nothing is added or dialled. `contact`: our name for them, where they are a contact already. */
  preview: {
    in: { card: string };
    out: {
      id: PersonId;
      fingerprint: string;
      expiresAtWallMs: number;
      once: boolean;
      addresses: number;
      contact: string | undefined;
    };
  };
  /** How far the first contact has come, and what holds it up. */
  reach: { in: { contact: string }; out: ReachView };
  contacts: { in: Record<never, never>; out: ContactView[] };
  accept: { in: { contact: string }; out: ContactView };
  block: { in: { contact: string }; out: ContactView };
  unblock: { in: { contact: string }; out: ContactView };
  remove: { in: { contact: string }; out: ContactView };
  rename: { in: { contact: string; name: string }; out: ContactView };
  /** `code`: what our screen shows for their camera. `scanned`: what ours read. At most one of it and `matches`. */
  verify: {
    in: { contact: string; matches?: string | undefined; scanned?: string | undefined };
    out: { safetyNumber: string; verified: boolean; code: string };
  };
  /** Takes back that they were compared. Keys that changed stay changed. */
  unverify: { in: { contact: string }; out: ContactView };
  /** Resolves when the message is safe on this disk. `eventSeq`: events about it come after this. */
  send: {
    in: { to: string; text: string; ttlMs: number | undefined; replyTo?: MessageId | undefined };
    out: { id: MessageId; conversation: ConversationId; state: MessageState; eventSeq: number };
  };
  /** Resolves when the change is safe on this disk; it is told as a message is. Repeating changes nothing. */
  edit: { in: { conversation: string; id: MessageId; text: string }; out: MessageView };
  /** At both ends, for good: own messages only. Repeating changes nothing. */
  erase: { in: { conversation: string; id: MessageId }; out: MessageView };
  /** Adds or takes back one emoji of ours. Repeating changes nothing. */
  react: { in: { conversation: string; id: MessageId; emoji: string; on: boolean }; out: MessageView };
  /** Everything up to that message was seen. Tells them, where our person chose to. Repeating changes nothing. */
  markRead: { in: { conversation: string; upTo: MessageId }; out: ConversationView };
  /** That message and what came after it count as unread. */
  markUnread: { in: { conversation: string; from: MessageId }; out: ConversationView };
  /** From this device alone. What still waited of it is not sent. */
  removeHere: { in: { conversation: string; id: MessageId }; out: MessageReference };
  /** `told`: somebody is there and knows it. Said again at least every 10 s while it goes on. */
  setTyping: { in: { conversation: string; typing: boolean }; out: { told: boolean } };
  history: {
    in: { conversation: string; limit: number; before: MessageId | undefined };
    out: MessageView[];
  };
  conversations: { in: Record<never, never>; out: ConversationView[] };
  conversation: { in: { conversation: string }; out: ConversationView };
  /** All empty: there is no draft any more. */
  setDraft: {
    in: {
      conversation: string;
      text: string;
      replyTo: MessageId | undefined;
      editing: MessageId | undefined;
    };
    out: ConversationView;
  };
  mute: { in: { conversation: string; untilWallMs: number | undefined }; out: ConversationView };
  pin: { in: { conversation: string; pinned: boolean }; out: ConversationView };
  dismissReset: { in: { conversation: string }; out: ConversationView };
  /** Removes a bounded part. `rest`: to be asked again with it; undefined: done. */
  clear: {
    in: { conversation: string; rest: ClearRest | undefined };
    out: { removed: number; rest: ClearRest | undefined };
  };
  /** At most one of `before`, `after`, `around` and `atWallMs`; with none of them the newest page. */
  page: {
    in: {
      conversation: string;
      limit: number;
      before: MessageId | undefined;
      after: MessageId | undefined;
      around: MessageId | undefined;
      atWallMs: number | undefined;
      /** As `after`, for whom the message itself may be gone by then. */
      afterPosition?: number | undefined;
    };
    out: MessagePage;
  };
  /** Newest first. Times are those of arrival here. `before`: a position. */
  search: {
    in: {
      words: string;
      limit: number;
      conversation?: string | undefined;
      from?: 'me' | 'them' | undefined;
      sinceWallMs?: number | undefined;
      untilWallMs?: number | undefined;
      hasLink?: true | undefined;
      before?: number | undefined;
    };
    out: MessageView[];
  };
  settings: { in: Record<never, never>; out: SettingsView };
  /** What is left out, or has no known form, stays. */
  setSettings: { in: { [Key in keyof Choices]?: Choices[Key] | undefined }; out: SettingsView };
  /** Counts an attempt, as a wrong one until `unlocked`. Undefined: no PIN is set. Codes: `busy`. */
  beginUnlock: { in: Record<never, never>; out: { verifier: PinVerifier | undefined } };
  /** The attempt against this verifier was right. */
  unlocked: { in: { verifier: PinVerifier }; out: Record<never, never> };
  /** For who holds the profile, and can read everything without a PIN anyway. */
  forgetPin: { in: Record<never, never>; out: SettingsView };
  /** Codes: `wrong-pin` where `from` is no longer what is kept. */
  replacePin: {
    in: { from: PinVerifier | undefined; verifier: PinVerifier | undefined };
    out: SettingsView;
  };
  amount: {
    in: { conversation?: string | undefined };
    out: { messages: number; conversations: number; oldestWallMs: number | undefined };
  };
  message: { in: { id: string }; out: { message: MessageView; ledger: LedgerRow[] } };
  peers: { in: Record<never, never>; out: PeerView[] };
  /** People on the same local network who chose to be visible. Names and hues are claims. */
  nearby: { in: Record<never, never>; out: NearbyView[] };
  /**
   * Joins the overlay of a topic (16 bytes as 32 hex digits) by way of `peers`, where none of our neighbours follows
   * it yet. For communities, not for clients. Until the end of the process or `unfollow`.
   */
  follow: { in: { topic: string; peers: { addresses: string[] }[] }; out: Record<never, never> };
  unfollow: { in: { topic: string }; out: Record<never, never> };
  /** To everybody who follows the topic, signed with this start's network key. `body`: 1 to 60,000 bytes. */
  publish: { in: { topic: string; body: Uint8Array }; out: { author: Uint8Array; sequence: number } };
  events: { in: { since: number; limit: number }; out: EventView[] };
  /** Facts for `kith doctor` that only core knows. */
  health: {
    in: Record<never, never>;
    out: {
      checks: HealthCheck[];
    };
  };
}

export type CommandName = keyof Commands;
export type Command = { [Name in CommandName]: { name: Name; in: Commands[Name]['in'] } }[CommandName];
export type Answer =
  | { ok: true; out: Commands[CommandName]['out'] }
  | { ok: false; code: ErrorCode; detail: string | undefined };

/** Which message an event is about. What it says stands in its row alone, so that it can be deleted. */
export interface MessageReference {
  id: MessageId;
  conversation: ConversationId;
}

/** JSON of an event's `data`, by kind. Stored as text in `EventRow.data`. */
export interface EventData {
  message: MessageReference;
  /** Edited, deleted by its author, or reacted to; or our change to it is no longer on its way. */
  changed: MessageReference;
  /** No longer on this device. */
  removed: MessageReference;
  /** Something about the conversation changed that is not a message. */
  conversation: {
    id: ConversationId;
    what: 'read' | 'draft' | 'mute' | 'pin' | 'notice' | 'cleared';
    /** Of `cleared`: those that are gone, where they are few. Without it: all but what waits to be delivered and what is newer than was asked for. */
    messages?: MessageId[];
  };
  /** Settings or our profile changed. */
  settings: Record<never, never>;
  state: MessageReference & { to: PersonId; state: MessageState; reason: string | null };
  contact: {
    id: PersonId;
    name: string;
    claimedName: string;
    hue: number | null;
    state: ContactState | 'removed';
    verified: boolean;
    keyChanged: boolean;
    reachable: boolean;
    conversation: ConversationId;
  };
  peer: { id: PeerId; link: LinkPath | 'none' };
  request: { id: PersonId; name: string; greeting: string };
  notice: {
    kind: 'key-changed' | 'session-reset' | 'new-device' | 'restored-copy' | 'identity-fork';
    /** Null where it is about nobody but us. */
    contact: PersonId | null;
    /** What a new device calls itself; a claim, cleaned. */
    device: string | null;
    /** The same in an English sentence. */
    text: string;
  };
  /** The outlook changed. `detail`: whole sentences for people. */
  network: { outlook: NetworkOutlook; detail: string };
}
