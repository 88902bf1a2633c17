/** Schemas of conversation-shapes.ts. Inputs are strict, as in schemas.ts. */
import { z } from 'zod';
import { unreadCountMax } from './conversation-shapes.ts';
import type * as shapes from './conversation-shapes.ts';
import { contact, count, id, message, messageText, reference, time, type Schema } from './schemas.ts';
import { historyPageMax } from './shapes.ts';

const draft = z.object({ text: z.string(), replyTo: id.nullable(), editing: id.nullable(), updatedAt: time });
export const conversation: Schema<shapes.Conversation> = z.object({
  id,
  contact: contact.nullable(),
  name: z.string(),
  last: message.nullable(),
  unread: z.int().min(0).max(unreadCountMax),
  firstUnread: id.nullable(),
  draft: draft.nullable(),
  mutedUntil: time.nullable(),
  pinned: z.boolean(),
  sessionResetAt: time.nullable(),
  activeAt: time,
});
export const conversations: Schema<shapes.Conversation[]> = z.array(conversation);
export const page: Schema<shapes.Page> = z.object({
  messages: z.array(message),
  hasOlder: z.boolean(),
  hasNewer: z.boolean(),
});
export const removedMessage: Schema<{ id: string; conversation: string }> = z.object({
  id,
  conversation: id,
});
export const cleared: Schema<{ removed: number }> = z.object({ removed: count });
export const told: Schema<{ told: boolean }> = z.object({ told: z.boolean() });

export const conversationInput: Schema<shapes.ConversationInput> = z.strictObject({
  conversation: reference,
});
export const clearInput: Schema<shapes.ClearInput> = z.strictObject({
  conversation: reference,
  upTo: count.optional(),
});
export const pageInput: Schema<shapes.PageInput> = z
  .strictObject({
    conversation: reference,
    limit: z.int().min(1).max(historyPageMax),
    before: id.optional(),
    after: id.optional(),
    around: id.optional(),
    at: time.optional(),
  })
  .refine(
    ({ before, after, around, at }) =>
      [before, after, around, at].filter((each) => each !== undefined).length <= 1,
  );
export const editInput: Schema<shapes.EditInput> = z.strictObject({
  conversation: reference,
  id,
  text: messageText,
});
export const deleteInput: Schema<shapes.DeleteInput> = z.strictObject({
  conversation: reference,
  id,
  everywhere: z.boolean(),
});
export const reactInput: Schema<shapes.ReactInput> = z.strictObject({
  conversation: reference,
  id,
  emoji: z.string().min(1).max(64),
  on: z.boolean(),
});
export const markReadInput: Schema<shapes.MarkReadInput> = z.strictObject({
  conversation: reference,
  upTo: id,
});
export const markUnreadInput: Schema<shapes.MarkUnreadInput> = z.strictObject({
  conversation: reference,
  from: id,
});
export const draftInput: Schema<shapes.DraftInput> = z.strictObject({
  conversation: reference,
  text: messageText,
  replyTo: id.optional(),
  editing: id.optional(),
});
export const muteInput: Schema<shapes.MuteInput> = z.strictObject({
  conversation: reference,
  until: time.nullable(),
});
export const pinInput: Schema<shapes.PinInput> = z.strictObject({
  conversation: reference,
  pinned: z.boolean(),
});
export const typingInput: Schema<shapes.TypingInput> = z.strictObject({
  conversation: reference,
  typing: z.boolean(),
});
export const exportLink: Schema<{ url: string }> = z.object({ url: z.string() });
export const exportInput: Schema<shapes.ExportInput> = z.strictObject({
  conversation: reference.nullable(),
  format: z.enum(['html', 'jsonl']),
  language: z.string().max(35).optional(),
});
