/**
 * libp2p's TCP with link-local IPv6, which it cannot do by itself (11.0): dialling drops the zone, and an
 * incoming connection from `fe80::1%eth0` is cut because that is "no valid address". A LAN without IPv4,
 * router or name server has nothing else.
 */
import { Server, type Socket } from 'node:net';
import { tcp, type TCPComponents, type TCPOptions } from '@libp2p/tcp';
import type { Transport } from '@libp2p/interface';
import { plainHost, readEndpoint } from './addresses.ts';

/** As `tcp(options)`; all other addresses pass unchanged. */
export function zonedTcp(options: TCPOptions): (components: TCPComponents) => Transport {
  return (components) => {
    const transport = tcp(options)(components);
    const dial = transport.dial.bind(transport);
    const createListener = transport.createListener.bind(transport);
    transport.dial = (address, dialOptions) => {
      const endpoint = readEndpoint(address.toString());
      if (endpoint?.zone === undefined) return dial(address, dialOptions);
      // What is given here goes to `net.connect` last and so replaces the host that lost its zone.
      return dial(address, Object.assign(dialOptions, { host: `${endpoint.host}%${endpoint.zone}` }));
    };
    transport.createListener = (listenOptions) => {
      const listener = createListener(listenOptions);
      if ('server' in listener && listener.server instanceof Server) {
        listener.server.prependListener('connection', hideZone);
      }
      return listener;
    };
    return transport;
  };
}

function hideZone(socket: Socket): void {
  const { remoteAddress } = socket;
  if (remoteAddress?.includes('%') !== true) return;
  Object.defineProperty(socket, 'remoteAddress', { value: plainHost(remoteAddress) });
}
