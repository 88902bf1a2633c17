/** Goal: a KEM secret is mixed in when it is due, survives loss, crossing and a bad key, and is what it is for. */
import { describe, expect, test } from 'vitest';
import { sessionPair, type SessionPair } from '../../../test/session-pair.ts';
import type { CryptoBackend } from '../backend.ts';
import { createNativeBackend } from '../native/native-backend.ts';
import { fixedBytes, kemCiphertextBytes, kemKeyBytes } from './frame.ts';
import { paddedSizes } from './padding.ts';
import { mixingMessages, mixingMs, Session } from './session.ts';

const native = createNativeBackend();
const text = Uint8Array.of(104, 105);
const week = 2_900;
/** Envelope, header, nonce, tag and the smallest content. */
const plainBytes = 1 + 16 + 24 + 16 + fixedBytes + 24 + 16 + paddedSizes[0]!;

describe('KEM mixing', () => {
  const carries = (envelope: Uint8Array): 'offer' | 'answer' | 'both' | 'none' => {
    const extra = envelope.length - plainBytes;
    if (extra === 0) return 'none';
    if (extra === kemKeyBytes) return 'offer';
    return extra === kemCiphertextBytes ? 'answer' : 'both';
  };

  test('after fifty messages an offer rides until the other side answers; then all begins anew', () => {
    const { crypto, initiator, responder } = sessionPair(native, 16);
    const carried: string[] = [];
    for (let index = 0; index < mixingMessages; index++) {
      const envelope = initiator.seal(crypto, text, week);
      carried.push(carries(envelope));
      responder.open(crypto, envelope, week);
    }
    expect(new Set(carried)).toEqual(new Set(['none']));
    const offers = Array.from({ length: 40 }, () => initiator.seal(crypto, text, week));
    // Number 50 is past the first sixteen of its chain: every sixteenth carries it, the 64th and the 80th.
    expect(offers.map(carries).flatMap((kind, index) => (kind === 'offer' ? [index + 50] : []))).toEqual([
      64, 80,
    ]);
    responder.open(crypto, offers[14]!, week);
    const answers = [responder.seal(crypto, text, week), responder.seal(crypto, text, week)];
    expect(answers.map(carries)).toEqual(['answer', 'answer']);
    expect(initiator.open(crypto, answers[1]!, week)).toEqual({ content: text });
    expect(initiator.open(crypto, answers[0]!, week)).toEqual({ content: text });
    for (const late of offers.slice(15))
      expect(responder.open(crypto, late, week)).toEqual({ content: text });
    const after = initiator.seal(crypto, text, week);
    expect(carries(after)).toBe('none');
    expect(responder.open(crypto, after, week)).toEqual({ content: text });
    expect(carries(responder.seal(crypto, text, week))).toBe('none');
  });

  test('after seven days an offer is due, whatever was said', () => {
    const { crypto, initiator, responder } = sessionPair(native, 17);
    const startMs = 1_700_000_000_000;
    expect(carries(initiator.seal(crypto, text, week, startMs))).toBe('none');
    expect(carries(initiator.seal(crypto, text, week, startMs + mixingMs - 1))).toBe('none');
    const offer = initiator.seal(crypto, text, week, startMs + mixingMs);
    expect(carries(offer)).toBe('offer');
    responder.open(crypto, offer, week);
    const answer = responder.seal(crypto, text, week, startMs + mixingMs);
    expect(carries(answer)).toBe('answer');
    initiator.open(crypto, answer, week);
    const later = startMs + 2 * mixingMs;
    expect(carries(initiator.seal(crypto, text, week, later))).toBe('none'); // The time begins here.
    expect(carries(initiator.seal(crypto, text, week, later + mixingMs))).toBe('offer');
  });

  test('offers that cross are both answered', () => {
    const { crypto, initiator, responder } = sessionPair(native, 18);
    const startMs = 1_700_000_000_000;
    responder.open(crypto, initiator.seal(crypto, text, week, startMs), week);
    initiator.open(crypto, responder.seal(crypto, text, week, startMs), week);
    const dueMs = startMs + mixingMs;
    const crossed = responder.seal(crypto, text, week, dueMs);
    const opening = initiator.seal(crypto, text, week, dueMs);
    expect([carries(crossed), carries(opening)]).toEqual(['offer', 'offer']);
    expect(responder.open(crypto, opening, week)).toEqual({ content: text });
    expect(initiator.open(crypto, crossed, week)).toEqual({ content: text });
    const kinds: string[] = [];
    let [from, to] = [responder, initiator];
    for (let turn = 0; turn < 5; turn++) {
      const envelope = from.seal(crypto, text, week, dueMs);
      kinds.push(carries(envelope));
      expect(to.open(crypto, envelope, week)).toEqual({ content: text });
      [from, to] = [to, from];
    }
    expect(kinds).toEqual(['both', 'answer', 'none', 'none', 'none']);
  });

  test('a thief of the whole state loses track at the mixing even if it broke X25519', () => {
    const { crypto, initiator, responder } = sessionPair(native, 19);
    const answer = answeredOffer({ crypto, initiator, responder });
    expect(carries(answer)).toBe('answer');
    // The receiver's state without the offer's seed stands for who can compute every DH.
    const damaged = initiator.encode();
    const seedAt = damaged.length - 2 - kemKeyBytes - 64;
    damaged.fill(7, seedAt, seedAt + 64);
    expect(Session.decode(native, damaged)!.open(crypto, answer, week)).toEqual({ failed: 'forged' });
    expect(initiator.open(crypto, answer, week)).toEqual({ content: text });
  });

  test('an offer that is no ML-KEM key does not end the conversation', () => {
    const { crypto, initiator, responder } = sessionPair(native, 20);
    const faulty: CryptoBackend = {
      ...native,
      mlkem768KeyPair: (seed) => ({ publicKey: new Uint8Array(kemKeyBytes).fill(255), secretKey: seed }),
    };
    const unmixed = answeredOffer({ crypto: { ...crypto, backend: faulty }, initiator, responder });
    expect(carries(unmixed)).toBe('none');
    expect(initiator.open(crypto, unmixed, week)).toEqual({ content: text });
  });
});

/** The initiator alone sees seven days pass and offers; what the responder seals next. */
function answeredOffer({ crypto, initiator, responder }: Omit<SessionPair, 'start'>): Uint8Array {
  responder.open(crypto, initiator.seal(crypto, text, week, 0), week);
  initiator.open(crypto, responder.seal(crypto, text, week), week);
  responder.open(crypto, initiator.seal(crypto, text, week, mixingMs), week);
  return responder.seal(crypto, text, week);
}
