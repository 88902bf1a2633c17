/** Opaque identifiers. A brand makes it a type error to pass one where another belongs. */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** Who somebody is: `kith1…`, bech32m over the 32-byte hash of the first root entry. */
export type PersonId = Branded<'PersonId'>;
/** One installation of a person: lower-case hex of a 32-byte hash of its `add` statement. */
export type DeviceId = Branded<'DeviceId'>;
/** One message: 26 characters of base32 over 16 random bytes chosen by its author. */
export type MessageId = Branded<'MessageId'>;
/** One conversation: 26 characters of base32 over a 16-byte hash, equal on all its devices. */
export type ConversationId = Branded<'ConversationId'>;
/** A node on the network (a libp2p peer id). New at every start; says nothing about a person. */
export type PeerId = Branded<'PeerId'>;
/** A live link to a neighbour, numbered by the network adapter; never reused while the node runs. */
export type LinkId = number & { readonly [brand]: 'LinkId' };

// Crockford's base32, lower case: no i, l, o, u. 16 bytes are 26 characters.
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** 26 characters for 16 bytes, most significant bits first, two zero bits at the end. */
export function idText(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(held >>> bits) & 31];
      held &= (1 << bits) - 1;
    }
  }
  if (bits > 0) text += alphabet[(held << (5 - bits)) & 31];
  return text;
}

/** The 16 bytes of a 26-character id, or undefined where the text is no such id. */
export function idBytes(text: string): Uint8Array | undefined {
  if (text.length !== 26) return undefined;
  const bytes = new Uint8Array(16);
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const character of text) {
    const value = alphabet.indexOf(character);
    if (value < 0) return undefined;
    held = (held << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = held >>> bits;
      held &= (1 << bits) - 1;
    }
  }
  return held === 0 ? bytes : undefined;
}
