/**
 * What happened, said for a moment at the edge. With `undo` the act can be taken back; with `commit` it has not happened
 * yet: it happens when the moment ends, also by leaving the page.
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
  /** Somebody looks at them: none leaves meanwhile. */
  held: boolean;
}

export const useToasts = create<ToastState>(() => ({ toasts: [], held: false }));

let lastId = 0;

/** @returns the id, for {@link dismissToast}. */
export function showToast(input: ToastInput): number {
  const { toasts } = useToasts.getState();
  const same = toasts.find((each) => isSame(each, input));
  if (same !== undefined) {
    useToasts.setState({
      toasts: toasts.map((each) => (each === same ? { ...each, untilMs: Date.now() + shownMs } : each)),
    });
    schedule();
    return same.id;
  }
  lastId += 1;
  const toast = { ...input, id: lastId, untilMs: Date.now() + shownMs };
  for (const old of toasts.slice(0, Math.max(0, toasts.length - toastsMax + 1))) dismissToast(old.id);
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

export function holdToasts(held: boolean): void {
  const now = Date.now();
  useToasts.setState(({ toasts }) => ({
    held,
    toasts: held ? toasts : toasts.map((toast) => ({ ...toast, untilMs: now + shownMs })),
  }));
  schedule();
}

/** The same words about nothing that could be taken back, or has still to happen. */
function isSame(toast: Toast, { text, look, undo, commit, way }: ToastInput): boolean {
  const isWords = [undo, commit, way, toast.undo, toast.commit, toast.way].every((act) => act === undefined);
  return isWords && toast.text === text && toast.look === look;
}

function take(id: number): Toast | undefined {
  const { toasts, held } = useToasts.getState();
  useToasts.setState({ toasts: toasts.filter((each) => each.id !== id) });
  // Its button goes from under the pointer or the focus, which nobody tells: who still looks at another one moves there.
  if (held) holdToasts(false);
  return toasts.find((each) => each.id === id);
}

let timer: ReturnType<typeof setTimeout> | undefined;

function schedule(): void {
  clearTimeout(timer);
  const { toasts, held } = useToasts.getState();
  if (held || toasts.length === 0) return;
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

// Later than the first nothing of what is left reaches the node; the second comes where the first does not.
globalThis.addEventListener?.('beforeunload', dismissToasts);
globalThis.addEventListener?.('pagehide', dismissToasts);
