/** Schemas of settings-shapes.ts. Inputs are strict, as in schemas.ts. */
import { z } from 'zod';
import { count, hue, id, time, type Schema } from './schemas.ts';
import type * as shapes from './settings-shapes.ts';

const choices = {
  language: z.enum(['system', 'en', 'de']),
  theme: z.enum(['system', 'light', 'dark']),
  accent: hue,
  density: z.enum(['comfortable', 'compact']),
  motion: z.enum(['system', 'reduced']),
  notifications: z.boolean(),
  notificationContent: z.enum(['full', 'name', 'none']),
  notificationSound: z.boolean(),
  readMarks: z.boolean(),
  typingSigns: z.boolean(),
  lanVisible: z.boolean(),
  lan: z.enum(['on', 'off', 'only']),
  // A guess: a hundred years.
  keepDays: z.int().min(1).max(36_500).nullable(),
  lockAfterMinutes: z.int().min(1).max(1_440).nullable(),
  welcomed: z.boolean(),
};
export const settings: Schema<shapes.Settings> = z.object({ ...choices, hasPin: z.boolean() });
export const settingsInput: Schema<shapes.SettingsInput> = z.strictObject(choices).partial();
export const storageUse: Schema<shapes.StorageUse> = z.object({
  databaseBytes: count,
  freeBytes: count.nullable(),
  messages: count,
  conversations: count,
  oldestAt: time.nullable(),
});
export const browsers: Schema<shapes.Browser[]> = z.array(
  z.object({ id, name: z.string(), signedInAt: time, lastSeenAt: time, current: z.boolean() }),
);
export const browserInput: Schema<shapes.BrowserInput> = z.strictObject({ id });
export const signedOut: Schema<{ signedOut: boolean }> = z.object({ signedOut: z.boolean() });

const pin = z.string().min(4).max(64);
export const pinInput: Schema<shapes.PinInput> = z.strictObject({
  pin: pin.nullable(),
  current: z.string().max(64).optional(),
});
export const unlockInput: Schema<shapes.UnlockInput> = z.strictObject({ pin: z.string().max(64) });
export const unlocked: Schema<{ unlocked: true }> = z.object({ unlocked: z.literal(true) });

export const nearby: Schema<shapes.Nearby[]> = z.array(
  z.object({ id, name: z.string(), hue, card: z.string() }),
);
export const reach: Schema<shapes.Reach> = z.object({
  step: z.enum(['looking', 'dialling', 'linked', 'asked', 'connected']),
  addresses: count,
  failures: count,
  cause: z
    .enum([
      'offline-here',
      'no-address',
      'no-answer',
      'refused',
      'unreachable',
      'not-kith',
      'somebody-else',
      'lan-only',
    ])
    .nullable(),
});
// A guess: ten times the largest card, as in `addInput`.
export const previewInput: Schema<shapes.PreviewInput> = z.strictObject({ card: z.string().max(65_536) });
export const cardPreview: Schema<shapes.CardPreview> = z.object({
  id,
  fingerprint: z.string(),
  expiresAt: time,
  once: z.boolean(),
  addresses: count,
  contact: z.string().nullable(),
});
export const lookInput: Schema<shapes.LookInput> = z.strictObject({ hue });
