/**
 * The far end of a link in the hands of a test: it sends what it likes to a node and hears what the node
 * says. A stranger has no keys; a puppet acts with the keys of a node that it took the place of.
 */
import { concat } from '../src/base/bytes.ts';
import type { DeviceId, LinkId, PeerId } from '../src/base/ids.ts';
import { decodeLink } from '../src/crypto/card/card.ts';
import { tokenId } from '../src/crypto/card/intake.ts';
import { assemble, type PeerRooms } from '../src/peer/assemble.ts';
import type { PeerOutput } from '../src/peer/contract.ts';
import { Openings, type SealedOpening } from '../src/peer/openings.ts';
import { Miner, tokenMac } from '../src/protocol/meeting/gate.ts';
import { type Content, encodeContent } from '../src/wire/content.ts';
import { decodeFrame, encodeFrame, type Frame } from '../src/wire/frame.ts';
import { protocolMajor, protocolMinor } from '../src/wire/hello.ts';
import type { PeerWorld, WorldNode } from './peer-world.ts';

export class Stranger {
  readonly link: LinkId;
  readonly heard: Frame[] = [];
  closed = false;
  /** Why the node closed the link. */
  reason = '';
  /** The other end hears of it too. */
  onLeave: (() => void) | undefined;
  #node: WorldNode;
  #world: PeerWorld;
  #watcher: PeerWorld['watchers'][number];

  constructor(world: PeerWorld, node: WorldNode, remote = 'peer-stranger') {
    this.#node = node;
    this.link = world.newLink();
    this.#world = world;
    this.#watcher = (from, output): void => {
      if (from === node) this.#watch(output);
    };
    world.watchers.push(this.#watcher);
    const address = '/memory/stranger';
    const id = remote as PeerId;
    node.input({ type: 'linkUp', link: this.link, remote: id, address, path: 'lan', dialled: false });
  }

  hello(): this {
    const nonce = new Uint8Array(32).fill(7);
    const purpose = 'neighbour';
    this.send(encodeFrame({ type: 'hello', major: protocolMajor, minor: protocolMinor, nonce, purpose }));
    return this;
  }

  send(frame: Uint8Array): void {
    this.#node.input({ type: 'frame', link: this.link, frame: concat(frame) });
  }

  /** The link goes down, as a pulled cable does. */
  leave(): void {
    this.#world.watchers.splice(this.#world.watchers.indexOf(this.#watcher), 1);
    this.#node.input({ type: 'linkDown', link: this.link, reason: 'closed' });
    this.onLeave?.();
  }

  /** Frames of these types that the node sent over this link. */
  heardOf(...types: Frame['type'][]): Frame[] {
    return this.heard.filter((frame) => types.includes(frame.type));
  }

  #watch(output: PeerOutput): void {
    if (output.type === 'close' && output.link === this.link) {
      this.closed = true;
      this.reason = output.reason;
    }
    if (output.type !== 'send' || output.link !== this.link) return;
    const frame = decodeFrame(concat(output.frame));
    if (frame === undefined) throw new Error('a node sent a malformed frame');
    this.heard.push(frame);
  }
}

/** Takes the place of a node: the node is down, its keys and disk are ours. */
export class Puppet {
  readonly rooms: PeerRooms;
  readonly openings: Openings;
  #world: PeerWorld;
  #node: WorldNode;

  constructor(world: PeerWorld, node: WorldNode) {
    this.#world = world;
    this.#node = node;
    node.crash();
    this.rooms = assemble(node.parts(), () => undefined);
    this.openings = new Openings(this.rooms);
  }

  /** The first device of a contact, as the node knew it. */
  deviceOf(contact: string): DeviceId {
    const { book } = this.rooms;
    const [live] = book.liveDevices(book.find(contact).person);
    if (live === undefined) throw new Error('no device of that contact is known');
    return live.device;
  }

  /** An envelope frame with this content, or with any bytes in its place. */
  envelope(device: DeviceId, content: Content | Uint8Array): Uint8Array {
    const bytes = content instanceof Uint8Array ? content : encodeContent(content);
    const envelope = this.rooms.sessions.seal(device, bytes, this.#world.nowMs);
    if (envelope === undefined) throw new Error('no session with that device');
    return encodeFrame({ type: 'envelope', bytes: envelope });
  }

  /** A request to the owner of a card, saying what we like, through the gate of the card or by work. */
  request(card: string, says: Partial<Extract<Content, { type: 'request' }>> = {}): Uint8Array {
    const { rooms } = this;
    const link = decodeLink(rooms.crypto.backend, card);
    if (!link.ok) throw new Error('no card');
    if (rooms.book.get(link.card.person) === undefined) rooms.meeting.add(card, undefined);
    const [live] = rooms.book.liveDevices(link.card.person);
    if (live === undefined) throw new Error('the card names no device');
    const { name } = rooms.own;
    const ownCard = rooms.own.card({ once: false, expiresInMs: 3_600_000, hints: [] }).bytes;
    const id = rooms.crypto.keys.bytes(16);
    const said = { type: 'request' as const, id, name, greeting: '', card: ownCard, mailboxes: [], ...says };
    const to = { person: link.card.person, device: live.device, card: link.card };
    return this.gated(this.openings.start(to, encodeContent(said))!, link.card.token);
  }

  /** The frame of a sealed first message, through the gate. */
  gated(opening: SealedOpening, token: Uint8Array | undefined): Uint8Array {
    const { backend, keys } = this.rooms.crypto;
    if (token !== undefined) {
      const gate = {
        kind: 'token' as const,
        tokenId: tokenId(backend, token),
        mac: tokenMac(backend, token, opening),
      };
      return encodeFrame({ type: 'request', ...opening, gate });
    }
    const miner = new Miner(backend, opening, { bits: 16, start: keys.bytes(4) });
    const gate = { kind: 'work' as const, solution: miner.step(2 ** 24)! };
    return encodeFrame({ type: 'request', ...opening, gate });
  }

  /** A link to a node on which each side recognises the other, as far as their books go. */
  connect(to: WorldNode): Stranger {
    const far = new Stranger(this.#world, to, `puppet-${this.#node.name}`);
    const { neighbours, turn } = this.rooms;
    const self = `puppet-${this.#node.name}` as PeerId;
    const address = to.address;
    far.onLeave = (): void => neighbours.linkDown(far.link);
    neighbours.listening(self, [this.#node.address]);
    neighbours.settle();
    neighbours.linkUp({
      link: far.link,
      type: 'linkUp',
      remote: to.peerId,
      address,
      path: 'lan',
      dialled: true,
    });
    for (let heard = 0, quiet = false; !quiet;) {
      quiet = true;
      for (const output of turn.take()) {
        if (output.type !== 'send') continue;
        quiet = false;
        far.send(output.frame);
      }
      for (; heard < far.heard.length; heard++) {
        quiet = false;
        neighbours.drive({ type: 'frame', link: far.link, frame: far.heard[heard]! });
      }
    }
    return far;
  }

  /** Writes what was changed to the disk of the node, as its own commit would. */
  commit(): void {
    const { database } = this.#node;
    this.rooms.sessions.flush();
    database.begin();
    for (const output of this.rooms.turn.take()) {
      if (output.type === 'store') database.apply(output.write);
    }
    database.commit();
  }
}
