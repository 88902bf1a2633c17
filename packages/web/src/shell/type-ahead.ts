/**
 * What is typed between choosing a conversation, the search or the switcher and its field being there. It belongs to what was chosen,
 * and neither to the composer that still has the focus nor to nobody.
 */
import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { hasHover } from '../design/media.ts';

/** UTF-16 units; what comes beyond is lost. Nobody types so far ahead. */
export const typedAheadMax = 1_000;

export interface Key {
  key: string;
  isModified: boolean;
}

/** Whose field is waited for: that of a page, or of the switcher, which opens above any page. */
export type Owner = 'page' | 'switcher';

export class TypeAhead {
  /** Null: no field is waited for. */
  #text: string | null = null;
  #owner: Owner = 'page';
  #onEscape: () => void = () => undefined;

  /** Null: nobody waits. */
  get owner(): Owner | null {
    return this.#text === null ? null : this.#owner;
  }

  /** @param onEscape - What is waited for is not wanted any more. */
  begin(owner: Owner, onEscape: () => void = () => undefined): void {
    this.#text = '';
    this.#owner = owner;
    this.#onEscape = onEscape;
  }

  escape(): void {
    if (this.#text === null) return;
    this.#text = null;
    this.#onEscape();
  }

  /** @returns whether the key is kept for the field, and so for nobody else. */
  press({ key, isModified }: Key): boolean {
    const text = this.#text;
    if (text === null || isModified) return false;
    // A space that begins nothing scrolls or chooses.
    if (text === '' && (key === ' ' || key.length !== 1)) return false;
    if (key.length === 1) this.#text = (text + key).slice(0, typedAheadMax);
    else if (key === 'Backspace') this.#text = text.slice(0, -1);
    // Nothing is sent that nobody saw.
    else return key === 'Enter';
    return true;
  }

  /** The field is there. What is kept for another stays. */
  take(owner: Owner): string {
    if (this.owner !== owner) return '';
    const text = this.#text ?? '';
    this.#text = null;
    return text;
  }

  /** No field will be there. */
  end(): void {
    this.#text = null;
  }
}

export const typeAhead = new TypeAhead();

/** What belongs to something above the page, or to a field beside the one that is left, as the search in the list, stays there. */
function isElsewhere(target: EventTarget | null, owner: Owner): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null) return true;
  const isField = /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  return owner === 'page' && isField && target.closest('main') === null;
}

function keep(event: KeyboardEvent): void {
  if (event.key === 'Escape') typeAhead.escape();
  if (event.key === 'Tab') typeAhead.end();
  const { owner } = typeAhead;
  if (owner === null || event.isComposing || isElsewhere(event.target, owner)) return;
  // AltGr, which some systems call Ctrl and Alt, makes letters.
  const isModified = (event.ctrlKey || event.metaKey || event.altKey) && !event.getModifierState('AltGraph');
  if (!typeAhead.press({ key: event.key, isModified })) return;
  event.preventDefault();
  event.stopPropagation();
}

/** Pages with a field that takes the focus. */
const isWritten = (pathname: string): boolean => pathname.startsWith('/c/') || pathname === '/search';

export function useTypeAhead(): void {
  const router = useRouter();
  useEffect(() => {
    const leave = router.subscribe('onBeforeNavigate', ({ pathChanged, toLocation }) => {
      if (!pathChanged) return;
      // Without it no composer takes the focus by itself: there is nothing to be kept for it.
      if (isWritten(toLocation.pathname) && hasHover()) typeAhead.begin('page');
      else typeAhead.end();
    });
    const point = (): void => typeAhead.end();
    addEventListener('keydown', keep, { capture: true });
    addEventListener('pointerdown', point, { capture: true });
    return () => {
      leave();
      typeAhead.end();
      removeEventListener('keydown', keep, { capture: true });
      removeEventListener('pointerdown', point, { capture: true });
    };
  }, [router]);
}

/** For a page without a composer: what was typed for one has no place. */
export function useNoTypeAhead(isWithout = true): void {
  useEffect(() => {
    if (isWithout) typeAhead.end();
  }, [isWithout]);
}
