/**
 * Says to screen readers what happened elsewhere on the screen. One region in the app; a burst is told as the last of it,
 * so that a hundred messages a second do not talk for an hour.
 */
import { create } from 'zustand';

const useSaid = create<{ words: string; turn: number }>(() => ({ words: '', turn: 0 }));

/** A guess: a short sentence is heard to its end. */
const pauseMs = 1_000;
let waiting: string | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Read out politely; of several within a second the first and the last. */
export function announce(words: string): void {
  if (timer !== undefined) {
    waiting = words;
    return;
  }
  say(words);
}

function say(words: string): void {
  useSaid.setState(({ turn }) => ({ words, turn: turn + 1 }));
  timer = setTimeout(() => {
    timer = undefined;
    const next = waiting;
    waiting = undefined;
    if (next !== undefined) say(next);
  }, pauseMs);
}

/** What was said leaves the page, and what waits is never said: the page is locked, or not this person's any more. */
export function hush(): void {
  waiting = undefined;
  useSaid.setState(({ turn }) => ({ words: '', turn: turn + 1 }));
}

export function LiveRegion() {
  const { words, turn } = useSaid();
  return (
    <div aria-live="polite" className="sr-only">
      {/* A new element each time, so that the same words twice are read twice. */}
      <p key={turn}>{words}</p>
    </div>
  );
}
