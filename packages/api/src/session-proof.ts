/**
 * What page and node prove to each other with the key of a browser's session, as the texts that both put through
 * HMAC-SHA-256. Every part is of an alphabet without line breaks and every kind of text has a label of its own, so that
 * none is ever taken for another. Pure; browser-key.ts and node/local-api/session-key.ts do the hashing.
 */

/** What is proved and to whom: both nonces, and the port that each side believes the other to be at. */
export interface Exchange {
  port: string;
  pageNonce: string;
  nodeNonce: string;
}

/** 32 bytes as base64url: nonces, salts, secrets, keys and proofs alike. */
export const bytes32: RegExp = /^[\w-]{43}$/;

/** Under the pairing secret: gives the key of the session. */
export function keyText(salt: string): string {
  return `kith/session-key/1\n${salt}`;
}

/** Under the key: whoever brings this salt was given the pairing secret. */
export function pairingText({ port, pageNonce }: Pick<Exchange, 'port' | 'pageNonce'>): string {
  return `kith/session-pairing/1\n${port}\n${pageNonce}`;
}

/** Under the key: the node knows the session. */
export function nodeText({ port, pageNonce, nodeNonce }: Exchange): string {
  return `kith/session-node/1\n${port}\n${pageNonce}\n${nodeNonce}`;
}

/** Under the key: the page is the one of the session. */
export function pageText({ port, pageNonce, nodeNonce }: Exchange): string {
  return `kith/session-page/1\n${port}\n${pageNonce}\n${nodeNonce}`;
}
