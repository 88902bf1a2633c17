/**
 * The first byte of every frame. A number is never given twice, also not after its frame is retired.
 * Specification: docs/protocol/frames.md.
 */
export const frameTypes = {
  hello: 0x01,
  recognise: 0x02,
  confirm: 0x03,
  confirmed: 0x04,
  bundleOffer: 0x05,
  ping: 0x06,
  pong: 0x07,
  goodbye: 0x08,
  identityOffer: 0x09,
  neighbour: 0x0a,
  walk: 0x0b,
  shuffle: 0x0c,
  shuffled: 0x0d,
  follow: 0x0e,
  introduction: 0x0f,
  request: 0x10,
  handshake: 0x11,
  envelope: 0x12,
  broadcast: 0x20,
  digest: 0x21,
  want: 0x22,
  prune: 0x23,
  dontWant: 0x24,
  find: 0x28,
  found: 0x29,
  keep: 0x2a,
  kept: 0x2b,
} as const;

export type FrameType = keyof typeof frameTypes;

/** No frame is longer than this, whatever its type. The length prefix of a link has the same bound. */
export const frameBytesMax = 65_536;
