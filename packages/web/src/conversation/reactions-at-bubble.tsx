/** The reactions to choose from, at the bubble of a message: for keys and fingers, which have no button beside it. */
import type { Message } from '@kith/api/shapes';
import { useState } from 'react';
import { ReactionPicker } from '../emoji/reaction-picker.tsx';

export interface ReactionsAtBubbleProps {
  /** Null: closed. */
  message: Message | null;
  /** Our person id. */
  me: string;
  onPick: (message: Message, emoji: string, on: boolean) => void;
  onClose: () => void;
}

export function ReactionsAtBubble({ message, me, onPick, onClose }: ReactionsAtBubbleProps) {
  // Kept while the panel fades and gives the focus back.
  const [last, setLast] = useState(message);
  if (message !== null && message !== last) setLast(message);
  if (last === null) return null;
  return (
    <ReactionPicker
      key={last.id}
      open={message !== null}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      // Back to the row, from which arrows and Escape lead on.
      returnTo={() => rowOf(last.id)}
      reacted={last.reactions.filter(({ people }) => people.includes(me)).map(({ emoji }) => emoji)}
      onPick={(emoji, on) => onPick(last, emoji, on)}
      trigger={
        <span
          ref={(place) => stand(place, rowOf(last.id)?.querySelector('[data-bubble]'))}
          aria-hidden="true"
          className="pointer-events-none fixed"
        />
      }
    />
  );
}

function rowOf(id: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-message="${CSS.escape(id)}"]`);
}

/** Where the bubble stands now. */
function stand(place: HTMLElement | null, bubble: Element | null | undefined): void {
  if (place === null || bubble === null || bubble === undefined) return;
  const { left, top, width, height } = bubble.getBoundingClientRect();
  Object.assign(place.style, {
    left: `${String(left)}px`,
    top: `${String(top)}px`,
    width: `${String(width)}px`,
    height: `${String(height)}px`,
  });
}
