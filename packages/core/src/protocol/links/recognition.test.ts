/**
 * Goal: two ends of a link recognise each other exactly when they share a key, and nobody in between, before
 * or beside them gains anything by passing on, mirroring, repeating or guessing.
 * Method: two recognitions joined by hand, so that every frame can be looked at and bent on its way.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hex, hexDecode, utf8 } from '../../base/bytes.ts';
import type { PeerId } from '../../base/ids.ts';
import { seededKeySource, seededRandom } from '../../base/random.ts';
import type { Crypto } from '../../crypto/crypto.ts';
import { createNativeBackend } from '../../crypto/native/native-backend.ts';
import type { ConfirmFrame } from '../../wire/confirm.ts';
import type { RecogniseFrame } from '../../wire/recognise.ts';
import { Acquaintances, listedMax, type Recognisable } from './acquaintances.ts';
import { Recognition } from './recognition.ts';

const backend = createNativeBackend();

/** One end of a link. */
interface End {
  recognition: Recognition;
  acquaintances: Acquaintances;
}

const cryptos = new Map<string, Crypto>();

function cryptoOf(name: string): Crypto {
  const seed = utf8(name).reduce((sum, byte) => sum * 31 + byte, 7);
  const crypto = cryptos.get(name) ?? { backend, keys: seededKeySource(seededRandom(seed)) };
  cryptos.set(name, crypto);
  return crypto;
}

const key = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
const contact = (id: string, fill: number): Recognisable => ({
  id,
  key: key(fill),
  lists: true,
  checks: true,
});
const nonceOf = (name: string): Uint8Array => new Uint8Array(32).fill(name.charCodeAt(0));

/** The end of `self` on a link to `remote`; nonces are those of the hellos it sent and got. */
function end(
  self: string,
  remote: string,
  entries: Recognisable[],
  nonces: { self: Uint8Array; remote: Uint8Array } = { self: nonceOf(self), remote: nonceOf(remote) },
): End {
  const acquaintances = new Acquaintances();
  acquaintances.replace(entries);
  const context = {
    self: self as PeerId,
    remote: remote as PeerId,
    selfNonce: nonces.self,
    remoteNonce: nonces.remote,
  };
  return { recognition: new Recognition(cryptoOf(self), context), acquaintances };
}

function list(lister: End): RecogniseFrame {
  return lister.recognition.list(lister.acquaintances);
}

/** The lister's list goes to the checker. @returns what each of the two recognises by it. */
function meet(lister: End, checker: End): { lister: string[]; checker: string[] } {
  const seen = { lister: [] as string[], checker: [] as string[] };
  for (const hit of checker.recognition.receive(list(lister), checker.acquaintances)) {
    const first = lister.recognition.confirm(hit, lister.acquaintances);
    if (first.is !== 'recognised' || first.answer === undefined) continue;
    seen.lister.push(first.id);
    const second = checker.recognition.confirmed(first.answer, checker.acquaintances);
    if (second.is === 'recognised') seen.checker.push(second.id);
  }
  return seen;
}

test('contacts recognise each other, in either direction, each by the name it has for the other', () => {
  const anna = end('anna', 'ben', [contact('ben', 1), contact('cleo', 2)]);
  const ben = end('ben', 'anna', [contact('dora', 3), contact('anna', 1)]);
  expect(meet(anna, ben)).toEqual({ lister: ['ben'], checker: ['anna'] });
  expect(meet(ben, anna)).toEqual({ lister: ['anna'], checker: ['ben'] });
});

test('who only lists and who only checks recognise each other in that direction alone', () => {
  const holder = end('anna', 'ben', [{ id: 'card of ben', key: key(1), lists: true, checks: false }]);
  const owner = end('ben', 'anna', [{ id: 'intake', key: key(1), lists: false, checks: true }]);
  expect(meet(holder, owner)).toEqual({ lister: ['card of ben'], checker: ['intake'] });
  expect(meet(owner, holder)).toEqual({ lister: [], checker: [] });
});

test('every listed entry is found, up to 1,024 of them, at a place that says nothing', () => {
  const places: number[] = [];
  for (const count of [1, 64, 65, 1_024]) {
    const entries = Array.from({ length: count }, (_, number): Recognisable => {
      const own = new Uint8Array(32).fill(1);
      own.set([number >>> 8, number & 255]);
      return { id: `entry ${number}`, key: own, lists: true, checks: true };
    });
    const lister = end('anna', 'ben', entries);
    const frame = list(lister);
    expect(frame.entries.length / 8).toBe(Math.max(64, 2 ** Math.ceil(Math.log2(count))));
    for (const entry of entries) {
      const checker = end('ben', 'anna', [entry]);
      const hits = checker.recognition.receive(frame, checker.acquaintances);
      expect(hits.length, entry.id).toBe(1);
      const result = lister.recognition.confirm(hits[0]!, lister.acquaintances);
      expect(result).toMatchObject({ is: 'recognised', id: entry.id });
      if (count === 64) places.push(hits[0]!.index);
    }
  }
  expect(new Set(places).size).toBe(64);
  const kept = places.filter((place, number) => place === number).length;
  expect(kept, 'entries stand in another order than they came').toBeLessThan(8);
});

test('beyond 1,024 listed entries the first are listed, and the caller is told', () => {
  const acquaintances = new Acquaintances();
  const entries = Array.from({ length: listedMax + 3 }, (_, number) =>
    contact(`entry ${number}`, number & 255),
  );
  const { unlisted } = acquaintances.replace(entries);
  expect(unlisted).toBe(3);
  expect(acquaintances.listed.map(({ id }) => id)).toEqual(entries.slice(0, listedMax).map(({ id }) => id));
});

test('two lists of one link share no entry, and neither do lists with and without a contact', () => {
  const anna = end('anna', 'ben', [contact('ben', 1)]);
  const nobody = end('anna', 'ben', []);
  const seen = new Set<string>();
  const frames = [list(anna), list(anna), list(nobody)];
  for (const { entries } of frames) {
    expect(entries.length).toBe(64 * 8);
    for (let start = 0; start < entries.length; start += 8) seen.add(hex(entries.subarray(start, start + 8)));
  }
  expect(seen.size).toBe(3 * 64);
});

test('a node between two contacts that passes every frame on brings about nothing', () => {
  // Mallory has a link to each of them under its own network id, and passes the hellos on as well.
  const entries = [contact('other', 1)];
  const toMallory = end('anna', 'mallory', entries, { self: nonceOf('anna'), remote: nonceOf('ben') });
  const fromMallory = end('ben', 'mallory', entries, { self: nonceOf('ben'), remote: nonceOf('anna') });
  expect(meet(toMallory, fromMallory)).toEqual({ lister: [], checker: [] });
  expect(meet(fromMallory, toMallory)).toEqual({ lister: [], checker: [] });
  // Only the ids stop it: were they the same, the very same frames would be believed.
  const annaDirect = end('anna', 'ben', entries);
  const benDirect = end('ben', 'anna', entries);
  expect(meet(annaDirect, benDirect)).toEqual({ lister: ['other'], checker: ['other'] });
});

test('a mirror is not recognised: neither by our list nor by our proofs', () => {
  const anna = end('anna', 'mirror', [contact('ben', 1)]);
  const frame = list(anna);
  expect(anna.recognition.receive(frame, anna.acquaintances)).toEqual([]);
  // Even a mirror that was given the nonce and name of the one it reflects gets no further than its own list.
  const same = end('anna', 'anna', [contact('ben', 1)], { self: nonceOf('a'), remote: nonceOf('a') });
  const hits = same.recognition.receive(list(same), same.acquaintances);
  expect(hits.length, 'with equal names and nonces a reflected list would match').toBe(1);
  const answer = same.recognition.confirm(hits[0]!, same.acquaintances);
  if (answer.is !== 'recognised' || answer.answer === undefined) throw new Error('expected an answer');
  const bent: ConfirmFrame = { ...answer.answer, type: 'confirm' };
  expect(same.recognition.confirm(bent, same.acquaintances), 'an answer is no proof').toEqual({
    is: 'wrong',
  });
});

test('what was recorded on one link is worth nothing on another', () => {
  const anna = end('anna', 'ben', [contact('ben', 1)]);
  const ben = end('ben', 'anna', [contact('anna', 1)]);
  const frame = list(anna);
  const hit = ben.recognition.receive(frame, ben.acquaintances)[0]!;
  // The same two nodes, the same list repeated by a thief of the traffic; the nonces of the hellos are new.
  const nonces = { self: nonceOf('x'), remote: nonceOf('anna') };
  const benLater = end('ben', 'anna', [contact('anna', 1)], nonces);
  expect(benLater.recognition.receive(frame, benLater.acquaintances)).toEqual([]);
  const annaLater = end('anna', 'ben', [contact('ben', 1)], { self: nonceOf('anna'), remote: nonceOf('y') });
  list(annaLater);
  expect(annaLater.recognition.confirm(hit, annaLater.acquaintances)).toEqual({ is: 'wrong' });
});

test('a guess is wrong whether the entry was real or random, and so is a proof for another place', () => {
  const anna = end('anna', 'ben', [contact('ben', 1), contact('cleo', 2)]);
  const ben = end('ben', 'anna', [contact('anna', 1)]);
  const frame = list(anna);
  const hit = ben.recognition.receive(frame, ben.acquaintances)[0]!;
  for (let index = 0; index < 64; index++) {
    const guess: ConfirmFrame = { ...hit, index, mac: index === hit.index ? key(9) : hit.mac };
    expect(anna.recognition.confirm(guess, anna.acquaintances), `entry ${index}`).toEqual({ is: 'wrong' });
  }
  const beyond: ConfirmFrame = { ...hit, index: 64 };
  expect(anna.recognition.confirm(beyond, anna.acquaintances)).toEqual({ is: 'wrong' });
  expect(anna.recognition.confirm(hit, anna.acquaintances)).toMatchObject({ is: 'recognised' });
});

test('answers nobody asked for are wrong, and each is good once', () => {
  const anna = end('anna', 'ben', [contact('ben', 1)]);
  const ben = end('ben', 'anna', [contact('anna', 1)]);
  const early: ConfirmFrame = { type: 'confirm', round: 0, index: 0, mac: key(9) };
  expect(anna.recognition.confirm(early, anna.acquaintances)).toEqual({ is: 'wrong' });
  const hit = ben.recognition.receive(list(anna), ben.acquaintances)[0]!;
  const result = anna.recognition.confirm(hit, anna.acquaintances);
  if (result.is !== 'recognised' || result.answer === undefined) throw new Error('expected an answer');
  const { answer } = result;
  expect(ben.recognition.confirmed({ ...answer, mac: key(9) }, ben.acquaintances)).toEqual({ is: 'wrong' });
  expect(ben.recognition.confirmed(answer, ben.acquaintances)).toMatchObject({ is: 'recognised' });
  expect(ben.recognition.confirmed(answer, ben.acquaintances)).toEqual({ is: 'wrong' });
});

test('a proof for the list before the newest still counts, one for an older list is outdated', () => {
  const anna = end('anna', 'ben', [contact('ben', 1)]);
  const ben = end('ben', 'anna', [contact('anna', 1)]);
  const hit = ben.recognition.receive(list(anna), ben.acquaintances)[0]!;
  list(anna);
  expect(anna.recognition.confirm(hit, anna.acquaintances)).toMatchObject({ is: 'recognised' });
  list(anna);
  expect(anna.recognition.confirm(hit, anna.acquaintances)).toEqual({ is: 'outdated' });
});

test('an entry that was taken away is not recognised by a list that is under way', () => {
  const anna = end('anna', 'ben', [contact('ben', 1)]);
  const ben = end('ben', 'anna', [contact('anna', 1)]);
  const hit = ben.recognition.receive(list(anna), ben.acquaintances)[0]!;
  anna.acquaintances.replace([contact('ben', 2)]);
  expect(anna.recognition.confirm(hit, anna.acquaintances)).toEqual({ is: 'outdated' });
  anna.acquaintances.replace([contact('ben', 1)]);
  expect(anna.recognition.confirm(hit, anna.acquaintances)).toMatchObject({ is: 'recognised' });
});

test('a list of nothing but our own short MAC repeated is one hit', () => {
  const anna = end('anna', 'ben', [contact('ben', 1)]);
  const ben = end('ben', 'anna', [contact('anna', 1)]);
  const frame = list(anna);
  const hit = ben.recognition.receive(frame, ben.acquaintances)[0]!;
  const mac = frame.entries.slice(hit.index * 8, hit.index * 8 + 8);
  const entries = new Uint8Array(1_024 * 8).map((_, at) => mac[at % 8]!);
  const flood = ben.recognition.receive({ ...frame, entries }, ben.acquaintances);
  expect(flood.map(({ index }) => index)).toEqual([0]);
});

interface Vector {
  key: string;
  listNonce: string;
  listerNonce: string;
  checkerNonce: string;
  lister: string;
  checker: string;
  index: number;
  entry: string;
  confirm: string;
  confirmed: string;
}

test('the vectors hold: entry, confirm and confirmed, as made elsewhere', () => {
  const path = new URL('../../../../../vectors/recognition.json', import.meta.url);
  const { recognition } = JSON.parse(readFileSync(path, 'utf8')) as { recognition: Vector[] };
  expect(recognition.length).toBe(3);
  for (const vector of recognition) {
    const { index, lister, checker } = vector;
    const entry: Recognisable = { id: 'one', key: hexDecode(vector.key)!, lists: true, checks: true };
    const nonces = { self: hexDecode(vector.checkerNonce)!, remote: hexDecode(vector.listerNonce)! };
    const checkerEnd = end(checker, lister, [entry], nonces);
    const entries = new Uint8Array(1_024 * 8);
    entries.set(hexDecode(vector.entry)!, index * 8);
    const nonce = hexDecode(vector.listNonce)!;
    const hits = checkerEnd.recognition.receive(
      { type: 'recognise', round: 5, nonce, entries },
      checkerEnd.acquaintances,
    );
    expect(hits).toEqual([{ type: 'confirm', round: 5, index, mac: hexDecode(vector.confirm) }]);
    const answer = { type: 'confirmed', round: 5, index, mac: hexDecode(vector.confirmed)! } as const;
    const result = checkerEnd.recognition.confirmed(answer, checkerEnd.acquaintances);
    expect(result).toEqual({ is: 'recognised', id: 'one', answer: undefined });
  }
});
