import { bech32m } from '@scure/base';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { damagedBytes, fuzzCases } from '../../../test/damaged-bytes.ts';
import { concat, hex } from '../../base/bytes.ts';
import { encodeCbor } from '../../base/cbor.ts';
import { seededKeySource, seededRandom } from '../../base/random.ts';
import { H, suite } from '../hash.ts';
import { addDevice, createPerson, rotateRoot } from '../identity/identity.ts';
import { labels } from '../labels.ts';
import { createNativeBackend } from '../native/native-backend.ts';
import { sign } from '../sign.ts';
import {
  type Card,
  cardBytesMax,
  decodeCard,
  decodeLink,
  encodeLink,
  linkLengthMax,
  makeCard,
} from './card.ts';

const backend = createNativeBackend();
const crypto = { backend, keys: seededKeySource(seededRandom(1)) };
const alice = createPerson(crypto, { seq: 1_000, deviceName: 'first device' });
const mallory = createPerson(crypto, { seq: 1_000, deviceName: 'first device' });

type Content = Parameters<typeof makeCard>[2];

function cardOf(person: typeof alice, change: Partial<Content> = {}): Card {
  return makeCard(backend, person.root, {
    person: person.identity.person,
    chain: person.identity.chain,
    intakeSecret: new Uint8Array(32).fill(7),
    expiresWallMs: 1_800_000_000_000,
    hints: [],
    token: undefined,
    oneTimePrekey: undefined,
    ...change,
  });
}

const plain = cardOf(alice);
const once = cardOf(alice, {
  hints: ['/ip4/192.0.2.7/tcp/4001', '/dns4/example.org/tcp/443/wss'],
  token: new Uint8Array(32).fill(8),
  oneTimePrekey: { id: new Uint8Array(8).fill(9), publicKey: new Uint8Array(32).fill(10) },
});
const bundle = new Uint8Array(1_300).fill(11);
const link = encodeLink(backend, { card: once, identity: alice.identity, bundle });

describe('a card', () => {
  test('comes back from the wire with all its parts', () => {
    for (const card of [plain, once]) expect(decodeCard(backend, card.bytes)).toEqual(card);
    expect(plain.person).toBe(alice.identity.person);
    expect(plain.rootKey).toEqual(alice.identity.rootKey);
    expect(plain.bytes.length).toBeLessThan(250); // Fits a printed code (docs/protocol/card.md).
    expect(once.bytes.length).toBeLessThan(600);
  });

  test('of a person whose root key rotated is signed by the new one', () => {
    const { recovery } = alice.root;
    const rotated = rotateRoot(crypto, { identity: alice.identity, recovery, keep: [], seq: 2_000 })!;
    const card = cardOf({ ...alice, ...rotated });
    expect(decodeCard(backend, card.bytes)!.person).toBe(alice.identity.person);
    // The old root key signs no card of the new chain.
    expect(() => cardOf({ ...alice, identity: rotated.identity })).toThrow('a card just made verifies');
  });

  test.each([
    ['three hints', { hints: ['/a', '/b', '/c'] }],
    ['a hint too long', { hints: [`/${'a'.repeat(128)}`] }],
    ['a hint with a shell’s characters', { hints: ['/ip4/192.0.2.7/tcp/4001; rm'] }],
    ['a hint with a terminal escape', { hints: ['/ip4/\u001b[2J'] }],
    ['a hint that is no multiaddr', { hints: ['192.0.2.7'] }],
    ['a short intake secret', { intakeSecret: new Uint8Array(31) }],
    ['a long token', { token: new Uint8Array(33) }],
    ['a long prekey id', { oneTimePrekey: { id: new Uint8Array(9), publicKey: new Uint8Array(32) } }],
    ['a short prekey', { oneTimePrekey: { id: new Uint8Array(8), publicKey: new Uint8Array(31) } }],
    ['an expiry before the epoch', { expiresWallMs: -1 }],
    ['another person', { person: mallory.identity.person }],
    ['no chain', { chain: [] }],
  ] satisfies [string, Partial<Content>][])('is not made with %s', (_, change) => {
    expect(() => cardOf(alice, change)).toThrow('broken invariant');
  });

  test('is not made in another’s name', () => {
    expect(() => cardOf({ ...mallory, identity: alice.identity })).toThrow('a card just made verifies');
  });

  test('every byte counts', () => {
    for (let at = 0; at < once.bytes.length; at++) {
      const changed = Uint8Array.from(once.bytes);
      changed[at]! ^= 1 << (at % 8);
      expect(decodeCard(backend, changed), `byte ${at}`).toBeUndefined();
    }
  });

  test('no damage makes a card that was not signed', () => {
    const samples = [plain, once, cardOf(mallory)];
    const known = new Set(samples.map((card) => hex(card.bytes)));
    let taken = 0;
    fc.assert(
      fc.property(damagedBytes(samples.map((card) => card.bytes)), (bytes) => {
        if (decodeCard(backend, bytes) === undefined) return;
        taken++;
        expect(known).toContain(hex(bytes));
      }),
      { numRuns: fuzzCases },
    );
    expect(taken).toBeGreaterThan(0);
  });

  test('is no longer than its bound, whatever it holds', () => {
    expect(decodeCard(backend, new Uint8Array(cardBytesMax + 1))).toBeUndefined();
    let { root, identity } = alice;
    for (let count = 1; count < 12; count++) {
      const parts = { identity, recovery: root.recovery, keep: [], seq: 2 ** 50 };
      ({ root, identity } = rotateRoot(crypto, parts)!);
    }
    const longest = cardOf(
      { ...alice, root, identity },
      {
        ...once,
        person: identity.person,
        chain: identity.chain,
        hints: [1, 2].map(() => `/${'a'.repeat(127)}`),
      },
    );
    expect(longest.bytes.length).toBeLessThanOrEqual(cardBytesMax);
  });
});

describe('a link', () => {
  test('brings card, identity and bundle', () => {
    expect(decodeLink(backend, link)).toEqual({ ok: true, card: once, identity: alice.identity, bundle });
    const alone = encodeLink(backend, { card: plain, identity: undefined, bundle: undefined });
    const nothing = { identity: undefined, bundle: undefined };
    expect(decodeLink(backend, alone)).toEqual({ ok: true, card: plain, ...nothing });
    expect(alone.length).toBeLessThan(430);
  });

  test('may be in upper case, as a QR code has it, and stand in white space', () => {
    expect(decodeLink(backend, link.toUpperCase()).ok).toBe(true);
    expect(decodeLink(backend, `\n  ${link}\t\r\n`).ok).toBe(true);
  });

  test.each(['lower', 'upper'])('in %s case with one wrong character is always refused', (letters) => {
    const small = encodeLink(backend, { card: plain, identity: undefined, bundle: undefined });
    const alone = letters === 'lower' ? small : small.toUpperCase();
    const characters =
      '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ:/?=-_.~%&#+ \u00e9\u212a\u0130';
    for (let at = 0; at < alone.length; at++) {
      for (const character of characters) {
        if (character === alone[at]) continue;
        const wrong = alone.slice(0, at) + character + alone.slice(at + 1);
        expect(decodeLink(backend, wrong).ok, `${character} at ${at}`).toBe(false);
      }
    }
  });

  test('with one wrong character is refused at every position of a long one too', () => {
    for (let at = 0; at < link.length; at++) {
      const character = link[at] === 'q' ? 'p' : 'q';
      const wrong = link.slice(0, at) + character + link.slice(at + 1);
      expect(decodeLink(backend, wrong).ok, `${character} at ${at}`).toBe(false);
      if (at % 16 !== 0) continue; // A long link takes its time.
      expect(decodeLink(backend, link.slice(0, at) + link.slice(at + 1)).ok, `without ${at}`).toBe(false);
      expect(decodeLink(backend, link.slice(0, at) + link[at] + link.slice(at)).ok, `twice ${at}`).toBe(
        false,
      );
    }
  });

  test('with two wrong characters far apart is refused, which the checksum alone would not promise', () => {
    const places = fc.tuple(
      fc.nat(),
      fc.nat(),
      fc.constantFrom('q', 'p', 'z', 'r', 'y', '9'),
      fc.constantFrom('g', 'f', '2', 't', 'v', 'd'),
    );
    const start = link.indexOf('1') + 1;
    fc.assert(
      fc.property(places, ([first, second, a, b]) => {
        const characters = [...link];
        characters[start + (first % (link.length - start))] = a;
        characters[start + (second % (link.length - start))] = b;
        const wrong = characters.join('');
        if (wrong !== link) expect(decodeLink(backend, wrong)).toEqual({ ok: false, reason: 'damaged' });
      }),
      { numRuns: 1_000 },
    );
  });

  /** A link of any content, with checksum and hash as they should be. */
  function linkOf(version: number, content: Uint8Array, prefix = 'kithcard'): string {
    const body = concat(Uint8Array.of(version), content);
    const payload = concat(body, H(backend, labels.link, body).subarray(0, 8));
    return `mesh://add?p=${bech32m.encode(prefix, bech32m.toWords(payload), false)}`;
  }

  test('says what is wrong with it', () => {
    const content = encodeCbor([plain.bytes, null, null]);
    expect(decodeLink(backend, linkOf(1, content)).ok).toBe(true);
    expect(decodeLink(backend, linkOf(2, Uint8Array.of(1, 2, 3)))).toEqual({ ok: false, reason: 'newer' });
    expect(decodeLink(backend, linkOf(0, content))).toEqual({ ok: false, reason: 'damaged' });
    expect(decodeLink(backend, linkOf(1, content, 'kith'))).toEqual({ ok: false, reason: 'damaged' });
    expect(decodeLink(backend, link.slice(0, 100))).toEqual({ ok: false, reason: 'damaged' });
    const trailing = concat(content, Uint8Array.of(0));
    expect(decodeLink(backend, linkOf(1, trailing))).toEqual({ ok: false, reason: 'damaged' });
    for (const text of ['', 'https://example.org/', alice.identity.person, 'mesh://join?p=x', '\u0000']) {
      expect(decodeLink(backend, text)).toEqual({ ok: false, reason: 'not-a-card' });
    }
  });

  test('never brings an identity that is not the card’s', () => {
    const { recovery } = alice.root;
    const rotated = rotateRoot(crypto, {
      identity: alice.identity,
      recovery,
      keep: [],
      seq: 2_000,
    })!.identity;
    const damaged = Uint8Array.from(alice.identity.bytes).fill(0, 200, 210);
    for (const identity of [mallory.identity.bytes, rotated.bytes, damaged]) {
      const text = linkOf(1, encodeCbor([plain.bytes, identity, null]));
      expect(decodeLink(backend, text)).toEqual({ ok: false, reason: 'damaged' });
    }
    const more = addDevice(crypto, { ...alice, deviceName: 'second', seq: 2 })!.identity;
    expect(decodeLink(backend, linkOf(1, encodeCbor([plain.bytes, more.bytes, null]))).ok).toBe(true);
  });

  test('leaves identity and bundle out rather than grow too long, and nothing longer is read', () => {
    const huge = encodeLink(backend, {
      card: plain,
      identity: alice.identity,
      bundle: new Uint8Array(5_000),
    });
    expect(decodeLink(backend, huge)).toMatchObject({ ok: true, identity: undefined, bundle: undefined });
    const full = linkOf(1, encodeCbor([plain.bytes, null, new Uint8Array(4_096)]));
    expect(full.length).toBeLessThanOrEqual(linkLengthMax);
    expect(decodeLink(backend, full).ok).toBe(true);
    const long = linkOf(1, encodeCbor([plain.bytes, null, new Uint8Array(4_097)]));
    expect(decodeLink(backend, long)).toEqual({ ok: false, reason: 'damaged' });
    expect(decodeLink(backend, `mesh://add?p=${'q'.repeat(linkLengthMax)}`).ok).toBe(false);
    expect(decodeLink(backend, ' '.repeat(10_000_000)).ok).toBe(false);
  });

  test('any text is taken or refused, never thrown at', () => {
    const contents = damagedBytes([
      encodeCbor([once.bytes, alice.identity.bytes, bundle.subarray(0, 20)]),
      encodeCbor([plain.bytes, null, null]),
    ]);
    const texts = fc.oneof(
      { weight: 3, arbitrary: contents.map((content) => linkOf(1, content)) },
      fc.string({ unit: 'binary', maxLength: 100 }),
      fc.string({ maxLength: 60 }).map((text) => `mesh://add?p=${text}`),
      fc.tuple(fc.nat(), fc.string({ maxLength: 4 })).map(([at, text]) => {
        const place = at % link.length;
        return link.slice(0, place) + text + link.slice(place + text.length);
      }),
    );
    const cards = new Set([plain, once].map((card) => hex(card.bytes)));
    let taken = 0;
    fc.assert(
      fc.property(texts, (text) => {
        const decoded = decodeLink(backend, text);
        if (!decoded.ok) return;
        taken++;
        expect(cards).toContain(hex(decoded.card.bytes));
      }),
      { numRuns: fuzzCases },
    );
    expect(taken).toBeGreaterThan(0);
  });

  test('a card of a later version inside is damage, not a guess', () => {
    const body = encodeCbor([2, suite, alice.identity.chain, new Uint8Array(32), 1, [], null, null]);
    const card = encodeCbor([body, sign(backend, labels.card, body, alice.root.current.secretKey)]);
    expect(decodeLink(backend, linkOf(1, encodeCbor([card, null, null]))).ok).toBe(false);
  });
});
