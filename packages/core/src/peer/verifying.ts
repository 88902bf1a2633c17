/**
 * Comparing with a contact who they are: by the number they read out, or by the code their screen shows. What was
 * compared clears changed keys too. Specification: docs/protocol/identity.md.
 */
import { KithError } from '../base/errors.ts';
import type { ContactRow } from '../base/store.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { compareCode, judgeCode } from '../crypto/fingerprint/compare-code.ts';
import { type Compared, safetyNumber } from '../crypto/fingerprint/fingerprint.ts';
import type { Book } from './book.ts';
import type { Commands } from './contract.ts';
import type { Own } from './own.ts';

export interface VerifyingParts {
  crypto: Crypto;
  own: Own;
  book: Book;
}

type Given = Omit<Commands['verify']['in'], 'contact'>;

/**
 * @param onEqual - called where something was given and is equal: from now on the contact counts as verified.
 * @throws KithError `number-mismatch`, `usage` for what is no code of theirs, `newer-format`, `failed` while their keys
 *   are not known
 */
export function verifyContact(
  parts: VerifyingParts,
  row: ContactRow,
  { given, onEqual }: { given: Given; onEqual: () => void },
): Commands['verify']['out'] {
  const { crypto, own, book } = parts;
  const their = book.identity(row.person);
  if (their === undefined) {
    throw new KithError(
      'failed',
      'Their keys are not known yet. Try again when they have been reached once.',
    );
  }
  const persons = { own: own.identity, their };
  const number = safetyNumber(crypto.backend, own.identity, their);
  const compared = isEqual(crypto, { ...given, number, persons });
  if (compared) onEqual();
  const code = compareCode(crypto.backend, persons);
  return { safetyNumber: number, verified: compared || row.verified, code };
}

/** @returns false where nothing was given to compare. */
function isEqual(
  { backend }: Crypto,
  {
    matches,
    scanned,
    number,
    persons,
  }: Given & { number: string; persons: { own: Compared; their: Compared } },
): boolean {
  if (matches !== undefined && scanned !== undefined) {
    throw new KithError('usage', 'Compare the number or the code, one at a time.');
  }
  if (matches !== undefined) {
    if (digits(matches) !== digits(number)) throw new KithError('number-mismatch');
    return true;
  }
  if (scanned === undefined) return false;
  switch (judgeCode(backend, scanned, persons)) {
    case 'equal':
      return true;
    case 'different':
      throw new KithError('number-mismatch');
    case 'own-screen':
      throw new KithError('usage', 'This is the code on your own screen. Scan the one that theirs shows.');
    case 'newer':
      throw new KithError('newer-format');
    case 'no-code':
      throw new KithError(
        'usage',
        'This is not a code to compare. Let them open the same page, and scan theirs.',
      );
  }
}

function digits(text: string): string {
  return text.replaceAll(/\D/gu, '');
}
