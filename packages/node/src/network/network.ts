/**
 * The network of a running node: libp2p connections, one link per peer, and mDNS on the LAN.
 *
 * Contacts only what it is told to, the two mDNS groups, and peers it answers. After `stop` no event is
 * delivered. Specification: docs/protocol/channel.md; mDNS: docs/protocol/lan.md.
 */
import type { DialReason } from '@kith/core/base/dial-reason';
import type { LinkId, PeerId } from '@kith/core/base/ids';
import type { FrameClass, LinkPath } from '@kith/core/peer/contract';
import { invariant } from '@kith/core/base/invariant';
import type { Connection, Libp2p, Stream } from '@libp2p/interface';
import type { Contacted, Network, NetworkEvents, Trouble } from '../driver/adapters.ts';
import {
  checkListen,
  defaultListen,
  dialable,
  isLoopback,
  isNear,
  onLocalInterfaces,
  onOwnSubnet,
  type OwnAddress,
  ownAddresses,
  readEndpoint,
} from './addresses.ts';
import { ContactedList } from './contacted.ts';
import { Dialler } from './dialler.ts';
import { Gate } from './gate.ts';
import { Discovery } from './lan/discovery.ts';
import { Links } from './links.ts';
import { frameBytesMax, linkProtocol, protocolMajor, slowCheckMs, strayMsMax } from './limits.ts';
import { answerMajors, askMajors } from './majors.ts';
import { loadLibraries, startNode } from './node.ts';
import type { NoiseCiphers } from './noise.ts';
import type { SocketGuard } from './socket-guard.ts';
import { Troubles } from './troubles.ts';

export interface NetworkOptions {
  /** `off`: no mDNS. `only`: mDNS, and no address but private, link-local and loopback ones either way. */
  lan: 'on' | 'off' | 'only';
  /** Multiaddrs to listen on. Empty: TCP and WebSocket on all interfaces, IPv4 and IPv6. */
  listen: string[];
  /** TCP port of the default listeners; the WebSocket takes the next. Undefined or 0: any free port. */
  port: number | undefined;
  /** Ed25519, 64 bytes (seed, public key): the network id of this start. Undefined makes one. */
  networkKey?: Uint8Array | undefined;
  crypto: NoiseCiphers;
  log: NetworkLog;
}

/** Codes and numbers only: no address, no key, no content. */
export type NetworkLog = (
  level: 'debug' | 'info' | 'warn' | 'error',
  code: string,
  detail: Record<string, string | number>,
) => void;

/**
 * Loads its libraries at once; nothing else happens before `start`. A stopped network is not started again: make a new one, with a new key.
 *
 * @example
 * const network = createNetwork({ lan: 'on', listen: [], port: undefined, crypto, log });
 * await network.start(events); // listens now
 */
export function createNetwork(options: NetworkOptions): Network {
  loadLibraries().catch((error: unknown) => {
    // `start` meets the same failure and throws it.
    options.log('error', 'network-not-loaded', {
      reason: error instanceof Error ? error.message : 'unknown',
    });
  });
  return new Libp2pNetwork(options);
}

class Libp2pNetwork implements Network {
  readonly #options: NetworkOptions;
  readonly #gate: Gate;
  readonly #contacted = new ContactedList();
  #running: Running | undefined;
  #state: 'new' | 'started' | 'stopped' = 'new';

  constructor(options: NetworkOptions) {
    this.#options = options;
    this.#gate = new Gate(options.lan === 'only');
  }

  async start(events: NetworkEvents): Promise<void> {
    invariant(this.#state === 'new', 'a network is started once');
    this.#state = 'started';
    const { listen: given, port, networkKey, crypto } = this.#options;
    const listen = given.length > 0 ? checkListen(given) : defaultListen(port ?? 0);
    let running: Running | undefined;
    const node = await startNode({ listen, networkKey, crypto }, this.#gate, (libp2p, guard) => {
      const { contacted, options } = { contacted: this.#contacted, options: this.#options };
      running = new Running({ libp2p, guard, gate: this.#gate, contacted, events, options });
      return running.prepare();
    });
    invariant(running !== undefined, 'the node was prepared');
    if (this.#state !== 'started') return running.stop();
    this.#running = running;
    await running.start(node.listening);
  }

  send(link: LinkId, frameClass: FrameClass, frame: Uint8Array, receipt: number | undefined): boolean {
    if (frame.length < 1 || frame.length > frameBytesMax) {
      throw new RangeError(`frame: ${frame.length} bytes, expected 1 to ${frameBytesMax}`);
    }
    return this.#running?.links.send(link, frameClass, frame, receipt) ?? false;
  }

  dial(dial: number, remote: PeerId | undefined, addresses: string[], why: DialReason): void {
    this.#running?.dialler.dial(dial, remote, addresses, why);
  }

  close(link: LinkId, reason: string): void {
    this.#running?.links.close(link, reason);
  }

  contacted(): Contacted[] {
    return this.#contacted.list();
  }

  troubles(): Trouble[] {
    return this.#running?.troublesNow() ?? [];
  }

  async stop(): Promise<void> {
    this.#state = 'stopped';
    const running = this.#running;
    this.#running = undefined;
    await running?.stop();
  }
}

interface RunningInit {
  libp2p: Libp2p;
  guard: SocketGuard;
  gate: Gate;
  contacted: ContactedList;
  events: NetworkEvents;
  options: NetworkOptions;
}

/** What exists between `start` and `stop`. */
class Running {
  readonly links: Links;
  readonly dialler: Dialler;
  readonly #init: RunningInit;
  readonly #self: PeerId;
  readonly #events: NetworkEvents;
  readonly #troubles = new Troubles();
  readonly #strays = new Map<Connection, NodeJS.Timeout>();
  #slowTimer: NodeJS.Timeout | undefined;
  #listening: string[] = [];
  #discovery: Discovery | undefined;
  #stopped = false;

  constructor(init: RunningInit) {
    this.#init = init;
    const { libp2p, gate, contacted } = init;
    this.#self = libp2p.peerId.toString() as PeerId;
    const events = whileRunning(init.events, () => !this.#stopped);
    this.#events = events;
    this.links = new Links(this.#self, {
      events,
      path: (remote, host) => (this.#heard(remote) ? 'lan' : pathTo(host)),
      linked: (remote) => this.#linked(remote),
    });
    this.dialler = new Dialler({
      libp2p,
      self: this.#self,
      links: this.links,
      gate,
      contacted,
      failed: (dial, code) => events.dialFailed(dial, code),
      foreign: (connection) => this.#foreign(connection),
      tried: (remote, outcome) => {
        if (remote !== undefined && this.#heard(remote)) this.#troubles.tried(remote, outcome);
      },
    });
  }

  /** Before anything listens: who connects in the first millisecond finds us complete. */
  async prepare(): Promise<void> {
    const { libp2p } = this.#init;
    libp2p.addEventListener('connection:open', (event) => this.#opened(event.detail));
    libp2p.addEventListener('connection:close', (event) => this.#closed(event.detail));
    const limits = { maxInboundStreams: 1, maxOutboundStreams: 1 };
    const incoming = (stream: Stream, connection: Connection): void =>
      this.links.incoming(stream, connection);
    await libp2p.handle(linkProtocol, incoming, limits);
    await answerMajors(libp2p);
  }

  async start(listening: string[]): Promise<void> {
    this.#listening = listening;
    this.#slowTimer = setInterval(() => this.links.checkSlow(performance.now()), slowCheckMs);
    this.#events.listening(this.#self, this.#dialable(ownAddresses()));
    if (this.#init.options.lan === 'off') return;
    this.#discovery = new Discovery(
      { self: this.#self, port4: tcpPort(listening, 'ip4'), port6: tcpPort(listening, 'ip6') },
      {
        found: (remote, addresses) => this.#events.lanFound(remote, addresses),
        lost: (remote) => {
          this.#troubles.forget(remote);
          this.#events.lanLost(remote);
        },
        moved: (own) => {
          this.links.leave((host) => onOwnSubnet(host, own));
          this.#events.listening(this.#self, this.#dialable(own));
        },
        contacting: (address) => this.#init.contacted.add(address, 'asking'),
        otherMajor: (major) => this.#troubles.otherMajor(major),
      },
      this.#init.options.lan === 'only' ? onLocalInterfaces : undefined,
    );
    await this.#discovery.start();
  }

  /** With LAN only, our other addresses are told to nobody: who stands there is turned away. */
  #dialable(own: OwnAddress[]): string[] {
    return dialable(this.#listening, own).filter((address) => this.#init.gate.allows(address));
  }

  troublesNow(): Trouble[] {
    const discovery = this.#discovery;
    if (discovery === undefined) return this.#troubles.list(undefined);
    const port = tcpPort(this.#listening, 'ip4') ?? tcpPort(this.#listening, 'ip6');
    return this.#troubles.list({ heard: discovery.heard, failures: discovery.failures(), port });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#slowTimer);
    for (const timer of this.#strays.values()) clearTimeout(timer);
    this.#strays.clear();
    this.links.closeAll('this node stops');
    await Promise.all([this.dialler.stop(), this.#discovery?.stop()]);
    this.#init.guard.stop();
    await this.#init.libp2p.stop();
  }

  async #foreign(connection: Connection): Promise<void> {
    for (const major of await askMajors(connection)) {
      if (major === protocolMajor) continue;
      this.#troubles.otherMajor(major);
      this.#init.options.log('warn', 'other-version', { major });
    }
  }

  #heard(remote: PeerId): boolean {
    return this.#discovery?.has(remote) ?? false;
  }

  #linked(remote: PeerId): void {
    if (this.#heard(remote)) this.#troubles.tried(remote, 'connected');
    this.dialler.linked(remote);
  }

  #opened(connection: Connection): void {
    this.#init.guard.admitted(connection.remoteAddr.toString());
    // A connection is for a link. One that carries none is somebody's probe.
    const timer = setTimeout(() => {
      if (!this.links.uses(connection)) connection.abort(new Error('no link was opened'));
    }, strayMsMax);
    this.#strays.set(connection, timer);
  }

  #closed(connection: Connection): void {
    clearTimeout(this.#strays.get(connection));
    this.#strays.delete(connection);
    const { libp2p } = this.#init;
    if (libp2p.getConnections(connection.remotePeer).length > 0) return;
    // libp2p remembers every peer it met; a stranger makes a new id for each connection.
    libp2p.peerStore.delete(connection.remotePeer).catch(() => {
      this.#init.options.log('debug', 'peer-not-forgotten', {});
    });
  }
}

/** The port of a TCP listener that others on the LAN can reach. */
function tcpPort(listening: string[], family: 'ip4' | 'ip6'): number | undefined {
  const found = listening
    .map(readEndpoint)
    .find((one) => one?.family === family && one.transport === 'tcp' && !isLoopback(one.host));
  return found?.port;
}

function pathTo(host: string): LinkPath {
  return isNear(host) && onOwnSubnet(host, ownAddresses()) ? 'lan' : 'direct';
}

/** After `stop` the driver hears nothing more. */
function whileRunning(events: NetworkEvents, running: () => boolean): NetworkEvents {
  return {
    listening: (...told) => running() && events.listening(...told),
    lanFound: (...told) => running() && events.lanFound(...told),
    lanLost: (...told) => running() && events.lanLost(...told),
    linkUp: (...told) => running() && events.linkUp(...told),
    linkDown: (...told) => running() && events.linkDown(...told),
    frame: (...told) => running() && events.frame(...told),
    flushed: (...told) => running() && events.flushed(...told),
    dialFailed: (...told) => running() && events.dialFailed(...told),
  };
}
