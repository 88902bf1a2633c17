/**
 * Serves the local API: a WebSocket on the profile's socket (or named pipe), and one on loopback for browsers.
 * Must never listen on another address than 127.0.0.1, read a body, or let a request reach the router before the
 * guard and the token have let it pass.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import { connect } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Duplex } from 'node:stream';
import { applyWSSHandler } from '@trpc/server/adapters/ws';
import { WebSocketServer } from 'ws';
import { KithError } from '@kith/core/base/errors';
import { apiPath, frameBytesMax } from '@kith/api/contract';
import { releaseSocket, reserveSocket, type SocketAddress } from '@kith/api/socket-path';
import { Access } from './access.ts';
import { ClientConnection } from './connection.ts';
import { judgeRequest, type Refusal } from './guard.ts';
import type { NodeHandle } from './node-handle.ts';
import { frontPage, securityHeaders, usedLinkPage, writePage } from './pages.ts';
import type { ApiContext } from './procedure.ts';
import { routes } from './routes.ts';

/** Connections per listener. A guess: a browser with a few tabs and a dozen commands fit. */
export const connectionsMax = 32;
/** Calls in one frame. */
const batchMax = 256;
/** A head that takes longer comes from nobody who shares this machine in good faith. */
const headMsMax = 5_000;
/** How long a client may take to answer our goodbye. A guess. */
const farewellMsMax = 500;

export interface LocalApiOptions {
  handle: NodeHandle;
  /** Absolute path of the profile's folder; the caller holds its lock. */
  dataDir: string;
  /** Loopback port; 0 lets the system choose; undefined serves no loopback URL. */
  port: number | undefined;
  /** Told what was refused and why, never what was in it. */
  log: (code: string, detail: Record<string, string | number>) => void;
  /** How long a request may take to arrive; tests shorten it. */
  headMs?: number;
}

export interface LocalApi {
  /** `http://127.0.0.1:PORT`, or undefined where no loopback URL is served. */
  readonly url: string | undefined;
  /** For clients over loopback that are no browser. A secret. */
  readonly token: string;
  /** A URL that opens the web app once, within a minute. */
  webLink(): string | undefined;
  /** Ends all connections; resolves when nothing listens any more. Safe to call twice. */
  stop: () => Promise<void>;
}

/**
 * Resolves when both listen.
 *
 * @throws KithError `profile-in-use` - a node answers on the socket of this profile.
 * @throws KithError `port-in-use` - the loopback port is taken.
 */
export async function startLocalApi(options: LocalApiOptions): Promise<LocalApi> {
  const access = new Access({ random: () => randomBytes(32), nowMs: () => performance.now() });
  const contexts = new WeakMap<IncomingMessage, ApiContext>();
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: frameBytesMax,
    maxFragments: 64,
    perMessageDeflate: false,
  });
  applyWSSHandler({
    wss: sockets,
    router: routes,
    maxBatchSize: batchMax,
    keepAlive: { enabled: true },
    createContext: ({ req }) => {
      const context = contexts.get(req);
      if (context === undefined) throw new KithError('unauthorised');
      return context;
    },
    onError: ({ error, path }) => {
      if (error.cause instanceof KithError && error.cause.code !== 'internal') return;
      // A path that we do not know is the caller's text.
      const call = error.code === 'NOT_FOUND' ? '' : (path ?? '');
      options.log('api-error', { call, kind: error.code, cause: error.cause?.name ?? '' });
    },
  });
  let url: string | undefined;
  const webLink = (): string | undefined =>
    url === undefined ? undefined : `${url}/?code=${access.newCode()}`;
  const accept = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const connection = new ClientConnection(socket);
    contexts.set(request, { handle: options.handle, connection, url: () => url, webLink });
    sockets.handleUpgrade(request, socket, head, (client) => {
      sockets.emit('connection', client, request);
    });
  };

  const own = await serveSocket(options, accept);
  const servers = [own];
  if (options.port !== undefined) {
    try {
      const loopback = await serveLoopback(options, access, accept);
      servers.push(loopback.server);
      url = loopback.url;
    } catch (error) {
      await closeServer(own);
      releaseSocket(options.dataDir);
      throw error;
    }
  }

  let stopping: Promise<void> | undefined;
  async function stop(): Promise<void> {
    // What was just answered, such as the failure that ends the node, goes before the goodbye.
    await nextTurn();
    for (const client of sockets.clients) client.close(1001);
    const deadline = setTimeout(() => {
      for (const client of sockets.clients) client.terminate();
    }, farewellMsMax);
    await Promise.all(servers.map(closeServer));
    clearTimeout(deadline);
    releaseSocket(options.dataDir);
  }
  return { url, token: access.token, webLink, stop: async () => await (stopping ??= stop()) };
}

type Accept = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

function serverOptions(options: LocalApiOptions): ServerOptions {
  const headMs = options.headMs ?? headMsMax;
  return {
    headersTimeout: headMs,
    requestTimeout: headMs,
    keepAliveTimeout: headMs,
    connectionsCheckingInterval: Math.min(1_000, headMs),
    maxHeaderSize: 8_192,
  };
}

/** The profile's own socket. Whoever can open it is the owner; a named pipe asks for a token besides. */
async function serveSocket(options: LocalApiOptions, accept: Accept): Promise<Server> {
  const address = reserveSocket(options.dataDir);
  const server = createServer(serverOptions(options), (_request, response) => {
    writePage(response, { ...frontPage, status: 404 });
  });
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

async function serveLoopback(
  options: LocalApiOptions,
  access: Access,
  accept: Accept,
): Promise<{ server: Server; url: string }> {
  const server = createServer(serverOptions(options), (request, response) => {
    respond({ request, response, access, own, log: options.log });
  });
  let own = '';
  server.maxConnections = connectionsMax;
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const refusal = judgeUpgrade(request, access, own);
    if (refusal === undefined) {
      accept(request, socket, head);
      return;
    }
    options.log('api-refused', { status: refusal.status });
    refuse(socket, refusal);
  });
  await listening(server, () =>
    server.listen({ host: '127.0.0.1', port: options.port ?? 0, exclusive: true }),
  );
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new KithError('internal');
  own = `127.0.0.1:${bound.port}`;
  return { server, url: `http://${own}` };
}

/** Guard, then path, then token: all of it before the upgrade. */
function judgeUpgrade(request: IncomingMessage, access: Access, own: string): Refusal | undefined {
  const refusal = judgeRequest({ method: request.method ?? '', ...pick(request) }, own, true);
  if (refusal !== undefined) return refusal;
  if (request.url !== apiPath) return { status: 404, sentence: 'Nothing is served here.' };
  const verdict = access.judge(request.headers);
  if (verdict === 'too-many') return { status: 429, sentence: 'Too many wrong tokens. Wait a minute.' };
  return verdict === 'yes'
    ? undefined
    : { status: 401, sentence: 'The token of this node is missing or wrong.' };
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  access: Access;
  own: string;
  log: LocalApiOptions['log'];
}

function respond({ request, response, access, own, log }: Exchange): void {
  const refusal = judgeRequest({ method: request.method ?? '', ...pick(request) }, own, false);
  if (refusal !== undefined) {
    log('api-refused', { status: refusal.status });
    writePage(response, { status: refusal.status, title: 'No', text: refusal.sentence });
    return;
  }
  const [path, query = ''] = (request.url ?? '').split('?', 2);
  if (path !== '/') {
    writePage(response, { status: 404, title: 'Not here', text: 'There is no such page.' });
    return;
  }
  const code = /^code=([\w-]{1,128})$/.exec(query)?.[1];
  if (code === undefined) {
    writePage(response, frontPage);
    return;
  }
  const verdict = access.redeem(code);
  if (verdict === 'yes') {
    // To an address without the code, so that it stands in no history and no referrer.
    response.writeHead(303, { ...securityHeaders, location: '/', 'set-cookie': access.setCookie() }).end();
    return;
  }
  log('api-refused', { status: verdict === 'too-many' ? 429 : 403 });
  writePage(response, verdict === 'too-many' ? { ...usedLinkPage, status: 429 } : usedLinkPage);
}

function pick({ headers, rawHeaders }: IncomingMessage): Pick<IncomingMessage, 'headers' | 'rawHeaders'> {
  return { headers, rawHeaders };
}

function refuse(socket: Duplex, refusal: Refusal): void {
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

async function closeServer(server: Server): Promise<void> {
  const closed = Promise.withResolvers<void>();
  server.close(() => closed.resolve());
  server.closeAllConnections();
  await closed.promise;
}
