/**
 * A node of an adversary: no Driver and no Peer, but a behaviour that hears what a network hears and says what it
 * likes. It is bound by what binds all: addresses, latency, and keys that it does not have.
 */
import type { LinkId, PeerId } from '@kith/core/base/ids';
import type { CryptoBackend, KeyPair } from '@kith/core/crypto/backend';
import { peerIdOf } from '@kith/core/crypto/record/peer-id';
import type { FrameClass, LinkPath } from '@kith/core/peer/contract';
import type { JunkFrames } from '../checkers/hostile-bytes.ts';
import type { Host, HostOptions } from '../network/internet.ts';
import { SimNetwork } from '../network/sim-network.ts';
import { type Stream, streamOf } from '../world/chance.ts';
import type { World } from '../world/world.ts';

/** What an adversary does. Whatever is left out is met with silence. */
export interface Behaviour {
  start?(self: HostileNode): void;
  lanFound?(self: HostileNode, remote: PeerId, addresses: string[]): void;
  linkUp?(self: HostileNode, link: LinkId, about: { remote: PeerId; path: LinkPath; dialled: boolean }): void;
  linkDown?(self: HostileNode, link: LinkId): void;
  frame?(self: HostileNode, link: LinkId, frame: Uint8Array): void;
  dialFailed?(self: HostileNode, dial: number): void;
}

export class HostileNode {
  readonly world: World;
  readonly host: Host;
  readonly networkKey: KeyPair;
  readonly random: Stream;
  readonly links: Map<LinkId, PeerId> = new Map<LinkId, PeerId>();
  readonly #network: SimNetwork;
  readonly #behaviour: Behaviour;
  readonly #junk: JunkFrames | undefined;
  #lastDial = 0;

  /**
   * @param number - tells this adversary's chance from others'.
   * @param junk - where frames of {@link junk} are marked, for the checker of hostile bytes.
   */
  constructor(
    world: World,
    behaviour: Behaviour,
    options: HostOptions & { number: number; junk?: JunkFrames | undefined },
  ) {
    this.world = world;
    this.random = streamOf(world.seed, `hostile/${options.number}`);
    this.host = world.internet.addHost({ bytesPerMs: Infinity, ...options });
    this.networkKey = world.backend.ed25519KeyPair(this.random.bytes(32));
    const self = peerIdOf(this.networkKey.publicKey);
    this.#network = new SimNetwork(world.internet, { self, host: this.host, busyUntilMs: () => 0 });
    this.#behaviour = behaviour;
    this.#junk = options.junk;
  }

  get id(): PeerId {
    return this.#network.self;
  }

  get addresses(): string[] {
    return this.#network.addresses;
  }

  get backend(): CryptoBackend {
    return this.world.backend;
  }

  start(): void {
    const behaviour = this.#behaviour;
    void this.#network.start({
      listening: () => behaviour.start?.(this),
      lanFound: (remote, addresses) => behaviour.lanFound?.(this, remote, addresses),
      lanLost: () => undefined,
      // The contract of a network names its arguments one by one.
      // oxlint-disable-next-line max-params
      linkUp: (link, remote, _address, path, dialled) => {
        this.links.set(link, remote);
        behaviour.linkUp?.(this, link, { remote, path, dialled });
      },
      linkDown: (link) => {
        this.links.delete(link);
        behaviour.linkDown?.(this, link);
      },
      frame: (link, frame) => behaviour.frame?.(this, link, frame),
      flushed: () => undefined,
      dialFailed: (dial) => behaviour.dialFailed?.(this, dial),
    });
  }

  stop(): void {
    this.#network.die('stays');
  }

  /** @returns the number of the dial. */
  dial(remote: PeerId | undefined, addresses: string[]): number {
    this.#network.dial(++this.#lastDial, remote, addresses, 'bootstrap');
    return this.#lastDial;
  }

  /** Says something that may well be believed. */
  say(link: LinkId, frame: Uint8Array, frameClass: FrameClass = 'control'): boolean {
    return this.#network.send(link, frameClass, frame, undefined);
  }

  /** Says something that must be refused. */
  junk(link: LinkId, frame: Uint8Array, frameClass: FrameClass = 'message'): boolean {
    return this.#network.send(link, frameClass, this.#junk?.mark(frame) ?? frame, undefined);
  }

  close(link: LinkId): void {
    this.#network.close(link, 'hostile');
  }

  /** After `delayMs` of virtual time. */
  after(delayMs: number, run: () => void): void {
    this.world.after(delayMs, run);
  }
}
