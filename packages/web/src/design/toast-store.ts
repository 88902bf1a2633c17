/**
 * What happened, said for a moment at the edge. With `undo` the act can be taken back; with `commit` it has not happened
 * yet: it happens when the moment ends, also by leaving the page (live-talk.ts).
 */
import { create } from 'zustand';

/** More would hide the screen; the oldest leaves, and its act happens. */
const toastsMax = 3;
const shownMs = 6_000;

export interface ToastInput {
  text: string;
  look?: 'plain' | 'bad';
  undo?: () => void;
  commit?: () => void;
  /** Where one can go from here. */
  way?: { words: string; go: () => void };
}

export interface Toast extends ToastInput {
  id: number;
  untilMs: number;
}

interface ToastState {
  toasts: Toast[];
  /** Id of the one that somebody looks at: none leaves meanwhile. */
  held: number | null;
  /** None is drawn, as while the app is locked, and so none leaves unseen. */
  isPaused: boolean;
}

export const useToasts = create<ToastState>(() => ({ toasts: [], held: null, isPaused: false }));

let lastId = 0;

/** @returns the id, for {@link dismissToast}. */
export function showToast(input: ToastInput): number {
  const { toasts } = useToasts.getState();
  // It is said anew, in a place of its own: who only hears it would not know that it happened again.
  const same = toasts.find((each) => isSame(each, input));
  if (same !== undefined) take(same.id);
  lastId += 1;
  const toast = { ...input, id: lastId, untilMs: Date.now() + shownMs };
  const others = useToasts.getState().toasts;
  for (const old of others.slice(0, Math.max(0, others.length - toastsMax + 1))) dismissToast(old.id);
  useToasts.setState((state) => ({ toasts: [...state.toasts, toast] }));
  schedule();
  return toast.id;
}

/** It leaves; what it held back happens. */
export function dismissToast(id: number): void {
  take(id)?.commit?.();
}

/** It leaves; what it held back never happens, what happened is taken back. */
export function undoToast(id: number): void {
  take(id)?.undo?.();
}

/** Somebody looks at it. One that is only fading out holds nothing: nobody would be told when it is gone. */
export function holdToast(id: number): void {
  if (!useToasts.getState().toasts.some((each) => each.id === id)) return;
  useToasts.setState({ held: id });
  schedule();
}

/** Nobody does any more. */
export function releaseToast(id: number): void {
  if (useToasts.getState().held === id) beginAnew({ held: null });
}

export function pauseToasts(isPaused: boolean): void {
  beginAnew({ isPaused });
}

/** All have their time anew. */
function beginAnew(change: Partial<Pick<ToastState, 'held' | 'isPaused'>>): void {
  const untilMs = Date.now() + shownMs;
  useToasts.setState(({ toasts }) => ({ ...change, toasts: toasts.map((toast) => ({ ...toast, untilMs })) }));
  schedule();
}

/** The same words about nothing that could be taken back, or has still to happen. */
function isSame(toast: Toast, { text, look, undo, commit, way }: ToastInput): boolean {
  const isWords = [undo, commit, way, toast.undo, toast.commit, toast.way].every((act) => act === undefined);
  return isWords && toast.text === text && toast.look === look;
}

function take(id: number): Toast | undefined {
  const { toasts } = useToasts.getState();
  useToasts.setState({ toasts: toasts.filter((each) => each.id !== id) });
  // It goes from under the pointer or the focus, of which nobody is told.
  releaseToast(id);
  return toasts.find((each) => each.id === id);
}

let timer: ReturnType<typeof setTimeout> | undefined;

function schedule(): void {
  clearTimeout(timer);
  const { toasts, held, isPaused } = useToasts.getState();
  if (held !== null || isPaused || toasts.length === 0) return;
  const next = Math.min(...toasts.map((toast) => toast.untilMs));
  timer = setTimeout(
    () => {
      const now = Date.now();
      for (const toast of useToasts.getState().toasts) if (toast.untilMs <= now) dismissToast(toast.id);
      schedule();
    },
    Math.max(0, next - Date.now()),
  );
}

/** All leave at once: the page is left, or locked. What they held back happens. */
export function dismissToasts(): void {
  for (const toast of useToasts.getState().toasts) dismissToast(toast.id);
}
