/** Right click, long press and the menu key on any message: one menu for all rows, told by the row that was meant. */
import { useRef, type ReactNode } from 'react';
import type { Message } from '@kith/api/shapes';
import { ContextMenu } from '../design/menu.tsx';
import { isResting } from '../design/menu-asked.ts';
import { useTexts } from '../i18n/texts.ts';
import { useConversationScope } from './conversation-context.ts';
import { messageEntries } from './message-actions.tsx';

export function ListContextMenu({
  messages,
  children,
}: {
  messages: readonly Message[];
  children: ReactNode;
}) {
  const { t } = useTexts();
  const scope = useConversationScope();
  const meant = useRef<string | null>(null);
  const pressed = useRef({ x: 0, y: 0 });
  const finger = useRef<'away' | 'rests' | 'asked'>('away');
  return (
    <ContextMenu
      onOpenChange={(isOpen) => {
        if (isOpen && finger.current === 'rests') finger.current = 'asked';
      }}
      entries={() => {
        const message = messages.find(({ id }) => id === meant.current);
        return message === undefined ? [] : messageEntries(t, message, scope);
      }}
    >
      <div
        className="flex min-h-0 flex-1 flex-col"
        onPointerDownCapture={(event) => {
          meant.current = messageOf(event.target);
          pressed.current = { x: event.clientX, y: event.clientY };
        }}
        onPointerMoveCapture={(event) => {
          // The menu takes any move for scrolling.
          const at = { x: event.clientX, y: event.clientY };
          if (event.pointerType !== 'mouse' && isResting(pressed.current, at)) event.stopPropagation();
        }}
        onTouchStart={() => {
          finger.current = 'rests';
        }}
        onTouchEnd={(event) => {
          // As in menu-asked.ts: it becomes no mouse, which would take the focus from the menu.
          if (finger.current === 'asked') event.preventDefault();
          finger.current = 'away';
        }}
        onContextMenuCapture={(event) => {
          const target = event.target;
          meant.current = messageOf(target);
          const isLink = target instanceof Element && target.closest('a') !== null;
          // Outside a message, on a link and on a selection the browser's own menu is the better one.
          if (meant.current === null || isLink || getSelection()?.isCollapsed === false)
            event.stopPropagation();
        }}
      >
        {children}
      </div>
    </ContextMenu>
  );
}

function messageOf(target: EventTarget): string | null {
  const row = target instanceof Element ? target.closest('[data-message]') : null;
  return row?.getAttribute('data-message') ?? null;
}
