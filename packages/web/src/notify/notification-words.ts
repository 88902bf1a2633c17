/** What a notification says of a message, as much as the person chose to let be seen. Pure. */
import type { Conversation } from '@kith/api/conversation-shapes';
import type { Message } from '@kith/api/shapes';
import type { Settings } from '@kith/api/settings-shapes';
import { plainText } from '../markdown/plain-text.ts';
import type { Translate } from '../i18n/texts.ts';

/** Systems cut it anyway. */
const textMax = 200;

export interface Shown {
  title: string;
  body: string;
}

export interface Circumstances {
  settings: Pick<Settings, 'notifications' | 'notificationContent'>;
  isLocked: boolean;
  /** A window of this browser has the focus and shows this conversation. */
  isLookedAt: boolean;
  nowMs: number;
}

/** @returns undefined: none. */
export function notificationOf(
  message: Message,
  conversation: Pick<Conversation, 'name' | 'mutedUntil'> | undefined,
  { settings, isLocked, isLookedAt, nowMs }: Circumstances,
  t: Translate,
): Shown | undefined {
  if (!settings.notifications || message.direction !== 'in' || isLookedAt) return undefined;
  // Its author deleted it before it came.
  if (message.deleted) return undefined;
  // Of somebody we know nothing about nothing is said: requests wait in their box.
  if (conversation === undefined) return undefined;
  if (conversation.mutedUntil !== null && Date.parse(conversation.mutedUntil) > nowMs) return undefined;
  const content = isLocked ? 'none' : settings.notificationContent;
  if (content === 'none') return { title: t('notify.kith'), body: t('notify.new') };
  if (content === 'name') return { title: conversation.name, body: t('notify.new') };
  return { title: conversation.name, body: shortened(plainText(message.text, 2 * textMax)) };
}

function shortened(line: string): string {
  const characters = [...line];
  return characters.length > textMax ? `${characters.slice(0, textMax - 1).join('')}…` : line;
}
