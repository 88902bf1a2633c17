/**
 * Every failure a caller may have to handle, in one table. Programmer errors are not here: those are
 * assertions and crash. The sentence is shown to people; nothing of it is ever sent to a peer.
 * `exit` is the exit code of the command line (docs: 1 failed, 2 usage, 3 no node, 4 timed out, 5 refused).
 */
export const errorTable = {
  'no-node': { exit: 3, sentence: 'No node is running on this profile. Start one with "kith up".' },
  usage: { exit: 2, sentence: 'This is not how the command is used. See --help.' },
  'unknown-contact': {
    exit: 1,
    sentence: 'You have no contact of that name or id. "kith contacts" lists them.',
  },
  'unknown-conversation': { exit: 1, sentence: 'There is no conversation of that name or id.' },
  'unknown-message': { exit: 1, sentence: 'There is no message with that id on this device.' },
  ambiguous: { exit: 1, sentence: 'Several contacts have that name. Use the id.' },
  'bad-card': { exit: 1, sentence: 'This card or link is damaged or incomplete. Ask for it again.' },
  'card-expired': { exit: 1, sentence: 'This card has expired. Ask for a new one.' },
  'own-card': { exit: 1, sentence: 'This is your own card. Hand it to somebody else.' },
  'newer-format': { exit: 1, sentence: 'This was made by a newer version of Kith. Update, then try again.' },
  'not-requested': { exit: 1, sentence: 'There is no request of this person to answer.' },
  blocked: { exit: 5, sentence: 'You have blocked this contact. Unblock them first.' },
  'key-changed': {
    exit: 5,
    sentence: 'The keys of this contact changed. Compare safety numbers with "kith verify" before you write.',
  },
  'number-mismatch': {
    exit: 5,
    sentence: 'The safety numbers differ. Somebody may be between you. Nothing was marked as verified.',
  },
  'message-empty': { exit: 1, sentence: 'The message is empty.' },
  'message-too-long': { exit: 1, sentence: 'The message is longer than 28,000 bytes. Send it in parts.' },
  'message-control': {
    exit: 1,
    sentence:
      'The message holds control characters or is not valid UTF-8. Only text, tabs and line breaks are sent.',
  },
  'message-deleted': { exit: 1, sentence: 'The message was deleted.' },
  'not-own': { exit: 5, sentence: 'Only its author can change a message for everybody.' },
  'bad-emoji': { exit: 1, sentence: 'A reaction is one emoji.' },
  'wrong-pin': { exit: 5, sentence: 'The PIN is wrong.' },
  'bad-name': {
    exit: 1,
    sentence: 'A name has 1 to 64 characters, without control or direction-changing characters.',
  },
  full: { exit: 1, sentence: 'Too much is waiting already. Try again when some of it is delivered.' },
  timeout: { exit: 4, sentence: 'That did not happen in time. What was stored stays queued.' },
  expired: { exit: 1, sentence: 'The lifetime of the message ended before it was delivered.' },
  failed: { exit: 1, sentence: 'The message could not be delivered.' },
  'profile-in-use': { exit: 1, sentence: 'Another node is already running on this profile.' },
  'wrong-key': { exit: 1, sentence: 'The key at hand does not open this profile. Nothing was changed.' },
  corrupt: {
    exit: 1,
    sentence:
      'The database of this profile is damaged. Nothing was changed. Keep the files; restore a copy if you have one.',
  },
  'newer-schema': {
    exit: 1,
    sentence:
      'This profile was written by a newer version of Kith. Update, then try again. Nothing was changed.',
  },
  'disk-full': { exit: 1, sentence: 'The disk is full. Nothing was lost; free some space and try again.' },
  'disk-failed': {
    exit: 1,
    sentence: 'The disk refused to write. Nothing was confirmed that is not safe on it.',
  },
  'port-in-use': { exit: 1, sentence: 'The port is taken by another program. Choose another with --port.' },
  'bad-address': {
    exit: 2,
    sentence: 'This is not an address Kith can use. Example: /ip4/192.0.2.7/tcp/4001',
  },
  unauthorised: { exit: 5, sentence: 'The node does not accept this client.' },
  busy: { exit: 1, sentence: 'The node has too much to do right now. Try again.' },
  internal: { exit: 1, sentence: 'Something went wrong inside Kith. "kith logs" says more.' },
} as const;

export type ErrorCode = keyof typeof errorTable;

/** A failure a caller may have to handle. `message` is for people and may be shown as it is. */
export class KithError extends Error {
  readonly code: ErrorCode;

  /** @param detail - replaces the table's sentence where there is more to say (candidates, a path). */
  constructor(code: ErrorCode, detail?: string, options?: ErrorOptions) {
    super(detail ?? errorTable[code].sentence, options);
    this.name = 'KithError';
    this.code = code;
  }
}
