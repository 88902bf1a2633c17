/**
 * One multicast socket on one interface and family. Port 5353 is shared with whatever else answers mDNS on
 * this machine. Nothing leaves it but to the group of its family, and nothing comes in faster than the
 * limit.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { plainHost, zoneOf, type OwnAddress } from '../addresses.ts';
import { packetBytesMax } from './dns.ts';

export const groups: Record<'ip4' | 'ip6', string> = { ip4: '224.0.0.251', ip6: 'ff02::fb' };
export const mdnsPort = 5353;
/** Packets a second that are looked at. A large office has a few; the rest is a flood. */
const packetsPerSecondMax = 200;
const serviceLabel = Buffer.from('\x05_kith\x04_tcp', 'latin1');

export interface LanSocketEvents {
  /** A packet that names our service, from a sender on this interface. `from` has no zone. */
  packet(bytes: Uint8Array, from: string): void;
  /** The socket is useless now; it has closed itself. */
  failed(code: string): void;
}

export interface LanSocketInit {
  family: 'ip4' | 'ip6';
  interfaceName: string;
  /** Our addresses of that family on that interface, at least one. */
  own: OwnAddress[];
}

export class LanSocket {
  readonly init: LanSocketInit;
  readonly #events: LanSocketEvents;
  readonly #socket: Socket;
  #ready = false;
  #closed = false;
  #windowStartMs = 0;
  #inWindow = 0;

  constructor(init: LanSocketInit, events: LanSocketEvents) {
    this.init = init;
    this.#events = events;
    const six = init.family === 'ip6';
    // `ipv6Only` on an IPv4 socket makes `bind` fail.
    const socket = createSocket({
      type: six ? 'udp6' : 'udp4',
      reuseAddr: true,
      ...(six && { ipv6Only: true }),
    });
    this.#socket = socket;
    socket.on('error', (error) => this.#fail(error));
    socket.on('message', (bytes, sender) => this.#read(bytes, sender));
  }

  /** Resolves when packets go out and in, or `failed` was told. */
  async open(): Promise<void> {
    const { family, own } = this.init;
    await new Promise<void>((resolve) => {
      this.#socket.once('close', () => resolve());
      this.#socket.bind({ port: mdnsPort, address: family === 'ip4' ? '0.0.0.0' : '::' }, () => resolve());
    });
    if (this.#closed) return;
    try {
      // Without the interface named here nothing works on a LAN that has no default route.
      const local = family === 'ip4' ? own[0]!.host : `::%${zoneOf(own[0]!)}`;
      this.#socket.addMembership(groups[family], local);
      this.#socket.setMulticastInterface(local);
      this.#socket.setMulticastTTL(255);
      this.#socket.setMulticastLoopback(true); // Other nodes on this machine must hear us.
      this.#socket.unref();
      this.#ready = true;
    } catch (error) {
      this.#fail(error);
    }
  }

  get ready(): boolean {
    return this.#ready && !this.#closed;
  }

  /** Resolves when the packet was handed over; a failure to send ends the socket. */
  send(bytes: Uint8Array): Promise<void> {
    if (!this.ready) return Promise.resolve();
    return new Promise((resolve) => {
      this.#socket.send(bytes, mdnsPort, groups[this.init.family], (error) => {
        if (error !== null) this.#fail(error);
        resolve();
      });
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
  }

  #fail(error: unknown): void {
    if (this.#closed) return;
    this.close();
    this.#events.failed(error instanceof Error && 'code' in error ? String(error.code) : 'unknown');
  }

  #read(bytes: Buffer, sender: RemoteInfo): void {
    if (this.#closed || bytes.length > packetBytesMax || !this.#admit() || !bytes.includes(serviceLabel))
      return;
    if (sender.port !== mdnsPort || !this.#arrivedHere(sender.address)) return;
    this.#events.packet(bytes, plainHost(sender.address));
  }

  #admit(): boolean {
    const nowMs = performance.now();
    if (nowMs - this.#windowStartMs >= 1_000) {
      this.#windowStartMs = nowMs;
      this.#inWindow = 0;
    }
    return ++this.#inWindow <= packetsPerSecondMax;
  }

  /** Linux gives a packet to every socket that joined the group on any interface. */
  #arrivedHere(address: string): boolean {
    const zone = address.split('%')[1];
    if (zone !== undefined) return zone === zoneOf(this.init.own[0]!);
    return true; // By its subnet: the reader of the packet believes nothing off it.
  }
}
