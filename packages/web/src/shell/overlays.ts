/** Which of the dialogs that belong to no page is open; one at most. */
import { create } from 'zustand';

export type Overlay = 'switcher' | 'keyboard';

export const useOverlays = create<{ open: Overlay | undefined }>(() => ({ open: undefined }));

export function openOverlay(open: Overlay): void {
  useOverlays.setState({ open });
}

export function closeOverlay(): void {
  useOverlays.setState({ open: undefined });
}
