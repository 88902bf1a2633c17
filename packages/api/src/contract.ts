/**
 * The local API: every call, what goes in and what comes out, as JSON. The node serves exactly this
 * (`node/local-api`), clients call exactly this (`client.ts`, which imports only types from here, so that a
 * command starts without loading the schemas). docs/local-api.md is the same for readers.
 *
 * Times are ISO 8601 in UTC; absent values are null; ids are as in docs/commands.md. Failures are `KithError`.
 */
import type {
  TRPCBuiltRouter,
  TRPCMutationProcedure,
  TRPCQueryProcedure,
  TRPCSubscriptionProcedure,
  TRPC_ERROR_CODE_NUMBER,
} from '@trpc/server';
import type { ErrorCode } from '@kith/core/base/errors';
import type {
  Conversation,
  ClearInput,
  ConversationInput,
  DeleteInput,
  DraftInput,
  EditInput,
  ExportInput,
  ExportPiece,
  MarkReadInput,
  MarkUnreadInput,
  MuteInput,
  Page,
  PageInput,
  PinInput as PinConversationInput,
  ReactInput,
  TypingInput,
  TypingSign,
} from './conversation-shapes.ts';
import type {
  Browser,
  BrowserInput,
  CardPreview,
  LookInput,
  Nearby,
  PinInput,
  PreviewInput,
  Reach,
  Settings,
  SettingsInput,
  StorageUse,
  UnlockInput,
} from './settings-shapes.ts';
import type {
  AddInput,
  ApiEvent,
  AddedContact,
  Card,
  CardInput,
  Contact,
  ContactInput,
  Doctor,
  EventsInput,
  HistoryInput,
  LogsInput,
  Message,
  MessageDetail,
  MessageInput,
  NameInput,
  Peer,
  Profile,
  RemovedContact,
  RenameInput,
  SafetyNumber,
  SearchInput,
  SendInput,
  Sent,
  Status,
  VerifyInput,
} from './shapes.ts';

/** Path of the WebSocket, on the socket and on loopback alike. */
export const apiPath = '/api';

/** Where a browser asks whether it is signed in: a WebSocket that was refused does not tell a page why. */
export const sessionPath = '/session';

/**
 * What {@link sessionPath} answers with 200: the node's nonce and its proof that it knows the session (session-proof.ts).
 * `others`: where further sessions came with the question, the proofs of those, at most 15. Else nonce and proof are null. 401: signed out; 425: the page that opened the link was not heard of yet; 429 and 503: ask later.
 */
export interface BrowserSession {
  nonce: string | null;
  proof: string | null;
  others?: readonly string[];
}

/** The header in which a page asks {@link sessionPath}: `NONCE`, or `NONCE.SALT.PROOF` until the node knows its key. */
export const questionHeader = 'kith-session';

/** Of the address that a link leads to: what comes after the `#` is sent to nobody. */
export function pairingFragment(secret: string): string {
  return `#pairing=${secret}`;
}

/** What a browser offers as protocol of its WebSocket, beside {@link proofProtocol}. The server picks this one. */
export const browserProtocol = 'kith';

/** Begins the protocol that carries the page's proof: the only header of a WebSocket that a page can fill. */
export const proofPrefix = 'kith-proof.';

export function proofProtocol(nodeNonce: string, proof: string): string {
  return `${proofPrefix}${nodeNonce}.${proof}`;
}

/** Largest frame a client may send, in bytes. A message of 28,000 bytes fits, escaped in the worst way. */
export const frameBytesMax: number = 256 * 1024;

/** What a failed call carries. `message` is a sentence for people. `code` outside `data` is JSON-RPC's. */
export interface ApiErrorShape {
  code: TRPC_ERROR_CODE_NUMBER;
  message: string;
  data: { code: ErrorCode };
}

type Query<In, Out> = TRPCQueryProcedure<{ input: In; output: Out; meta: object }>;
type Mutation<In, Out> = TRPCMutationProcedure<{ input: In; output: Out; meta: object }>;
type Stream<In, Out> = TRPCSubscriptionProcedure<{
  input: In;
  output: AsyncIterable<{ id: string; data: Out }, void, unknown>;
  meta: object;
}>;

/**
 * A type rather than an interface, since tRPC wants an index signature.
 * `input: void`: the call takes nothing. One key per resource; node/local-api has one file for each.
 */
export type ApiRecord = {
  node: {
    status: Query<void, Status>;
    /** Answers, then ends the node. The connection closes when it is gone. */
    stop: Mutation<void, { stopping: true }>;
    /** The newest lines of the log file, oldest first. */
    logs: Query<LogsInput, { lines: string[] }>;
    /** A loopback URL that opens the web app once, within 60 seconds. Null where there is none. */
    webLink: Mutation<void, { url: string | null }>;
    /** Browsers that are signed in, the newest first. */
    browsers: Query<void, Browser[]>;
    /** Its connections end; signing out the one that asks is possible. */
    signOut: Mutation<BrowserInput, { signedOut: boolean }>;
    storage: Query<void, StorageUse>;
  };
  profile: {
    get: Query<void, Profile>;
    /** Codes: `bad-name`. */
    setName: Mutation<NameInput, Profile>;
    setLook: Mutation<LookInput, Profile>;
    makeCard: Mutation<CardInput, Card>;
  };
  contacts: {
    list: Query<void, Contact[]>;
    /** Codes: `bad-card`, `card-expired`, `own-card`, `newer-format`, `bad-name`, `full`. */
    add: Mutation<AddInput, AddedContact>;
    accept: Mutation<ContactInput, Contact>;
    block: Mutation<ContactInput, Contact>;
    unblock: Mutation<ContactInput, Contact>;
    remove: Mutation<ContactInput, RemovedContact>;
    rename: Mutation<RenameInput, Contact>;
    /** Codes: `number-mismatch` where `matches` or `scanned` is given and differs. */
    verify: Mutation<VerifyInput, SafetyNumber>;
    /** Takes back that the numbers were compared. */
    unverify: Mutation<ContactInput, Contact>;
    /** How far the first contact has come, and what holds it up. */
    reach: Query<ContactInput, Reach>;
    /** What a card says; nothing is added or dialled. Codes as of `add`. */
    preview: Query<PreviewInput, CardPreview>;
  };
  conversations: {
    /** Pinned ones first, then the most recently active. */
    list: Query<void, Conversation[]>;
    get: Query<ConversationInput, Conversation>;
    /** Resolves when it is safe on the disk. Tells them, where `settings.readMarks` is on. Repeating changes nothing. */
    markRead: Mutation<MarkReadInput, Conversation>;
    markUnread: Mutation<MarkUnreadInput, Conversation>;
    /** Resolves when it is safe on the disk. */
    setDraft: Mutation<DraftInput, Conversation>;
    mute: Mutation<MuteInput, Conversation>;
    pin: Mutation<PinConversationInput, Conversation>;
    /** The person saw that the session was set up anew: no window says it any more. Repeating changes nothing. */
    dismissReset: Mutation<ConversationInput, Conversation>;
    /** Deletes its messages from this device, all or up to one of them. A conversation without contact and messages is gone. */
    clear: Mutation<ClearInput, { removed: number }>;
    setTyping: Mutation<TypingInput, { told: boolean }>;
    /** Live only. */
    typing: Stream<void, TypingSign>;
    /** The pieces of a file, in order. */
    export: Stream<ExportInput, ExportPiece>;
    /** A path of the loopback URL under which the browser that asks saves the file, once, within 60 seconds. */
    exportLink: Mutation<ExportInput, { url: string }>;
  };
  messages: {
    /** Resolves when the message is safe on this disk. Calling twice sends two messages. */
    send: Mutation<SendInput, Sent>;
    /** Codes: `unknown-message`, `not-own`, `message-deleted`, and those of `send`. */
    edit: Mutation<EditInput, Message>;
    /** Codes: `unknown-message`, `not-own` where it shall go everywhere. */
    delete: Mutation<DeleteInput, { id: string; conversation: string }>;
    /** Codes: `unknown-message`, `message-deleted`, `bad-emoji`, `full` beyond 8 of one person on one message. */
    react: Mutation<ReactInput, Message>;
    /** Oldest first. */
    history: Query<HistoryInput, Message[]>;
    page: Query<PageInput, Page>;
    /** Newest first. */
    search: Query<SearchInput, Message[]>;
    get: Query<MessageInput, MessageDetail>;
  };
  network: {
    peers: Query<void, Peer[]>;
    doctor: Query<void, Doctor>;
    /** People on the same local network who chose to be visible and are no contacts. */
    nearby: Query<void, Nearby[]>;
  };
  settings: {
    get: Query<void, Settings>;
    /** Resolves when they are safe on the disk and in force. */
    set: Mutation<SettingsInput, Settings>;
  };
  lock: {
    /** Codes: `wrong-pin`, `busy` after too many wrong ones. */
    setPin: Mutation<PinInput, Settings>;
    /** Codes: `wrong-pin`, `busy` after too many wrong ones. */
    unlock: Mutation<UnlockInput, { unlocked: true }>;
    /** Removes the PIN without asking for it. For programs of the profile's owner: a browser gets `unauthorised`. */
    forgetPin: Mutation<void, Settings>;
  };
  events: {
    /** Everything after `since`, then live. Ids are the `seq`, so that a new connection goes on there. */
    follow: Stream<EventsInput, ApiEvent>;
  };
};

export type ApiRouter<Context extends object = object> = TRPCBuiltRouter<
  { ctx: Context; meta: object; errorShape: ApiErrorShape; transformer: false },
  ApiRecord
>;
