/**
 * The link of a row to its conversation. The router's own link looks at the whole address with every step; where a list has hundreds,
 * that is most of what a step costs. As with it, the page is prepared when the pointer or the focus rests on the link.
 */
import { useRouter } from '@tanstack/react-router';
import { useEffect, useRef, type MouseEvent, type ReactNode } from 'react';
import { awaitArrival } from '../design/focus-trail.ts';
import { hasHover } from '../design/media.ts';
import { conversationRowLook } from './conversation-row.tsx';

/** As the router has it: a pointer that only passes means nothing. */
const restMs = 50;

/** @returns opens a conversation. Where it is open already, who chooses it wants to write in it. */
export function useOpenConversation(): (conversation: string, isActive: boolean) => void {
  const router = useRouter();
  return (conversation, isActive) => {
    if (!isActive) void router.navigate({ to: '/c/$conversation', params: { conversation } });
    else if (hasHover()) {
      const composer = document.querySelector<HTMLElement>('[data-composer]');
      // Where it is not there yet, it takes the focus when it is.
      if (composer === null) awaitArrival();
      else composer.focus();
    }
  };
}

export interface RowLinkProps {
  conversation: string;
  /** Its page is open. */
  isActive: boolean;
  children: ReactNode;
}

export function RowLink({ conversation, isActive, children }: RowLinkProps) {
  const router = useRouter();
  const openConversation = useOpenConversation();
  const rest = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(rest.current), []);

  function prepare(): void {
    clearTimeout(rest.current);
    rest.current = setTimeout(() => {
      // It is loaded when it is opened, and a failure told then.
      router.preloadRoute({ to: '/c/$conversation', params: { conversation } }).catch(() => undefined);
    }, restMs);
  }

  function open(event: MouseEvent): void {
    const isPlain = !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    // The rest is the browser's: another tab, another window, a download.
    if (event.defaultPrevented || event.button !== 0 || !isPlain) return;
    event.preventDefault();
    // The second of a double click: by then another row may have come there.
    if (event.detail > 1) return;
    openConversation(conversation, isActive);
  }

  return (
    <a
      href={`/c/${encodeURIComponent(conversation)}`}
      aria-current={isActive ? 'page' : undefined}
      data-inset-focus=""
      data-conversation={conversation}
      className={conversationRowLook(isActive)}
      onClick={open}
      onPointerEnter={prepare}
      onPointerLeave={() => clearTimeout(rest.current)}
      onFocus={prepare}
      onBlur={() => clearTimeout(rest.current)}
    >
      {children}
    </a>
  );
}
