import type { actions as english } from '../en/actions.ts';

export const actions: Record<keyof typeof english, string> = {
  'action.cancel': 'Abbrechen',
  'action.close': 'Schließen',
  'action.retry': 'Noch einmal versuchen',
  'action.save': 'Sichern',
  'action.undo': 'Rückgängig',
  'action.copy': 'Kopieren',
  'action.copied': 'Kopiert',
  'broken.title': 'Diese Seite ist gestolpert',
  'broken.text':
    'Nichts, was du geschrieben hast, ist verloren. Versuche es noch einmal; wenn es so bleibt, lade die App neu.',
  'part.missing': 'Das ließ sich nicht laden. Lade die Seite neu.',
  'toast.region': 'Was gerade geschah',
};
