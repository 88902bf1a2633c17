/** The menu of a row in the list. Loaded when the first one is opened. */
import type { Conversation } from '@kith/api/conversation-shapes';
import type { MenuPlace } from '../design/menu-asked.ts';
import { MenuAtPoint } from '../design/menu-at-point.tsx';
import { useTexts } from '../i18n/texts.ts';
import { conversationEntries, type ConversationMenuActs } from './conversation-menu.tsx';

export interface RowMenuProps extends ConversationMenuActs {
  conversation: Conversation;
  at: MenuPlace;
}

export function RowMenu({ conversation, at, ...acts }: RowMenuProps) {
  const { t } = useTexts();
  return <MenuAtPoint at={at} entries={() => conversationEntries(t, conversation, acts)} />;
}
