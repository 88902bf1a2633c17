/** What the node proves and checks with the key of a browser's session. Twin of browser-key.ts. Pure. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { bytes32, keyText, nodeText, pageText, pairingText, type Exchange } from '@kith/api/session-proof';

/** What a page asks with: the parts of {@link questionHeader}. */
export interface SessionQuestion {
  pageNonce: string;
  /** Brought until the page has heard that we know its key. */
  pairing: { salt: string; proof: string } | undefined;
}

/** @returns undefined where it is no question. */
export function parseQuestion(header: string): SessionQuestion | undefined {
  const parts = header.split('.');
  const [pageNonce = '', salt, proof] = parts;
  if (!parts.every((part) => bytes32.test(part))) return undefined;
  if (parts.length === 1) return { pageNonce, pairing: undefined };
  if (parts.length !== 3 || salt === undefined || proof === undefined) return undefined;
  return { pageNonce, pairing: { salt, proof } };
}

/** @returns undefined where it is no proof. */
export function parseProof(offered: string): { nodeNonce: string; proof: string } | undefined {
  const [nodeNonce = '', proof = '', ...more] = offered.split('.');
  if (more.length > 0 || !bytes32.test(nodeNonce) || !bytes32.test(proof)) return undefined;
  return { nodeNonce, proof };
}

/** @returns the key that the page made of the secret, where it proves that it was given that secret. */
export function pairedKey(secret: string, question: SessionQuestion, port: string): string | undefined {
  const { pageNonce, pairing } = question;
  if (pairing === undefined) return undefined;
  const key = prove(secret, keyText(pairing.salt));
  return equal(prove(key, pairingText({ port, pageNonce })), pairing.proof) ? key : undefined;
}

export function nodeProof(key: string, exchange: Exchange): string {
  return prove(key, nodeText(exchange));
}

export function isPageProof(key: string, exchange: Exchange, proof: string): boolean {
  return equal(prove(key, pageText(exchange)), proof);
}

/** HMAC-SHA-256. All of it is base64url, of 32 bytes each. */
function prove(key: string, text: string): string {
  return createHmac('sha256', Buffer.from(key, 'base64url')).update(text).digest('base64url');
}

/** In constant time; both are of one length. */
function equal(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
