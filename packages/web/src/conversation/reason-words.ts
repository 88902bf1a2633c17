/** The node's own words for why a message ended, or how it went on, in the language of the app. */
import type { Translate } from '../i18n/texts.ts';

const known = {
  'lifetime ended': 'reason.lifetime',
  deleted: 'reason.deleted',
  blocked: 'reason.blocked',
  'contact removed': 'reason.removed',
  'request not answered': 'reason.unanswered',
  withdrawn: 'reason.withdrawn',
  'handed to a link of this device': 'reason.handed',
} as const;

/** What a newer node may say that this app does not know is shown as it is. */
export function reasonWords(t: Translate, reason: string): string {
  return isKnown(reason) ? t(known[reason]) : reason;
}

function isKnown(reason: string): reason is keyof typeof known {
  return Object.hasOwn(known, reason);
}
