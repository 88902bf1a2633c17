import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzzCases } from '../../../test/damaged-bytes.ts';
import { parsePersonId, personIdBytes, personIdText } from './person-id.ts';

const hash = Uint8Array.from({ length: 32 }, (_, index) => index * 7);
const id = personIdText(hash);

test('an id and its bytes are one', () => {
  expect(id).toHaveLength(63);
  expect(personIdBytes(id)).toEqual(hash);
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
      expect(personIdBytes(personIdText(bytes))).toEqual(bytes);
    }),
    { numRuns: 300 },
  );
});

test('takes upper case and white space around it', () => {
  expect(parsePersonId(` \n${id}\t`)).toBe(id);
  expect(parsePersonId(id.toUpperCase())).toBe(id);
});

test('refuses every single wrong character, one too many and one too few', () => {
  const characters = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ -_ı\u212a';
  const upper = id.toUpperCase();
  for (let at = 0; at < id.length; at++) {
    for (const character of characters) {
      const wrongUpper = upper.slice(0, at) + character + upper.slice(at + 1);
      if (wrongUpper !== upper) expect(parsePersonId(wrongUpper)).toBeUndefined();
      if (character === id[at]) continue;
      expect(parsePersonId(id.slice(0, at) + character + id.slice(at + 1))).toBeUndefined();
      const longer = id.slice(0, at) + character + id.slice(at);
      expect(parsePersonId(longer)).toBe(longer.trim() === id ? id : undefined);
    }
    expect(parsePersonId(id.slice(0, at) + id.slice(at + 1))).toBeUndefined();
  }
});

test('any text is taken or refused', () => {
  const near = fc.tuple(fc.nat({ max: 62 }), fc.string({ maxLength: 3 })).map(([at, text]) => {
    return id.slice(0, at) + text + id.slice(at + text.length);
  });
  fc.assert(
    fc.property(fc.oneof(fc.string({ maxLength: 100 }), near), (text) => {
      const parsed = parsePersonId(text);
      if (parsed !== undefined) expect(parsed).toBe(text.trim().toLowerCase());
    }),
    { numRuns: fuzzCases },
  );
});
