/** Tells the other that our person types, where both share that, and tells when it is over. */
import { useEffect, useRef } from 'react';
import { talk } from '../data/live-talk.ts';
import { afterKey, afterPause, notTyping, typingPauseMs } from '../data/typing-signs.ts';

export function useTypingSign(conversation: string, text: string, isShared: boolean): void {
  const state = useRef(notTyping);
  const isFirst = useRef(true);

  useEffect(() => {
    // A draft that was there before is not being typed.
    if (isFirst.current) {
      isFirst.current = false;
      return undefined;
    }
    if (!isShared) return undefined;
    step(afterKey(state.current, text.trim() !== '', Date.now()));
    const timer = setTimeout(() => step(afterPause(state.current, Date.now())), typingPauseMs + 50);
    return () => clearTimeout(timer);

    function step({ state: next, tell }: ReturnType<typeof afterKey>): void {
      state.current = next;
      if (tell !== null) tellTyping(conversation, tell);
    }
  }, [conversation, text, isShared]);

  useEffect(
    () => () => {
      if (state.current.toldMs !== null) tellTyping(conversation, false);
      state.current = notTyping;
    },
    [conversation],
  );
}

function tellTyping(conversation: string, typing: boolean): void {
  // A courtesy: lost where the node is away.
  talk.api.conversations.setTyping.mutate({ conversation, typing }).catch(() => undefined);
}
