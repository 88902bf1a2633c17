/**
 * Words that stand in rows as small numbers. The place in a list is what is on disk: append, never reorder.
 */
import { invariant } from '@kith/core/base/invariant';
import type {
  EarlyRow,
  EventRow,
  LedgerRow,
  MessageRow,
  MessageState,
  OutboxRow,
  SecretKind,
} from '@kith/core/base/store';

/** Translates one closed set of words. */
export interface Codes<Word extends string> {
  code(word: Word): number;
  /** A number outside the list was written by no version we know: the caller checked the schema first. */
  word(code: number): Word;
}

function codes<Word extends string>(words: readonly Word[]): Codes<Word> {
  const byWord = new Map(words.map((word, code) => [word, code]));
  return {
    code(word) {
      const code = byWord.get(word);
      invariant(code !== undefined, `${word} has a code`);
      return code;
    },
    word(code) {
      const word = words[code];
      invariant(word !== undefined, `code ${code} has a word`);
      return word;
    },
  };
}

export const messageStates: Codes<MessageState> = codes([
  'stored',
  'sent',
  'delivered',
  'expired',
  'failed',
  'received',
  'read',
]);
export const directions: Codes<MessageRow['direction']> = codes(['out', 'in']);
export const ledgerAuthors: Codes<LedgerRow['by']> = codes(['self', 'device', 'carrier']);
export const outboxKinds: Codes<OutboxRow['kind']> = codes(['request', 'message', 'control', 'change']);
export const earlyKinds: Codes<EarlyRow['kind']> = codes(['edit', 'delete', 'react']);
export const secretKinds: Codes<SecretKind> = codes([
  'identity',
  'session',
  'skipped',
  'prekey',
  'intake',
  'card',
]);
export const eventKinds: Codes<EventRow['event']> = codes([
  'message',
  'state',
  'contact',
  'peer',
  'request',
  'notice',
  'network',
  'changed',
  'removed',
  'conversation',
  'settings',
]);
