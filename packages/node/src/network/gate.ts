/**
 * Who may connect at all. Asked by libp2p before any cryptography.
 *
 * `only`: nothing but private, link-local and loopback addresses in either direction, and no names, since
 * asking a resolver already leaves the LAN.
 */
import type { ConnectionGater } from '@libp2p/interface';
import type { Multiaddr } from '@multiformats/multiaddr';
import { isNear, plainHost, readEndpoint } from './addresses.ts';
import { inboundPendingPerHostMax } from './limits.ts';

/** What the gate needs of an incoming connection. */
export interface Incoming {
  remoteAddr: Multiaddr;
  addEventListener(type: 'close', listener: () => void): void;
}

export class Gate {
  readonly #nearOnly: boolean;
  readonly #pending = new Map<string, number>();
  readonly #unfinished = new WeakSet<Incoming>();

  constructor(nearOnly: boolean) {
    this.#nearOnly = nearOnly;
  }

  /** Whether we may contact this address. */
  allows(address: string): boolean {
    const endpoint = readEndpoint(address);
    return endpoint !== undefined && this.reaches(endpoint.host);
  }

  /** Whether this host is one that we talk with, either way. Names are not, where only near ones are. */
  reaches(host: string): boolean {
    return !this.#nearOnly || isNear(host);
  }

  gater(): ConnectionGater {
    return {
      denyDialMultiaddr: (address: Multiaddr) => !this.allows(address.toString()),
      denyInboundConnection: (connection) => !this.admits(connection),
      denyInboundUpgradedConnection: (_peer, connection) => {
        this.finished(connection);
        return false;
      },
      // libp2p would otherwise keep every address it is told.
      filterMultiaddrForPeer: () => false,
    };
  }

  /** Whether an incoming connection may begin its handshake. It holds a place until it has `finished`. */
  admits(connection: Incoming): boolean {
    const host = hostOf(connection);
    const pending = this.#pending.get(host) ?? 0;
    if (!this.reaches(host) || pending >= inboundPendingPerHostMax) return false;
    this.#pending.set(host, pending + 1);
    this.#unfinished.add(connection);
    connection.addEventListener('close', () => this.finished(connection));
    return true;
  }

  /** Its handshake is over, or it closed. Calling twice is harmless. */
  finished(connection: Incoming): void {
    if (!this.#unfinished.delete(connection)) return;
    const host = hostOf(connection);
    const pending = (this.#pending.get(host) ?? 1) - 1;
    if (pending > 0) this.#pending.set(host, pending);
    else this.#pending.delete(host);
  }
}

function hostOf(connection: Incoming): string {
  return plainHost(readEndpoint(connection.remoteAddr.toString())?.host ?? '');
}
