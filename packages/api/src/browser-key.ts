/**
 * The page's half of a session: a key that never leaves the page. The link leads to an address with a secret behind its
 * `#`; secret and a salt of the page's own give the key, on both sides. Must never send the secret or the key.
 */
import { proofProtocol } from './contract.ts';
import { bytes32, keyText, nodeText, pageText, pairingText, type Exchange } from './session-proof.ts';

/** Keeps the page's half of the session: `localStorage`, which other ports of this machine cannot read. */
export interface KeyStorage {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
}

/** The key, once the node has proved that it has the same. */
export const keyName = 'kith-session';
/** `SECRET.SALT`, until then. */
export const pairingName = 'kith-pairing';

/** One question to the node, and how to read its answer. */
export interface Question {
  /** Of {@link questionHeader}. */
  header: string;
  /**
   * Whether the node that answered is the one that knows this browser.
   * @returns the protocol that proves the same of the page, once; `unknown`: the page has nothing to go by; `forged`: it
   * has a key, and whoever answered does not.
   */
  judge: (answer: unknown) => Promise<{ protocol: string } | 'unknown' | 'forged'>;
}

/** Whether there is what proofs are made with: browsers have it on 127.0.0.1 and over TLS alone. */
export function canProve(): boolean {
  // Its type does not know of pages without it.
  const { subtle }: { subtle?: unknown } = globalThis.crypto;
  return subtle !== undefined;
}

export class SessionKey {
  readonly #storage: KeyStorage;
  readonly #port: string;
  /** What the storage would not take. Lives as long as the page. */
  readonly #memory = new Map<string, string>();

  /**
   * Writes down at once what came with the address, so that a reload at any moment loses nothing.
   * @param port - Of the node, as the page sees it.
   * @param secret - Of the address; undefined where there is none.
   */
  constructor(storage: KeyStorage, port: string, secret?: string) {
    this.#storage = storage;
    this.#port = port;
    if (secret === undefined || !bytes32.test(secret) || !canProve()) return;
    // The salt of a secret is made once: a reload, or a second page with the same address, comes to the same key.
    if (this.#get(pairingName)?.startsWith(`${secret}.`) === true) return;
    this.#set(pairingName, `${secret}.${random()}`);
  }

  /** Asks with what was written down last, by this page or another. */
  async question(): Promise<Question> {
    const pageNonce = random();
    const pairing = this.#get(pairingName);
    const [secret = '', salt = ''] = pairing?.split('.') ?? [];
    if (!bytes32.test(secret) || !bytes32.test(salt)) {
      return { header: pageNonce, judge: async (answer) => await this.#judge(answer, pageNonce) };
    }
    const paired = await prove(secret, keyText(salt));
    const proof = await prove(paired, pairingText({ port: this.#port, pageNonce }));
    return {
      header: `${pageNonce}.${salt}.${proof}`,
      judge: async (answer) => {
        const outcome = await this.#judge(answer, pageNonce, paired);
        // It is settled which key counts. A newer secret than the one we asked with is another page's to settle.
        if (typeof outcome === 'object' && this.#get(pairingName) === pairing) this.#remove(pairingName);
        return outcome;
      },
    };
  }

  /** Changes nothing unless the answer proves that it is the node's. */
  async #judge(
    answer: unknown,
    pageNonce: string,
    paired?: string,
  ): Promise<{ protocol: string } | 'unknown' | 'forged'> {
    // Read now: another page of this browser may have been paired while we waited.
    const keys = [paired ?? '', this.#get(keyName) ?? ''].filter((key) => bytes32.test(key));
    if (keys.length === 0) return 'unknown';
    const given = readAnswer(answer);
    if (given === undefined) return 'forged';
    const exchange: Exchange = { port: this.#port, pageNonce, nodeNonce: given.nonce };
    for (const key of keys) {
      if (!(await isProved(key, nodeText(exchange), given.proofs))) continue;
      if (key === paired) this.#set(keyName, key);
      return { protocol: proofProtocol(given.nonce, await prove(key, pageText(exchange))) };
    }
    return 'forged';
  }

  #get(name: string): string | undefined {
    try {
      return this.#memory.get(name) ?? this.#storage.getItem(name) ?? undefined;
    } catch {
      return undefined;
    }
  }

  #set(name: string, value: string): void {
    this.#memory.delete(name);
    try {
      this.#storage.setItem(name, value);
    } catch {
      // Storage is full or switched off: this page has it all the same.
      this.#memory.set(name, value);
    }
  }

  #remove(name: string): void {
    this.#memory.delete(name);
    try {
      this.#storage.removeItem(name);
    } catch {
      // Nothing was kept there.
    }
  }
}

/** Of one for each session that a node keeps. */
const proofsMax = 16;

/** @returns undefined where it is no answer of a node. */
function readAnswer(answer: unknown): { nonce: string; proofs: string[] } | undefined {
  if (typeof answer !== 'object' || answer === null || !('nonce' in answer) || !('proof' in answer))
    return undefined;
  const { nonce, proof } = answer;
  const others: unknown = 'others' in answer ? answer.others : [];
  if (!isText(nonce) || !isText(proof) || !Array.isArray(others)) return undefined;
  const proofs: unknown[] = [proof, ...others];
  return proofs.length <= proofsMax && proofs.every(isText) ? { nonce, proofs } : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && bytes32.test(value);
}

async function isProved(key: string, text: string, proofs: readonly string[]): Promise<boolean> {
  for (const proof of proofs) if (await verify(key, text, proof)) return true;
  return false;
}

const algorithm = { name: 'HMAC', hash: 'SHA-256' };

type HmacKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

async function importKey(key: string): Promise<HmacKey> {
  return await crypto.subtle.importKey('raw', bytesOf(key), algorithm, false, ['sign', 'verify']);
}

/** HMAC-SHA-256 of a text. All of it is base64url. */
async function prove(key: string, text: string): Promise<string> {
  const mac = await crypto.subtle.sign('HMAC', await importKey(key), new TextEncoder().encode(text));
  return textOf(new Uint8Array(mac));
}

/** In constant time. */
async function verify(key: string, text: string, proof: string): Promise<boolean> {
  const imported = await importKey(key);
  return await crypto.subtle.verify('HMAC', imported, bytesOf(proof), new TextEncoder().encode(text));
}

function random(): string {
  return textOf(crypto.getRandomValues(new Uint8Array(32)));
}

function textOf(bytes: Uint8Array): string {
  const base64 = btoa(String.fromCodePoint(...bytes));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const base64 = text.replaceAll('-', '+').replaceAll('_', '/');
  return Uint8Array.from(atob(base64), (character) => character.codePointAt(0) ?? 0);
}
