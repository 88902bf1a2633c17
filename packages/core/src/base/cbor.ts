/**
 * Deterministic CBOR (RFC 8949 §4.2.1) with a strict decoder. Everything that is signed, hashed or sent as a
 * structure passes through here, so one value has exactly one encoding and one encoding exactly one value.
 *
 * Allowed: null, booleans, integers of ±(2^53 − 1), byte strings, well-formed text, arrays, maps with text keys.
 * Never: floats, undefined, tags, indefinite lengths, integers in a longer form, keys out of order or twice,
 * bytes after the value. The decoder never throws, whatever comes in, and is linear in the input's length.
 */
import { decode, encode, rfc8949EncodeOptions } from 'cborg';
import { bytesEqual } from './bytes.ts';
import { invariant } from './invariant.ts';

export type CborValue = null | boolean | number | string | Uint8Array | CborValue[] | Map<string, CborValue>;

/** The deepest nesting of arrays and maps; a bare value has depth 0. */
export const cborDepthMax = 8;
/** The longest input that is looked at at all. */
export const cborBytesMax = 65_536;

export interface CborLimits {
  /** At most {@link cborBytesMax}. */
  bytesMax: number;
}

/**
 * The one encoding of a value. Values outside the allowed set are a programmer's error and throw.
 *
 * @example encodeCbor([1, 'a', Uint8Array.of(7)]) // 83 01 61 61 41 07
 */
export function encodeCbor(value: CborValue): Uint8Array {
  invariant(isEncodable(value, 0), 'only the allowed CBOR values are encoded');
  return encode(value, rfc8949EncodeOptions);
}

/**
 * The value of canonical bytes, or undefined. Byte strings in the value are copies: they do not alias `bytes`.
 * Callers check types and bounds of every field themselves.
 */
export function decodeCbor(bytes: Uint8Array, limits?: CborLimits): CborValue | undefined {
  if (bytes.length > Math.min(limits?.bytesMax ?? cborBytesMax, cborBytesMax)) return undefined;
  // The library recurses without a bound of its own, so shape and depth are checked before it runs.
  if (!isWellShaped(bytes)) return undefined;
  let value: CborValue;
  try {
    value = decode(bytes, decodeOptions) as CborValue;
  } catch {
    return undefined;
  }
  if (!isEncodable(value, 0)) return undefined; // Keys that are not text.
  // Catches what else the library lets pass: keys out of order, and text that is not well-formed UTF-8.
  return bytesEqual(encode(value, rfc8949EncodeOptions), bytes) ? value : undefined;
}

const decodeOptions = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  allowBigInt: false,
  useMaps: true,
  rejectDuplicateMapKeys: true,
};

const major = { uint: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5 } as const;

/** Whether the bytes are exactly one value of the allowed major types, no deeper than {@link cborDepthMax}. */
function isWellShaped(bytes: Uint8Array): boolean {
  // Items still expected at each open level; the outermost expects one.
  const expected = [1];
  let offset = 0;
  while (expected.length > 0) {
    if (expected.at(-1) === 0) {
      expected.pop();
      continue;
    }
    const head = readHead(bytes, offset);
    if (head === undefined) return false;
    expected[expected.length - 1]! -= 1;
    offset = head.next;
    if (head.type === major.bytes || head.type === major.text) offset += head.argument;
    if (head.type === major.array || head.type === major.map) {
      const items = head.type === major.map ? head.argument * 2 : head.argument;
      if (items > bytes.length - offset || expected.length > cborDepthMax) return false;
      expected.push(items);
    }
    if (offset > bytes.length) return false;
  }
  return offset === bytes.length;
}

/** Type, argument and end of the head at `offset`; undefined where it is cut off or of a refused type. */
function readHead(
  bytes: Uint8Array,
  offset: number,
): { type: number; argument: number; next: number } | undefined {
  const first = bytes[offset];
  if (first === undefined) return undefined;
  const type = first >>> 5;
  const short = first & 31;
  // Of the simple values only false (20), true (21) and null (22) are allowed.
  if (type > major.map)
    return first >= 0xf4 && first <= 0xf6 ? { type, argument: 0, next: offset + 1 } : undefined;
  if (short < 24) return { type, argument: short, next: offset + 1 };
  if (short > 27) return undefined;
  const length = 2 ** (short - 24);
  if (offset + 1 + length > bytes.length) return undefined;
  let argument = 0;
  for (let index = 1; index <= length; index++) argument = argument * 256 + bytes[offset + index]!;
  return { type, argument, next: offset + 1 + length };
}

function isEncodable(value: CborValue, depth: number): boolean {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return true;
  if (typeof value === 'number') return Number.isSafeInteger(value) && !Object.is(value, -0);
  if (value instanceof Uint8Array) return true;
  if (depth >= cborDepthMax) return false;
  if (Array.isArray(value)) return value.every((item) => isEncodable(item, depth + 1));
  if (!(value instanceof Map)) return false;
  for (const [key, item] of value) {
    if (typeof key !== 'string' || !isEncodable(item, depth + 1)) return false;
  }
  return true;
}
