/**
 * What the node accepts and returns, checked at run time. Inputs are strict: an unknown key is a mistake of the
 * caller. Bounds here only keep work small; core has the last word and the better sentence (a name of 65
 * characters is `bad-name`, not `usage`).
 */
import { z } from 'zod';
import type { CheckCode } from '@kith/core/base/check-codes';
import type { DialReason } from '@kith/core/base/dial-reason';
import { huesCount } from './settings-shapes.ts';
import { historyPageMax, logLinesMax } from './shapes.ts';
import type * as shapes from './shapes.ts';

/** The same type goes in and comes out: nothing is coerced. */
export type Schema<Shape> = z.ZodType<Shape, Shape>;

// A person id has 62 characters, a conversation id 26, a name 64 characters of at most 4 units.
export const reference: Schema<string> = z.string().min(1).max(256);
const name = z.string().max(256);
const durationMs = z.int().min(1);
export const id: Schema<string> = z.string().min(1).max(128);
export const time: Schema<string> = z.iso.datetime();
export const count: Schema<number> = z.int().min(0);
export const hue: Schema<number | null> = z
  .int()
  .min(0)
  .max(huesCount - 1)
  .nullable();
/** Longer than any message may be, so that core can say so. */
export const messageText: Schema<string> = z.string().max(131_072);

export const nameInput: Schema<shapes.NameInput> = z.strictObject({ name });
export const cardInput: Schema<shapes.CardInput> = z.strictObject({
  once: z.boolean().optional(),
  expiresInMs: durationMs.optional(),
});
export const contactInput: Schema<shapes.ContactInput> = z.strictObject({ contact: reference });
export const addInput: Schema<shapes.AddInput> = z.strictObject({
  // A guess: ten times the largest card. A damaged one shall still reach core and its sentence.
  card: z.string().max(65_536),
  name: name.optional(),
});
export const renameInput: Schema<shapes.RenameInput> = z.strictObject({ contact: reference, name });
export const verifyInput: Schema<shapes.VerifyInput> = z.strictObject({
  contact: reference,
  matches: z.string().max(256).optional(),
  scanned: z.string().max(1_024).optional(),
});
export const sendInput: Schema<shapes.SendInput> = z.strictObject({
  to: reference,
  text: messageText,
  ttlMs: durationMs.optional(),
  replyTo: id.optional(),
});
export const historyInput: Schema<shapes.HistoryInput> = z.strictObject({
  conversation: reference,
  limit: z.int().min(1).max(historyPageMax),
  before: id.optional(),
});
export const searchInput: Schema<shapes.SearchInput> = z.strictObject({
  words: z.string().max(1_024),
  limit: z.int().min(1).max(historyPageMax),
  conversation: reference.optional(),
  from: z.enum(['me', 'them']).optional(),
  since: time.optional(),
  until: time.optional(),
  has: z.literal('link').optional(),
  before: count.optional(),
});
export const messageInput: Schema<shapes.MessageInput> = z.strictObject({ id });
export const logsInput: Schema<shapes.LogsInput> = z.strictObject({ lines: z.int().min(1).max(logLinesMax) });
export const eventsInput: Schema<shapes.EventsInput> = z.strictObject({
  since: count,
  lastEventId: z
    .string()
    .regex(/^\d{1,16}$/)
    .optional(),
});

const profileFields = { id, name: z.string(), fingerprint: z.string(), hue };
export const profile: Schema<shapes.Profile> = z.object(profileFields);
const outlook = z.enum(['alone', 'local-only', 'probably-cut-off', 'connected', 'merging']);
export const status: Schema<shapes.Status> = z.object({
  ...profileFields,
  device: z.string(),
  contacts: count,
  requests: count,
  queued: count,
  links: count,
  outlook: z.object({ state: outlook, detail: z.string() }),
  version: z.string(),
  pid: count,
  data: z.string(),
  url: z.string().nullable(),
  listen: z.array(z.string()),
  keychain: z.string(),
  startedAt: time,
  notices: z.array(z.string()),
  lastSeq: count,
});
export const card: Schema<shapes.Card> = z.object({
  card: z.string(),
  short: z.string(),
  expiresAt: time,
});

const contactState = z.enum(['requested', 'incoming', 'connected', 'blocked']);
const contactFields = {
  id,
  name: z.string(),
  claimedName: z.string(),
  hue,
  verified: z.boolean(),
  keyChanged: z.boolean(),
  reachable: z.boolean(),
  lastSeen: time.nullable(),
  greeting: z.string(),
  conversation: id,
};
export const contact: Schema<shapes.Contact> = z.object({ ...contactFields, state: contactState });
export const addedContact: Schema<shapes.AddedContact> = z.object({
  ...contactFields,
  state: contactState,
  expected: z.boolean(),
});
export const contacts: Schema<shapes.Contact[]> = z.array(contact);
export const removedContact: Schema<shapes.RemovedContact> = z.object({
  ...contactFields,
  state: z.literal('removed'),
});
export const safetyNumber: Schema<shapes.SafetyNumber> = z.object({
  safetyNumber: z.string(),
  verified: z.boolean(),
  code: z.string(),
});

const messageState = z.enum(['stored', 'sent', 'delivered', 'expired', 'failed', 'received', 'read']);
export const sent: Schema<shapes.Sent> = z.object({
  id,
  conversation: id,
  state: messageState,
  eventSeq: count,
});
export const message: Schema<shapes.Message> = z.object({
  id,
  conversation: id,
  from: id,
  direction: z.enum(['in', 'out']),
  text: z.string(),
  sentAt: time,
  receivedAt: time.nullable(),
  state: messageState,
  reason: z.string().nullable(),
  expiresAt: time.nullable(),
  position: count,
  replyTo: z.object({ id, from: id.nullable(), text: z.string().nullable() }).nullable(),
  editedAt: time.nullable(),
  deleted: z.boolean(),
  reactions: z.array(z.object({ emoji: z.string(), people: z.array(id) })),
  changePending: z.boolean(),
});
export const messages: Schema<shapes.Message[]> = z.array(message);
export const messageDetail: Schema<shapes.MessageDetail> = z.object({
  id,
  conversation: id,
  to: id,
  state: messageState,
  reason: z.string().nullable(),
  createdAt: time,
  expiresAt: time.nullable(),
  ledger: z.array(
    z.object({
      state: messageState,
      at: time,
      by: z.enum(['self', 'device', 'carrier']),
      device: z.string().nullable(),
      attempt: z.int().nullable(),
      detail: z.string().nullable(),
    }),
  ),
});

const link = z.enum(['lan', 'direct', 'relayed', 'none']);
const held = z.object({ ageMs: z.number(), expiresInMs: z.number(), hops: count });
export const peers: Schema<shapes.Peer[]> = z.array(
  z.object({
    id,
    addresses: z.array(z.string()),
    lastSeen: time,
    score: z.number(),
    link,
    record: held.nullable(),
    view: z.enum(['active', 'passive', 'none']),
  }),
);
/** One of core's own names, which its types have already. */
const ownName = <Name extends string>(): z.ZodType<Name, Name> =>
  z.custom<Name>((value) => typeof value === 'string');

export const doctor: Schema<shapes.Doctor> = z.object({
  ok: z.boolean(),
  checks: z.array(
    z.object({
      name: z.string(),
      code: ownName<CheckCode>(),
      values: z.record(z.string(), z.union([z.string(), z.number()])),
      status: z.enum(['ok', 'warn', 'fail']),
      detail: z.string(),
      fix: z.string(),
    }),
  ),
  contacted: z.array(
    z.object({ address: z.string(), reason: ownName<DialReason>(), why: z.string(), at: time }),
  ),
});
export const logs: Schema<{ lines: string[] }> = z.object({ lines: z.array(z.string()) });
export const stopping: Schema<{ stopping: true }> = z.object({ stopping: z.literal(true) });
export const webLink: Schema<{ url: string | null }> = z.object({ url: z.string().nullable() });

const eventBase = { seq: count, at: time };
export const event: Schema<shapes.ApiEvent> = z.discriminatedUnion('event', [
  z.object({ ...eventBase, event: z.literal('message'), data: message }),
  z.object({ ...eventBase, event: z.literal('changed'), data: message }),
  z.object({ ...eventBase, event: z.literal('removed'), data: z.object({ id, conversation: id }) }),
  z.object({
    ...eventBase,
    event: z.literal('conversation'),
    data: z.object({
      id,
      what: z.enum(['read', 'draft', 'mute', 'pin', 'notice', 'cleared']),
      messages: z.array(id).nullable(),
    }),
  }),
  z.object({ ...eventBase, event: z.literal('settings'), data: z.object({}) }),
  z.object({
    ...eventBase,
    event: z.literal('state'),
    data: z.object({
      id,
      conversation: id,
      to: id,
      state: messageState,
      reason: z.string().nullable(),
    }),
  }),
  z.object({
    ...eventBase,
    event: z.literal('contact'),
    data: z.object({
      id,
      name: z.string(),
      claimedName: z.string(),
      hue,
      state: z.enum([...contactState.options, 'removed']),
      verified: z.boolean(),
      keyChanged: z.boolean(),
      reachable: z.boolean(),
      conversation: id,
    }),
  }),
  z.object({ ...eventBase, event: z.literal('peer'), data: z.object({ id, link }) }),
  z.object({
    ...eventBase,
    event: z.literal('request'),
    data: z.object({ id, name: z.string(), greeting: z.string() }),
  }),
  z.object({
    ...eventBase,
    event: z.literal('notice'),
    data: z.object({
      kind: z.enum(['key-changed', 'session-reset', 'new-device', 'restored-copy', 'identity-fork']),
      contact: id.nullable(),
      device: z.string().nullable(),
      text: z.string(),
    }),
  }),
  z.object({
    ...eventBase,
    event: z.literal('network'),
    data: z.object({ outlook, detail: z.string() }),
  }),
]);
