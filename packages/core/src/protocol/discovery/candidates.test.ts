import { expect, test } from 'vitest';
import type { PeerId } from '../../base/ids.ts';
import { PeerTable, peerTableDefaults } from '../../base/peer-table.ts';
import type { PeerRecord } from '../../crypto/record/peer-record.ts';
import { Candidates } from './candidates.ts';
import { RecordShelf, shelfDefaults } from './record-shelf.ts';
import { StandingLinks } from './standing-links.ts';

const peer = 'somebody' as PeerId;
const far = '/ip4/203.0.113.7/tcp/4001';
const farther = '/ip4/198.51.100.9/tcp/4001';
const near = '/ip4/192.168.1.9/tcp/4001';

function setUp(): { table: PeerTable; shelf: RecordShelf; links: StandingLinks; candidates: Candidates } {
  const table = new PeerTable(peerTableDefaults, () => false);
  const shelf = new RecordShelf(shelfDefaults, () => 'stranger');
  const links = new StandingLinks();
  return { table, shelf, links, candidates: new Candidates({ table, shelf, links }) };
}

function putRecord(shelf: RecordShelf, addresses: string[]): void {
  const bytes = Uint8Array.from({ length: 32 }, (_, at) => at + addresses.length);
  const record = { peer, addresses, bytes } as PeerRecord;
  shelf.put({
    record,
    scope: 'global',
    hops: 1,
    expiresAtMs: 1,
    latestMs: 1,
    subnet: undefined,
    source: '',
    rank: 0,
  });
}

test('whatever an answer is drawn from, it is another as soon as that is', () => {
  const { table, shelf, links, candidates } = setUp();
  expect(candidates.of(peer)).toBeUndefined();
  putRecord(shelf, [far]);
  const first = candidates.of(peer);
  expect(first).toEqual({ peer, addresses: [far], subnet: '4:203.0', scope: 'global', lan: false });
  expect(candidates.of(peer)).toBe(first);
  putRecord(shelf, [farther]);
  expect(candidates.of(peer)?.addresses).toEqual([farther]);
  const noted = table.note(peer, [near], 1);
  expect(candidates.of(peer)).toMatchObject({ addresses: [farther, near], scope: 'site', lan: true });
  noted!.entry.lan = true;
  expect(candidates.of(peer)).toMatchObject({ addresses: [near, farther], subnet: '4:192.168' });
  links.open({ peer, address: far, path: 'direct', dialled: true }, 1);
  expect(candidates.of(peer)?.subnet).toBe('4:203.0');
  links.close(peer);
  expect(candidates.of(peer)?.subnet).toBe('4:192.168');
  shelf.take(peer);
  expect(candidates.of(peer)?.addresses).toEqual([near]);
  table.delete(peer);
  expect(candidates.of(peer)).toBeUndefined();
});

test('an address that is heard again changes nothing', () => {
  const { table, candidates } = setUp();
  table.note(peer, [far], 1);
  const first = candidates.of(peer);
  table.note(peer, [far], 2);
  table.note(peer, [], 3);
  expect(candidates.of(peer)).toBe(first);
  table.note(peer, [farther], 4);
  expect(candidates.of(peer)?.addresses).toEqual([farther, far]);
});
