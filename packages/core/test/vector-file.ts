/** Reads the vector files in `vectors/`, which any implementation can run, and larger public sets beside the repository. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hexDecode } from '../src/base/bytes.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));

/** The parsed file. The shape is the caller's claim; the files are ours. */
export function readVectors<Shape>(name: string): Shape {
  return JSON.parse(readFileSync(`${repository}vectors/${name}`, 'utf8')) as Shape;
}

export interface WycheproofTest {
  tcId: number;
  result: 'valid' | 'invalid' | 'acceptable';
  flags: string[];
  /** All other fields: hex, but for `comment`. */
  [field: string]: unknown;
}

export interface WycheproofGroup {
  tests: WycheproofTest[];
  publicKey?: { pk: string };
}

/** Groups of a Wycheproof set, or undefined where the sets are not on this machine. */
export function readWycheproof(set: string): WycheproofGroup[] | undefined {
  const path = `${repository}../shared/vectors/wycheproof/${set}_test.json`;
  if (!existsSync(path)) return undefined;
  return (JSON.parse(readFileSync(path, 'utf8')) as { testGroups: WycheproofGroup[] }).testGroups;
}

/** Bytes of a field that must be hex. */
export function fromHex(value: unknown): Uint8Array {
  const bytes = typeof value === 'string' ? hexDecode(value) : undefined;
  if (bytes === undefined) throw new TypeError(`not hex: ${String(value)}`);
  return bytes;
}
