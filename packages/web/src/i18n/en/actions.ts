/** Words that stand on buttons everywhere, and what every page may have to say. */
export const actions = {
  'action.cancel': 'Cancel',
  'action.close': 'Close',
  'action.retry': 'Try again',
  'action.save': 'Save',
  'action.undo': 'Undo',
  'action.copy': 'Copy',
  'action.copied': 'Copied',
  'broken.title': 'This page stumbled',
  'broken.text': 'Nothing you wrote is lost. Try again; if it keeps happening, reload the app.',
  'part.missing': 'This could not be loaded. Load the page again.',
  'toast.region': 'What just happened',
} as const;
