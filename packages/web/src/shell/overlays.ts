/** Which of the dialogs that belong to no page is open; one at most. */
import { create } from 'zustand';
import { typeAhead } from './type-ahead.ts';

export type Overlay = 'switcher' | 'keyboard';

export const useOverlays = create<{ open: Overlay | undefined }>(() => ({ open: undefined }));

export function openOverlay(open: Overlay): void {
  // Until its field is there, what is typed is for it.
  if (open === 'switcher') typeAhead.begin('switcher', closeOverlay);
  useOverlays.setState({ open });
}

export function closeOverlay(): void {
  typeAhead.end();
  useOverlays.setState({ open: undefined });
}
