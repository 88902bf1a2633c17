/**
 * The libp2p node: TCP, WebSocket, Noise, Yamux and nothing else. It dials only when told, keeps no
 * peers, announces no address and answers no question but "which majors do you speak".
 *
 * There is no identify, ping, DHT, pubsub, relay, AutoNAT or UPnP: a stranger learns a network key that is
 * new at every start, and the names of two protocols.
 */
import { Server } from 'node:net';
import { KithError } from '@kith/core/base/errors';
import { invariant } from '@kith/core/base/invariant';
import type { generateKeyPair, privateKeyFromRaw } from '@libp2p/crypto/keys';
import type { webSockets } from '@libp2p/websockets';
import type { yamux } from '@libp2p/yamux';
import type { createLibp2p } from 'libp2p';
import type { ComponentLogger, Libp2p, Listener, Logger } from '@libp2p/interface';
import { endpointText, readEndpoint } from './addresses.ts';
import type { Gate } from './gate.ts';
import type { noise, NoiseCiphers } from './noise.ts';
import { SocketGuard } from './socket-guard.ts';
import type { zonedTcp } from './zoned-tcp.ts';
import {
  addressDialMsMax,
  closeMsMax,
  connectionsMax,
  dialMsMax,
  inboundPendingMax,
  inboundPerSecondMax,
  inboundSocketsMax,
  socketIdleMsMax,
  upgradeMsMax,
} from './limits.ts';

export interface RunningNode {
  libp2p: Libp2p;
  guard: SocketGuard;
  /** Where the listeners stand, wildcards kept, with the ports they really got. */
  listening: string[];
}

// libp2p writes addresses and keys into its log. Ours says what people need.
const silent: Logger = Object.assign(() => {}, {
  error: () => {},
  trace: () => {},
  enabled: false,
  newScope: () => silent,
});
const silence: ComponentLogger = { forComponent: () => silent };

interface Libraries {
  createLibp2p: typeof createLibp2p;
  zonedTcp: typeof zonedTcp;
  webSockets: typeof webSockets;
  noise: typeof noise;
  yamux: typeof yamux;
  generateKeyPair: typeof generateKeyPair;
  privateKeyFromRaw: typeof privateKeyFromRaw;
}

let loading: Promise<Libraries> | undefined;

/**
 * Loads libp2p, which takes half of the start of a node. Called early, it goes on beside the opening of the
 * database. Calling again gives the same.
 */
export function loadLibraries(): Promise<Libraries> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Libraries> {
  const [main, tcp, webSocket, secure, multiplex, keys] = await Promise.all([
    import('libp2p'),
    import('./zoned-tcp.ts'),
    import('@libp2p/websockets'),
    import('./noise.ts'),
    import('@libp2p/yamux'),
    import('@libp2p/crypto/keys'),
  ]);
  return {
    createLibp2p: main.createLibp2p,
    zonedTcp: tcp.zonedTcp,
    webSockets: webSocket.webSockets,
    noise: secure.noise,
    yamux: multiplex.yamux,
    generateKeyPair: keys.generateKeyPair,
    privateKeyFromRaw: keys.privateKeyFromRaw,
  };
}

/**
 * Resolves when all listeners stand. `prepare` is called before the first connection can come.
 * Throws `port-in-use` or `bad-address` with what to do.
 */
export async function startNode(
  {
    listen,
    networkKey,
    crypto,
  }: { listen: string[]; networkKey: Uint8Array | undefined; crypto: NoiseCiphers },
  gate: Gate,
  prepare: (libp2p: Libp2p, guard: SocketGuard) => Promise<void>,
): Promise<RunningNode> {
  const libraries = await loadLibraries();
  const idle = {
    inboundSocketInactivityTimeout: socketIdleMsMax,
    outboundSocketInactivityTimeout: socketIdleMsMax,
  };
  const libp2p = await libraries.createLibp2p({
    start: false,
    privateKey:
      networkKey === undefined
        ? await libraries.generateKeyPair('Ed25519')
        : libraries.privateKeyFromRaw(networkKey),
    nodeInfo: { name: 'kith', version: '1', userAgent: 'kith' },
    logger: silence,
    addresses: { listen, announceFilter: () => [] },
    transports: [
      libraries.zonedTcp({ ...idle, maxConnections: inboundSocketsMax }),
      libraries.webSockets({ http: { headersTimeout: upgradeMsMax } }),
    ],
    connectionEncrypters: [libraries.noise(crypto)],
    streamMuxers: [
      libraries.yamux({
        maxInboundStreams: 8,
        maxOutboundStreams: 8,
        streamOptions: { maxStreamWindowSize: 1024 * 1024 },
      }),
    ],
    connectionGater: gate.gater(),
    connectionMonitor: { enabled: false },
    connectionManager: {
      maxConnections: connectionsMax,
      maxIncomingPendingConnections: inboundPendingMax,
      inboundConnectionThreshold: inboundPerSecondMax,
      inboundUpgradeTimeout: upgradeMsMax,
      inboundStreamProtocolNegotiationTimeout: upgradeMsMax,
      outboundStreamProtocolNegotiationTimeout: upgradeMsMax,
      connectionCloseTimeout: closeMsMax,
      addressDialTimeout: addressDialMsMax,
      dialTimeout: dialMsMax,
      maxParallelReconnects: 0,
      reconnectRetries: 0,
      // Names are resolved by the operating system when a socket connects; nothing else asks a server.
      resolvers: {},
    },
  });
  const listeners: Listener[] = [];
  const guard = new SocketGuard((host) => gate.reaches(host));
  let guarded = true;
  libp2p.addEventListener('transport:listening', (event) => {
    listeners.push(event.detail);
    guarded &&= guard.watch(event.detail);
  });
  await prepare(libp2p, guard);
  try {
    await libp2p.start();
  } catch (error) {
    throw listenError(error);
  }
  invariant(guarded, 'the listeners of libp2p have the shape that the guard knows');
  return { libp2p, guard, listening: listeners.flatMap((listener) => withPort(listener, listen)) };
}

/** The listener's own address as it was asked for, with the port the operating system gave. */
function withPort(listener: Listener, asked: string[]): string[] {
  if (!('server' in listener) || !(listener.server instanceof Server)) return [];
  const bound = listener.server.address();
  if (bound === null || typeof bound === 'string') return [];
  const transport = 'wsServer' in listener ? 'ws' : 'tcp';
  const family = bound.family === 'IPv6' ? 'ip6' : 'ip4';
  const match = asked
    .map(readEndpoint)
    .find(
      (endpoint) =>
        endpoint?.family === family &&
        endpoint.transport === transport &&
        (endpoint.port === 0 || endpoint.port === bound.port),
    );
  const [host, zone] = bound.address.split('%');
  return [endpointText({ family, host: host ?? '', zone: match?.zone ?? zone, port: bound.port, transport })];
}

function listenError(error: unknown): unknown {
  const text = error instanceof Error ? error.message : String(error);
  const taken = /EADDRINUSE[^\n]*?:(\d+)\s*$/m.exec(text);
  if (taken !== null) {
    const sentence = `Port ${taken[1]} is taken by another program. Stop it, or choose another port with --listen.`;
    return new KithError('port-in-use', sentence, { cause: error });
  }
  const denied = /EACCES[^\n]*?:(\d+)\s*$/m.exec(text);
  if (denied !== null) {
    return new KithError(
      'bad-address',
      `Port ${denied[1]} needs rights that Kith does not have. Choose one above 1023.`,
    );
  }
  const foreign = /EADDRNOTAVAIL: address not available (\S+?)(?::\d+)?$/m.exec(text);
  if (foreign !== null) {
    return new KithError('bad-address', `This machine has no address ${foreign[1]} to listen on.`, {
      cause: error,
    });
  }
  return error;
}
