/**
 * Reading a card or link that somebody handed our person: what is refused before anything happens, and what it says.
 * Nothing here changes or dials anything. Specification: docs/protocol/card.md.
 */
import { KithError } from '../base/errors.ts';
import { type DecodedLink, decodeLink } from '../crypto/card/card.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { fingerprint } from '../crypto/fingerprint/fingerprint.ts';
import { type Book, contactsMax } from './book.ts';
import type { Commands } from './contract.ts';
import type { Own } from './own.ts';
import type { Turn } from './turn.ts';

export interface CardReadingParts {
  crypto: Crypto;
  turn: Turn;
  own: Own;
  book: Book;
}

type ReadLink = Extract<DecodedLink, { ok: true }>;

/** @throws KithError `bad-card`, `newer-format`, `own-card`, `card-expired`, `blocked`, `full` */
export function readCard(parts: CardReadingParts, text: string): ReadLink {
  const { crypto, own, book, turn } = parts;
  const link = decodeLink(crypto.backend, text);
  if (!link.ok) throw new KithError(link.reason === 'newer' ? 'newer-format' : 'bad-card');
  const { person, expiresWallMs } = link.card;
  if (person === own.identity.person) throw new KithError('own-card');
  if (expiresWallMs <= turn.wallMs) throw new KithError('card-expired');
  const known = book.get(person);
  if (known?.state === 'blocked') throw new KithError('blocked');
  if (known === undefined && book.size >= contactsMax) throw new KithError('full');
  return link;
}

/**
 * What a card says. The fingerprint is of the root key that signed it, which need not be the newest.
 *
 * @throws KithError as {@link readCard}
 */
export function previewCard(parts: CardReadingParts, text: string): Commands['preview']['out'] {
  const { card } = readCard(parts, text);
  const { person: id, hints, token, expiresWallMs: expiresAtWallMs } = card;
  return {
    id,
    fingerprint: fingerprint(parts.crypto.backend, card),
    expiresAtWallMs,
    once: token !== undefined,
    addresses: hints.length,
    contact: parts.book.get(id)?.name,
  };
}
