/**
 * The two listeners of the local API, and how they are bounded: the profile's socket (or named pipe), and loopback.
 * Must never listen on another address than 127.0.0.1.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { KithError } from '@kith/core/base/errors';
import { apiPath } from '@kith/api/contract';
import { reserveSocket, type SocketAddress } from '@kith/api/socket-path';
import type { Refusal } from './guard.ts';
import { writePage } from './pages.ts';

/** Connections on the profile's socket, and WebSockets on loopback. A guess: a dozen tabs and as many commands fit. */
export const connectionsMax = 32;
/** Connections on loopback: a browser keeps six more open for what is no WebSocket, and another may come by. */
export const loopbackConnectionsMax = 64;
/** A head that takes longer comes from nobody who shares this machine in good faith. */
const headMsMax = 5_000;
/** A connection on which nothing moves for this long, such as one that does not read its answer. A guess. */
const silentMsMax = 30_000;

export type Accept = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

function serverOptions(headMs: number = headMsMax): ServerOptions {
  return {
    headersTimeout: headMs,
    requestTimeout: headMs,
    keepAliveTimeout: headMs,
    connectionsCheckingInterval: Math.min(1_000, headMs),
    maxHeaderSize: 8_192,
  };
}

/** The profile's own socket. Whoever can open it is the owner; a named pipe asks for a token besides. */
export async function serveSocket(
  dataDir: string,
  headMs: number | undefined,
  accept: Accept,
): Promise<Server> {
  const address = reserveSocket(dataDir);
  const server = createServer(serverOptions(headMs), (_request, response) => {
    writePage(response, { status: 404, title: 'Not here', text: 'There is no such page.' }, {});
  });
  server.timeout = silentMsMax;
  server.maxConnections = connectionsMax;
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    if (request.url !== apiPath) refuse(socket, { status: 404, sentence: 'Nothing is served here.' });
    else if (!hasPipeToken(address, request))
      refuse(socket, { status: 403, sentence: 'The token is wrong.' });
    else accept(request, socket, head);
  });
  if (process.platform === 'win32') {
    await listening(server, () => server.listen({ path: address.path }));
    return server;
  }
  if (await answers(address.path)) throw new KithError('profile-in-use');
  rmSync(address.path, { force: true });
  // From its first moment the socket is its owner's alone; the profile's folder is as well.
  const umask = process.umask(0o177);
  try {
    await listening(server, () => {
      server.listen({ path: address.path });
      process.umask(umask);
    });
  } finally {
    process.umask(umask);
  }
  chmodSync(address.path, 0o600);
  return server;
}

/**
 * The listener on 127.0.0.1.
 * @param port - 0 lets the system choose.
 * @returns the port. @throws KithError `port-in-use`.
 */
export async function listenLoopback(server: Server, port: number): Promise<number> {
  await listening(server, () => server.listen({ host: '127.0.0.1', port, exclusive: true }));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new KithError('internal');
  return bound.port;
}

export function loopbackServer(
  headMs: number | undefined,
  respond: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const server = createServer(serverOptions(headMs), respond);
  server.maxConnections = loopbackConnectionsMax;
  server.timeout = silentMsMax;
  return server;
}

export function refuse(socket: Duplex, refusal: Refusal): void {
  const body = `${refusal.sentence}\n`;
  socket.end(
    `HTTP/1.1 ${refusal.status} Refused\r\nconnection: close\r\ncontent-type: text/plain; charset=utf-8\r\n` +
      `x-content-type-options: nosniff\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    // Whoever keeps a refused connection open gets nothing more.
    () => socket.destroy(),
  );
}

function hasPipeToken(address: SocketAddress, request: IncomingMessage): boolean {
  if (address.token === undefined) return true;
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(`Bearer ${address.token}`), hash(request.headers.authorization ?? ''));
}

/** Whether somebody listens on that socket. */
async function answers(path: string): Promise<boolean> {
  const outcome = Promise.withResolvers<boolean>();
  const probe = connect(path);
  probe.once('connect', () => outcome.resolve(true));
  probe.once('error', () => outcome.resolve(false));
  const isThere = await outcome.promise;
  probe.destroy();
  return isThere;
}

async function listening(server: Server, listen: () => void): Promise<void> {
  const outcome = Promise.withResolvers<void>();
  server.once('listening', outcome.resolve);
  server.once('error', (error: NodeJS.ErrnoException) => {
    outcome.reject(
      error.code === 'EADDRINUSE' ? new KithError('port-in-use', undefined, { cause: error }) : error,
    );
  });
  listen();
  await outcome.promise;
}

export async function closeServer(server: Server): Promise<void> {
  const closed = Promise.withResolvers<void>();
  server.close(() => closed.resolve());
  server.closeAllConnections();
  await closed.promise;
}
