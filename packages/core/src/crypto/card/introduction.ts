/**
 * What binds an introduction to the link it is said on: a signature by the root key of the card it holds. So neither a
 * card nor an introduction that somebody else got lets them pose as that person. docs/protocol/introduction.md.
 */
import { concat, u16be, utf8 } from '../../base/bytes.ts';
import type { PeerId } from '../../base/ids.ts';
import type { CryptoBackend } from '../backend.ts';
import type { OwnRoot } from '../identity/identity.ts';
import { labels } from '../labels.ts';
import { sign, verify } from '../sign.ts';
import type { Card } from './card.ts';

const version = 1;
const noHue = 255;

/** One direction of one link: the network ids of its ends, and the nonces of their hellos, 32 bytes each. */
export interface Direction {
  speaker: PeerId;
  listener: PeerId;
  speakerNonce: Uint8Array;
  listenerNonce: Uint8Array;
}

/** What is said. `hue` undefined: none was chosen. */
export interface Said {
  hue: number | undefined;
  name: string;
  card: Uint8Array;
}

/** 64 bytes. */
export function signIntroduction(
  backend: CryptoBackend,
  root: Pick<OwnRoot, 'current'>,
  what: Direction & Said,
): Uint8Array {
  return sign(backend, labels.introduction, bodyOf(what), root.current.secretKey);
}

/** `card`: verified, and the one whose bytes are in `what`. */
export function verifyIntroduction(
  backend: CryptoBackend,
  card: Pick<Card, 'rootKey'>,
  { signature, ...what }: Direction & Said & { signature: Uint8Array },
): boolean {
  return verify(backend, labels.introduction, bodyOf(what), signature, card.rootKey);
}

function bodyOf(what: Direction & Said): Uint8Array {
  const { speaker, listener, speakerNonce, listenerNonce, hue, card } = what;
  const name = utf8(what.name);
  const ends = [speaker, listener].flatMap((id) => {
    const text = utf8(id);
    return [Uint8Array.of(text.length), text];
  });
  const look = [Uint8Array.of(hue ?? noHue), u16be(name.length), name];
  return concat(Uint8Array.of(version), ...ends, speakerNonce, listenerNonce, ...look, card);
}
