/** What every network must keep. The real one and its double run this suite. */
import type { LinkId, PeerId } from '@kith/core/base/ids';
import { afterEach, describe, expect, test } from 'vitest';
import type { Network } from '../src/driver/adapters.ts';
import { NetworkRecorder } from './network-recorder.ts';

export interface NetworkWorld {
  /** A network that others of this world can reach. Not started. */
  create(lan: 'on' | 'off' | 'only'): Network;
  /** An address on which nobody listens. */
  nobody: string;
}

interface Node {
  network: Network;
  events: NetworkRecorder;
}

/** @param makeWorld - called for each test. */
export function networkContract(name: string, makeWorld: () => NetworkWorld): void {
  describe(`a network: ${name}`, () => {
    const started: Network[] = [];
    let world: NetworkWorld = makeWorld();

    async function node(lan: 'on' | 'off' | 'only' = 'off'): Promise<Node> {
      const network = world.create(lan);
      const events = new NetworkRecorder();
      started.push(network);
      await network.start(events);
      return { network, events };
    }

    async function linked(): Promise<[first: Node, second: Node, firstLink: LinkId, secondLink: LinkId]> {
      const [first, second] = [await node(), await node()];
      first.network.dial(1, second.events.self, second.events.addresses, 'test');
      const [, firstLink] = await first.events.next('linkUp');
      const [, secondLink] = await second.events.next('linkUp');
      return [first, second, firstLink, secondLink];
    }

    afterEach(async () => {
      await Promise.all(started.splice(0).map((network) => network.stop()));
      world = makeWorld();
    });

    test('tells who and where it is once it listens', async () => {
      const { events } = await node();
      expect(events.self).not.toBe('');
      expect(events.addresses.length).toBeGreaterThan(0);
    });

    test('links whoever answers at an address, and says which side dialled', async () => {
      const [first, second] = [await node(), await node()];
      first.network.dial(7, undefined, [second.events.addresses[0]!], 'bootstrap');
      const [, , firstRemote, , firstPath, firstDialled] = await first.events.next('linkUp');
      const [, , secondRemote, , secondPath, secondDialled] = await second.events.next('linkUp');
      expect([firstRemote, secondRemote]).toEqual([second.events.self, first.events.self]);
      expect([firstDialled, secondDialled]).toEqual([true, false]);
      expect([firstPath, secondPath]).toEqual(['lan', 'lan']);
      expect(first.network.contacted()).toMatchObject([
        { address: second.events.addresses[0], why: 'bootstrap' },
      ]);
      expect(second.network.contacted()).toEqual([]);
    });

    test('tries addresses in turn', async () => {
      const [first, second] = [await node(), await node()];
      first.network.dial(
        1,
        second.events.self,
        [world.nobody, 'no address', second.events.addresses[0]!],
        'test',
      );
      await first.events.next('linkUp');
      expect(first.events.all('dialFailed')).toEqual([]);
    });

    test('a dial to nobody fails with its number', async () => {
      const { network, events } = await node();
      network.dial(5, undefined, [world.nobody], 'test');
      expect(await events.next('dialFailed')).toEqual(['dialFailed', 5, 'refused']);
    });

    test('somebody else at the address is no link', async () => {
      const [first, second, third] = [await node(), await node(), await node()];
      first.network.dial(1, third.events.self, second.events.addresses, 'test');
      expect((await first.events.next('dialFailed'))[1]).toBe(1);
      expect(first.events.links.size + second.events.links.size).toBe(0);
    });

    test('a node does not link itself', async () => {
      const { network, events } = await node();
      network.dial(1, undefined, events.addresses, 'test');
      await events.next('dialFailed');
      expect(events.links.size).toBe(0);
    });

    test('carries frames of every size both ways, in order', async () => {
      const [first, second, firstLink, secondLink] = await linked();
      const sizes = [1, 2, 300, 65_535, 65_536, 1];
      for (const size of sizes) {
        expect(first.network.send(firstLink, 'message', new Uint8Array(size).fill(size), undefined)).toBe(
          true,
        );
      }
      second.network.send(secondLink, 'message', Uint8Array.of(9), undefined);
      await second.events.next('frame', sizes.length);
      expect(second.events.all('frame').map(([, , frame]) => frame.length)).toEqual(sizes);
      expect(
        second.events.all('frame').every(([, , frame]) => frame.every((byte) => byte === frame.length % 256)),
      ).toBe(true);
      expect((await first.events.next('frame'))[2]).toEqual(Uint8Array.of(9));
    });

    test('refuses frames that no wire carries', async () => {
      const [first, , firstLink] = await linked();
      for (const size of [0, 65_537]) {
        const send = (): boolean => first.network.send(firstLink, 'control', new Uint8Array(size), undefined);
        expect(send).toThrow(RangeError);
      }
    });

    test('what is queued together goes out by class', async () => {
      const [first, second, link] = await linked();
      for (const frameClass of ['bulk', 'message', 'control', 'bulk', 'message', 'control'] as const) {
        first.network.send(link, frameClass, Uint8Array.of(frameClass.length), undefined);
      }
      await second.events.next('frame', 6);
      const order = second.events.all('frame').map(([, , frame]) => frame[0]);
      expect(order).toEqual(
        [7, 7, 7, 7, 4, 4].map((length, index) => (index < 2 ? 'control'.length : length)),
      );
    });

    test('a full class says so, others do not mind, and it takes again once flushed', async () => {
      const [first, second, link] = await linked();
      const frame = new Uint8Array(65_536);
      let taken = 0;
      while (first.network.send(link, 'bulk', frame, taken + 1)) taken++;
      expect(taken).toBeGreaterThan(8);
      expect(taken).toBeLessThan(1_024);
      expect(first.network.send(link, 'message', Uint8Array.of(1), undefined)).toBe(true);
      await first.events.until(() => first.events.all('flushed').at(-1)?.[2] === taken, 'the last receipt');
      expect(first.network.send(link, 'bulk', frame, undefined)).toBe(true);
      await second.events.next('frame', taken + 2);
    });

    test('receipts rise and are told once', async () => {
      const [first, , link] = await linked();
      for (let receipt = 1; receipt <= 40; receipt++) {
        first.network.send(link, receipt % 2 === 0 ? 'bulk' : 'control', new Uint8Array(20_000), receipt);
      }
      await first.events.until(() => first.events.all('flushed').at(-1)?.[2] === 40, 'receipt 40');
      const receipts = first.events.all('flushed').map(([, , receipt]) => receipt);
      expect(receipts).toEqual([...new Set(receipts)].toSorted((a, b) => a - b));
    });

    test('both dial at once, fifty times: one link, the same for both', async () => {
      for (let round = 0; round < 50; round++) {
        const [first, second] = [await node(), await node()];
        first.network.dial(1, second.events.self, second.events.addresses, 'test');
        second.network.dial(1, first.events.self, first.events.addresses, 'test');
        await Promise.all([first.events.next('linkUp'), second.events.next('linkUp')]);
        // A frame each way on the link that stands proves that both hold on to the same one.
        for (const { network, events } of [first, second]) {
          const [link] = [...events.links.keys()];
          expect(network.send(link!, 'message', Uint8Array.of(round), undefined)).toBe(true);
        }
        await Promise.all([first.events.next('frame'), second.events.next('frame')]);
        for (const { events } of [first, second]) {
          expect(events.all('linkUp').length).toBe(1);
          expect(events.all('linkDown')).toEqual([]);
          expect(events.all('dialFailed')).toEqual([]);
        }
        const [firstUp, secondUp] = [first.events.all('linkUp')[0]!, second.events.all('linkUp')[0]!];
        expect(firstUp[5]).toBe(!secondUp[5]);
        await Promise.all(started.splice(0).map((network) => network.stop()));
      }
    });

    test('a link closed after a last frame: the frame arrives, then both hear of the end once', async () => {
      const [first, second, link] = await linked();
      first.network.send(link, 'control', Uint8Array.of(1, 2, 3), undefined);
      first.network.close(link, 'enough');
      const [, , reason] = await first.events.next('linkDown');
      expect(reason).toBe('enough');
      await second.events.next('linkDown');
      expect(second.events.told.map(([name]) => name).slice(-2)).toEqual(['frame', 'linkDown']);
      expect(first.network.send(link, 'control', Uint8Array.of(1), undefined)).toBe(false);
      first.network.close(link, 'bootstrap');
      expect(first.events.all('linkDown').length).toBe(1);
    });

    test('links again after a close, under a new number', async () => {
      const [first, second, link] = await linked();
      first.network.close(link, 'pause');
      await Promise.all([first.events.next('linkDown'), second.events.next('linkDown')]);
      second.network.dial(2, first.events.self, first.events.addresses, 'bootstrap');
      const [, again] = await first.events.next('linkUp', 2);
      expect(again).not.toBe(link);
    });

    test('a node that stops takes its links with it and tells nothing more', async () => {
      const [first, second, link] = await linked();
      await first.network.stop();
      const told = first.events.told.length;
      await second.events.next('linkDown');
      expect(first.network.send(link, 'control', Uint8Array.of(1), undefined)).toBe(false);
      first.network.dial(9, second.events.self, second.events.addresses, 'bootstrap');
      await first.network.stop();
      expect(first.events.told.length).toBe(told);
    });

    test('a link number that never was is no harm', async () => {
      const { network } = await node();
      expect(network.send(99 as LinkId, 'bulk', Uint8Array.of(1), undefined)).toBe(false);
      network.close(99 as LinkId, 'what?');
    });

    test('LAN only: a public address or a name is not even tried', async () => {
      const { network, events } = await node('only');
      const far = ['/ip4/192.0.2.7/tcp/4001', '/ip6/2001:db8::1/tcp/4001', '/dns4/example.org/tcp/4001'];
      network.dial(3, 'somebody' as PeerId, far, 'test');
      expect((await events.next('dialFailed'))[1]).toBe(3);
      expect(network.contacted().filter(({ address }) => far.includes(address))).toEqual([]);
    });
  });
}
