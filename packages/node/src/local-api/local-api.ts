/**
 * Serves the local API: a WebSocket on the profile's socket (or named pipe), and one on loopback for browsers, beside
 * the files of the web app. Must never read a body, or let a request reach the router before the guard and the token
 * have let it pass.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { KithError } from '@kith/core/base/errors';
import { releaseSocket } from '@kith/api/socket-path';
import { Access } from './access.ts';
import { BrowserLinks, farewellMsMax } from './browser-links.ts';
import { ClientConnection } from './connection.ts';
import { Door } from './door.ts';
import { Downloads } from './downloads.ts';
import {
  closeServer,
  listenLoopback,
  loopbackServer,
  refuse,
  serveSocket,
  type Accept,
} from './listeners.ts';
import { Loopback } from './loopback.ts';
import type { NodeHandle } from './node-handle.ts';
import type { ApiContext } from './procedure.ts';
import { BrowserSessions } from './sessions.ts';
import { WebFiles } from './web-files.ts';

export interface LocalApiOptions {
  handle: NodeHandle;
  /** Absolute path of the profile's folder; the caller holds its lock. */
  dataDir: string;
  /**
   * Loopback port; 0 lets the system choose; `kept`: the one of the last start where it is free, else another, which is
   * kept from now on; undefined serves no loopback URL.
   */
  port: number | 'kept' | undefined;
  /** Folder of the built web app; it may be missing, and is where nobody needs one. */
  webDir?: string;
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
  /** Whether the web app was built: else the URL leads to a page that says so. */
  hasWebApp(): boolean;
  /** Ends all connections; resolves when nothing listens any more. Safe to call twice. */
  stop: () => Promise<void>;
}

/**
 * Resolves when both listen.
 *
 * @throws KithError `profile-in-use` - a node answers on the socket of this profile.
 * @throws KithError `port-in-use` - the loopback port that was asked for is taken.
 */
export async function startLocalApi(options: LocalApiOptions): Promise<LocalApi> {
  const { handle, log, headMs } = options;
  const access = new Access({ random: () => randomBytes(32), nowMs: () => performance.now() });
  const sessions = new BrowserSessions(
    { random: () => randomBytes(32), wallMs: () => Date.now(), nowMs: () => performance.now() },
    { kept: () => handle.kept('browsers'), keep: (value) => handle.keep('browsers', value) },
  );
  const links = new BrowserLinks();
  const web = new WebFiles(options.webDir, log);
  const downloads = newDownloads(handle, log);
  let url: string | undefined;
  const webLink = (): string | undefined =>
    url === undefined ? undefined : `${url}/?code=${access.newCode()}`;
  const browsers = browserList(sessions, links);
  const door = new Door({ log, links, sessions });
  const accept = (isLoopback: boolean, session?: string): Accept => {
    return (request, socket, head) => {
      const connection = new ClientConnection(socket);
      const context = { handle, connection, session, browsers, downloads, url: () => url, webLink };
      void door.open({ request, socket, head }, context, isLoopback);
    };
  };

  const servers = [await serveSocket(options.dataDir, headMs, accept(false))];
  if (options.port !== undefined) {
    const onEnded = (ended: readonly string[]): void => links.end(ended);
    const hasRoom = (): boolean => links.hasRoom();
    const loopback = new Loopback({ access, sessions, web, downloads, log, onEnded, hasRoom });
    const server = loopbackServer(headMs, (request, response) => loopback.respond(request, response));
    server.on('upgrade', (request: IncomingMessage, socket, head) => {
      socket.on('error', () => socket.destroy());
      const verdict = loopback.judgeUpgrade(request);
      if ('session' in verdict) accept(true, verdict.session)(request, socket, head);
      else {
        log('api-refused', { status: verdict.status });
        refuse(socket, verdict);
      }
    });
    servers.push(server);
    try {
      const port = await choosePort(server, options, sessions);
      loopback.own = `127.0.0.1:${port}`;
      url = `http://${loopback.own}`;
    } catch (error) {
      await Promise.all(servers.map(closeServer));
      releaseSocket(options.dataDir);
      throw error;
    }
  }

  let stopping: Promise<void> | undefined;
  async function stop(): Promise<void> {
    // What was just answered, such as the failure that ends the node, goes before the goodbye.
    await nextTurn();
    const terminate = door.close();
    const deadline = setTimeout(terminate, farewellMsMax);
    await Promise.all(servers.map(closeServer));
    clearTimeout(deadline);
    releaseSocket(options.dataDir);
  }
  return {
    url,
    token: access.token,
    webLink,
    hasWebApp: () => web.isThere(),
    stop: async () => await (stopping ??= stop()),
  };
}

function newDownloads(handle: NodeHandle, log: LocalApiOptions['log']): Downloads {
  return new Downloads({
    pieces: async function* (input) {
      const { exportPieces } = await import('./export/pieces.ts');
      yield* exportPieces(handle, input, Date.now());
    },
    nowMs: () => performance.now(),
    wallMs: () => Date.now(),
    log,
  });
}

function browserList(sessions: BrowserSessions, links: BrowserLinks): ApiContext['browsers'] {
  return {
    list(current) {
      for (const session of links.sessions()) sessions.touch(session);
      return sessions.list(current);
    },
    signOut(id) {
      const wasIn = sessions.signOut(id);
      // The answer leaves first: it may be the one that asks.
      setImmediate(() => links.end([id]));
      return wasIn;
    },
  };
}

/** Listens, on the port that browsers know where that is possible: their storage belongs to it. @returns the port. */
async function choosePort(
  server: Server,
  { handle, port = 0, log }: LocalApiOptions,
  sessions: BrowserSessions,
): Promise<number> {
  if (port !== 'kept') return await listenLoopback(server, port);
  const kept = portOf(handle.kept('loopback-port'));
  try {
    const bound = await listenLoopback(server, kept);
    if (bound !== kept) handle.keep('loopback-port', bytesOf(bound));
    return bound;
  } catch (error) {
    if (kept === 0 || !(error instanceof KithError) || error.code !== 'port-in-use') throw error;
  }
  // Whoever has it now is sent the cookies of our browsers, and a page that was loaded from there can read its key.
  sessions.endThoseOf(kept);
  const bound = await listenLoopback(server, 0);
  log('port-taken', { kept, port: bound });
  handle.keep('loopback-port', bytesOf(bound));
  return bound;
}

function portOf(value: Uint8Array | undefined): number {
  return value?.length === 2 ? Buffer.from(value).readUInt16BE() : 0;
}

function bytesOf(port: number): Uint8Array {
  return Uint8Array.of(port >> 8, port & 0xff);
}
