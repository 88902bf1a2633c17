/**
 * Who is at this end of a link, for strangers on the same local network: only where the person chose to be visible.
 * Alone its type byte takes back what was said before. Layout: docs/protocol/frames.md, meaning: introduction.md.
 */
import { concat, u16be, utf8, utf8Decode } from '../base/bytes.ts';
import { invariant } from '../base/invariant.ts';
import { huesCount } from './content.ts';
import { frameTypes } from './frame-type.ts';

export interface Introduced {
  /** 0 to 11; undefined: the one that follows from the person's id. */
  hue: number | undefined;
  /** 1 to 256 bytes of UTF-8, as its maker says it: whoever shows it cleans it. */
  name: string;
  /** 64 bytes, over this link and all of the above, by the root key of the card. */
  signature: Uint8Array;
  /** 1 to 3,072 bytes, as in docs/protocol/card.md. */
  card: Uint8Array;
}

export interface IntroductionFrame {
  type: 'introduction';
  /** Undefined: nobody wants to be shown any more. */
  shown: Introduced | undefined;
}

const nameBytesMax = 256;
const introducedCardBytesMax = 3_072;
const signatureBytes = 64;
const headBytes = 4;
const noHue = 255;

export function encodeIntroduction({ shown }: IntroductionFrame): Uint8Array {
  const type = Uint8Array.of(frameTypes.introduction);
  if (shown === undefined) return type;
  const { hue, signature, card } = shown;
  const name = utf8(shown.name);
  invariant(isHue(hue ?? noHue), 'a hue is 0 to 11');
  invariant(name.length >= 1 && name.length <= nameBytesMax, 'a name has 1 to 256 bytes');
  invariant(signature.length === signatureBytes, 'a signature has 64 bytes');
  invariant(card.length >= 1 && card.length <= introducedCardBytesMax, 'a card has 1 to 3,072 bytes');
  return concat(type, Uint8Array.of(hue ?? noHue), u16be(name.length), name, signature, card);
}

export function decodeIntroduction(bytes: Uint8Array): IntroductionFrame | undefined {
  if (bytes.length === 1) return { type: 'introduction', shown: undefined };
  if (bytes.length < headBytes) return undefined;
  const hue = bytes[1]!;
  const nameEnd = headBytes + bytes[2]! * 256 + bytes[3]!;
  const cardStart = nameEnd + signatureBytes;
  const cardBytes = bytes.length - cardStart;
  if (!isHue(hue) || nameEnd === headBytes || nameEnd > headBytes + nameBytesMax) return undefined;
  if (cardBytes < 1 || cardBytes > introducedCardBytesMax) return undefined;
  const name = utf8Decode(bytes.subarray(headBytes, nameEnd));
  if (name === undefined) return undefined;
  const signature = bytes.subarray(nameEnd, cardStart);
  const card = bytes.subarray(cardStart);
  return { type: 'introduction', shown: { hue: hue === noHue ? undefined : hue, name, signature, card } };
}

function isHue(value: number): boolean {
  return (Number.isInteger(value) && value >= 0 && value < huesCount) || value === noHue;
}
