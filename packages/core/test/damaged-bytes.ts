/**
 * Hostile inputs for decoders, made from valid ones: bytes changed, cut, added and exchanged, and, one level up,
 * CBOR nodes replaced, dropped, doubled and moved at any depth, also inside byte strings that hold CBOR.
 */
import fc from 'fast-check';
import { concat } from '../src/base/bytes.ts';
import { type CborValue, decodeCbor, encodeCbor } from '../src/base/cbor.ts';

/** Cases a decoder is fuzzed with; `FUZZ_CASES` in the environment says otherwise. */
export const fuzzCases: number = Number(process.env['FUZZ_CASES'] ?? 20_000);

/** Arbitrary bytes that resemble the samples; now and then a sample itself. */
export function damagedBytes(samples: Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const sample = fc.constantFrom(...samples);
  const changes = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 3 });
  const changed = fc.tuple(sample, changes).map(([bytes, list]) => {
    const copy = Uint8Array.from(bytes);
    for (const [at, byte] of list) copy[at % copy.length] = byte;
    return copy;
  });
  const cut = fc.tuple(sample, fc.nat()).map(([bytes, at]) => bytes.slice(0, at % bytes.length));
  const longer = fc.tuple(sample, fc.uint8Array({ maxLength: 40 })).map((parts) => concat(...parts));
  const spliced = fc
    .tuple(sample, sample, fc.nat(), fc.nat())
    .map(([a, b, i, j]) => concat(a.slice(0, i % a.length), b.slice(j % b.length)));
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(sample, sample, fc.nat(), fc.nat(), change).map((each) => replaced(...each)),
    },
    { weight: 2, arbitrary: changed },
    cut,
    longer,
    spliced,
    fc.uint8Array({ maxLength: 200 }),
  );
}

/** What becomes of a node: gone, twice, another's in its place, or a new value. */
type Change = { how: 'drop' | 'double' | 'other' } | { how: 'put'; value: CborValue };

const value: fc.Arbitrary<CborValue> = fc.oneof(
  fc.constantFrom<CborValue[]>(
    null,
    true,
    0,
    1,
    2,
    -1,
    255,
    2 ** 32,
    Number.MAX_SAFE_INTEGER,
    '',
    'name',
    [],
  ),
  fc.uint8Array({ maxLength: 70 }),
  fc.constantFrom(8, 16, 31, 32, 33, 64).map((length) => new Uint8Array(length)),
);

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.constantFrom<Change[]>({ how: 'drop' }, { how: 'double' }, { how: 'other' }, { how: 'other' }),
  value.map((each): Change => ({ how: 'put', value: each })),
);

/** An array; `wrapped`: it stood as a byte string. */
interface Branch {
  wrapped: boolean;
  items: Opened[];
}
type Opened = Branch | null | boolean | number | string | Uint8Array;
interface Place {
  branch: Branch;
  index: number;
}

/** `bytes` with one node replaced, by a node of `other` where the change says so. */
// oxlint-disable-next-line max-params -- the parts of one tuple
function replaced(
  bytes: Uint8Array,
  other: Uint8Array,
  at: number,
  otherAt: number,
  what: Change,
): Uint8Array {
  const tree = open(decodeCbor(bytes) ?? null);
  const places = placesOf(tree);
  const place = places[at % places.length];
  if (place === undefined) return bytes;
  const { branch, index } = place;
  const node = branch.items[index]!;
  if (what.how === 'drop') branch.items.splice(index, 1);
  else if (what.how === 'double') branch.items.splice(index, 0, node);
  else if (what.how === 'put') branch.items[index] = open(what.value);
  else {
    const otherPlaces = placesOf(open(decodeCbor(other) ?? null));
    const from = otherPlaces[otherAt % otherPlaces.length];
    branch.items[index] = from?.branch.items[from.index] ?? null;
  }
  return encodeCbor(close(tree));
}

function open(value: CborValue): Opened {
  if (value instanceof Uint8Array) {
    const inner = decodeCbor(value);
    return Array.isArray(inner) ? { wrapped: true, items: inner.map(open) } : value;
  }
  if (Array.isArray(value)) return { wrapped: false, items: value.map(open) };
  return value instanceof Map ? null : value;
}

function close(value: Opened): CborValue {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value;
  const items = value.items.map(close);
  return value.wrapped ? encodeCbor(items) : items;
}

function placesOf(value: Opened): Place[] {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return [];
  return value.items.flatMap((item, index) => [{ branch: value, index }, ...placesOf(item)]);
}
