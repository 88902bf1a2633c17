/**
 * The PIN of the screen lock, hashed slowly and aside from the loop. scrypt (RFC 7914) with a salt of its own a PIN; the
 * costs stand in the verifier, so that they can rise later. It guards windows against passers-by, not bytes on the disk.
 */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

// RFC 7914, section 2: memory is 128 * N * r bytes. 64 MiB and some 0.2 s; core/peer/screen-lock.ts bounds how many run.
const cost = { N: 65_536, r: 8, p: 1 };
const memoryMax = 256 * 2 ** 20;
const saltBytes = 16;
const hashBytes = 32;

/** What is kept of a PIN: name, costs, salt and hash. */
export async function verifierOf(pin: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const hash = await hashOf(pin, salt, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64'), hash.toString('base64')].join('$');
}

/** Whether it is the PIN of this verifier. False for a verifier that no version of ours wrote. */
export async function pinMatches(pin: string, verifier: string): Promise<boolean> {
  const [name, N, r, p, salt = '', hash = ''] = verifier.split('$');
  const costs = { N: Number(N), r: Number(r), p: Number(p) };
  const kept = Buffer.from(hash, 'base64');
  if (name !== 'scrypt' || kept.length !== hashBytes || !isAffordable(costs)) return false;
  return timingSafeEqual(await hashOf(pin, Buffer.from(salt, 'base64'), costs), kept);
}

function isAffordable({ N, r, p }: typeof cost): boolean {
  return [N, r, p].every(Number.isSafeInteger) && 128 * N * r < memoryMax && p >= 1 && p <= 4;
}

async function hashOf(pin: string, salt: Buffer, costs: typeof cost): Promise<Buffer> {
  // The same characters, whatever keyboard or clipboard they came from.
  const text = pin.normalize('NFKC');
  return await new Promise((resolve, reject) => {
    scrypt(text, salt, hashBytes, { ...costs, maxmem: memoryMax }, (error, hash) =>
      error === null ? resolve(hash) : reject(error),
    );
  });
}
