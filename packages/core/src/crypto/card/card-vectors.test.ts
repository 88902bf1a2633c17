/** vectors/card.json, with both backends. */
import { describe, expect, test } from 'vitest';
import { fromHex, readVectors } from '../../../test/vector-file.ts';
import { hex } from '../../base/bytes.ts';
import type { DeviceId, PeerId } from '../../base/ids.ts';
import { decodeIdentity } from '../identity/identity.ts';
import { createNativeBackend } from '../native/native-backend.ts';
import { createPortableBackend } from '../portable/portable-backend.ts';
import { type Card, decodeCard, decodeLink, encodeLink, makeCard } from './card.ts';
import { signIntroduction, verifyIntroduction } from './introduction.ts';
import { intakeEnvelopeKey, intakeRecognitionKey, intakeTag, pairRecognitionKey, tokenId } from './intake.ts';

interface CardVector {
  name: string;
  intakeSecret: string;
  expiresWallMs: number;
  hints: string[];
  token: string | null;
  oneTimePrekey: { id: string; publicKey: string } | null;
  bytes: string;
}

interface IntroductionVector {
  hue: number | null;
  name: string;
  speaker: PeerId;
  listener: PeerId;
  speakerNonce: string;
  listenerNonce: string;
  card: string;
  signature: string;
}

const vectors = readVectors<{
  cards: CardVector[];
  links: { name: string; card: string; identity: string | null; bundle: string | null; link: string }[];
  refusedCards: { name: string; bytes: string }[];
  refusedLinks: { reason: string; link: string }[];
  intake: { intakeSecret: string; week: number; tag: string; envelopeKey: string }[];
  recognition: {
    intakeSecret: string;
    intakeKey: string;
    devices: [DeviceId, DeviceId];
    agreement: [string, string];
    pairKey: string;
  };
  token: { token: string; id: string };
  introductions: IntroductionVector[];
}>('card.json');
const { alice } = readVectors<{
  persons: { alice: { keyMaterial: { root: string }; identity: { bytes: string } } };
}>('identity.json').persons;

const backends = [createNativeBackend(), await createPortableBackend()];

describe.each(backends)('$name backend', (backend) => {
  const identity = decodeIdentity(backend, fromHex(alice.identity.bytes))!;
  const root = { current: backend.ed25519KeyPair(fromHex(alice.keyMaterial.root)) };
  const bytesOf = (text: string | null): Uint8Array | undefined =>
    text === null ? undefined : fromHex(text);

  function cardOf(vector: CardVector): Card {
    const { expiresWallMs, hints, oneTimePrekey: prekey } = vector;
    return makeCard(backend, root, {
      person: identity.person,
      chain: identity.chain,
      intakeSecret: fromHex(vector.intakeSecret),
      expiresWallMs,
      hints,
      token: bytesOf(vector.token),
      oneTimePrekey:
        prekey === null ? undefined : { id: fromHex(prekey.id), publicKey: fromHex(prekey.publicKey) },
    });
  }

  test.each(vectors.cards)('card: $name', (vector) => {
    const card = cardOf(vector);
    expect(hex(card.bytes)).toBe(vector.bytes);
    expect(decodeCard(backend, fromHex(vector.bytes))).toEqual(card);
  });

  test.each(vectors.links)('link: $name', (vector) => {
    const card = cardOf(vectors.cards.find((each) => each.name === vector.card)!);
    const parts = {
      card,
      identity: vector.identity === null ? undefined : identity,
      bundle: bytesOf(vector.bundle),
    };
    expect(encodeLink(backend, parts)).toBe(vector.link);
    expect(decodeLink(backend, vector.link)).toEqual({ ok: true, ...parts });
  });

  test.each(vectors.refusedCards)('refused card: $name', ({ bytes }) => {
    expect(decodeCard(backend, fromHex(bytes))).toBeUndefined();
  });

  test.each(vectors.refusedLinks)('refused link: $reason', ({ reason, link }) => {
    expect(decodeLink(backend, link)).toEqual({ ok: false, reason });
  });

  test.each(vectors.introductions)('introduction of $name', (vector) => {
    const { speaker, listener, name, hue: given } = vector;
    const hue = given ?? undefined;
    const nonces = {
      speakerNonce: fromHex(vector.speakerNonce),
      listenerNonce: fromHex(vector.listenerNonce),
    };
    const what = { ...nonces, speaker, listener, hue, name, card: fromHex(vector.card) };
    const signature = fromHex(vector.signature);
    expect(hex(signIntroduction(backend, root, what))).toBe(vector.signature);
    const card = decodeCard(backend, what.card)!;
    const holds = (change: object): boolean =>
      verifyIntroduction(backend, card, { ...what, signature, ...change });
    expect(holds({})).toBe(true);
    // Whatever is said is covered, and so is the link it is said on.
    const bent = [
      { speaker: listener, listener: speaker },
      { speaker: `${speaker}x` },
      { listener: `${listener}x` },
      { speakerNonce: nonces.listenerNonce, listenerNonce: nonces.speakerNonce },
      { hue: 3 },
      { name: `${name}.` },
      { card: Uint8Array.of(...what.card, 0) },
      { signature: signature.map((byte, index) => (index === 0 ? byte ^ 1 : byte)) },
    ];
    for (const each of bent) expect(holds(each)).toBe(false);
  });

  test('tags and keys', () => {
    for (const { intakeSecret, week, tag, envelopeKey } of vectors.intake) {
      expect(hex(intakeTag(backend, fromHex(intakeSecret), week))).toBe(tag);
      expect(hex(intakeEnvelopeKey(backend, fromHex(intakeSecret), week))).toBe(envelopeKey);
    }
    const { intakeSecret, intakeKey, devices, agreement, pairKey } = vectors.recognition;
    expect(hex(intakeRecognitionKey(backend, fromHex(intakeSecret)))).toBe(intakeKey);
    const [one, other] = agreement.map((each, index) => {
      const pair = backend.x25519KeyPair(fromHex(each));
      return { device: devices[index]!, agreement: pair, agreementKey: pair.publicKey };
    });
    expect(hex(pairRecognitionKey(backend, one!, other!)!)).toBe(pairKey);
    expect(hex(pairRecognitionKey(backend, other!, one!)!)).toBe(pairKey);
    expect(hex(tokenId(backend, fromHex(vectors.token.token)))).toBe(vectors.token.id);
  });
});
