/** A node's local API before somebody hostile: talks HTTP, WebSocket and plain bytes to it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { WebSocket } from 'ws';
import { connect } from '@kith/api/client';
import { startLocalApi, type LocalApi } from '../src/local-api/local-api.ts';
import { FakeNode } from './fake-node.ts';

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Asked {
  path?: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

export class HostileWorld {
  readonly dataDir: string;
  readonly node: FakeNode;
  readonly api: LocalApi;
  readonly sockets: { destroy: () => void }[] = [];
  private readonly log: string[];

  private constructor(node: FakeNode, dataDir: string, api: LocalApi, log: string[]) {
    this.node = node;
    this.dataDir = dataDir;
    this.api = api;
    this.log = log;
  }

  /** @param webDir - Of a built app; without one there is none. */
  static async start(webDir?: string): Promise<HostileWorld> {
    const dataDir = mkdtempSync(join(tmpdir(), 'kith-hostile-'));
    const node = new FakeNode(dataDir);
    const log: string[] = [];
    const api = await startLocalApi({
      handle: node,
      dataDir,
      port: 0,
      headMs: 300,
      ...(webDir === undefined ? {} : { webDir }),
      log: (code, detail) => log.push(`${code} ${JSON.stringify(detail)}`),
    });
    return new HostileWorld(node, dataDir, api, log);
  }

  /** Whatever was done to it: the node answers its owner, and no secret stands in its log. */
  async end(): Promise<void> {
    for (const socket of this.sockets.splice(0)) socket.destroy();
    const connection = await connect({ target: { data: this.dataDir }, reconnect: false });
    expect((await connection.api.profile.get.query()).name).toBe('Ada');
    await connection.close();
    expect(this.log.join()).not.toContain(this.api.token);
    expect(this.log.join()).not.toContain('marker');
    await this.api.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  get port(): number {
    return Number(new URL(this.api.url ?? '').port);
  }

  async ask({ path = '/', method = 'GET', headers = {}, body }: Asked): Promise<Reply> {
    return await new Promise((resolve, reject) => {
      const asked = request(
        { host: '127.0.0.1', port: this.port, path, method, headers, agent: false },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (text += chunk));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
          );
        },
      );
      asked.on('error', reject);
      asked.end(body);
    });
  }

  /** The status with which a WebSocket was refused, or 101. */
  async upgrade(headers: Record<string, string>, path = '/api'): Promise<number> {
    return await new Promise((resolve, reject) => {
      const { 'sec-websocket-protocol': protocols = '', ...others } = headers;
      const offered = protocols === '' ? [] : protocols.split(', ');
      const socket = new WebSocket(`ws://127.0.0.1:${this.port}${path}`, offered, { headers: others });
      this.sockets.push({ destroy: () => socket.terminate() });
      socket.on('open', () => resolve(101));
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
      socket.on('error', reject);
    });
  }

  bearer(): Record<string, string> {
    return { authorization: `Bearer ${this.api.token}` };
  }

  /** Talks bytes. Resolves with everything that came, when the node hangs up. */
  async raw(bytes: string, target: 'loopback' | 'socket' = 'loopback'): Promise<string> {
    const socket =
      target === 'loopback'
        ? connectSocket(this.port, '127.0.0.1')
        : connectSocket(join(this.dataDir, 'node.sock'));
    this.sockets.push(socket);
    return await new Promise((resolve) => {
      let text = '';
      socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
      // A reset is a way to hang up, too.
      socket.on('error', () => resolve(text));
      socket.on('close', () => resolve(text));
      socket.write(bytes);
    });
  }

  /** An open, accepted WebSocket on the profile's socket, below the client library. */
  async socketClient(): Promise<WebSocket> {
    const socket = new WebSocket('ws://localhost/api', {
      createConnection: () => connectSocket(join(this.dataDir, 'node.sock')),
    });
    this.sockets.push({ destroy: () => socket.terminate() });
    await new Promise((resolve, reject) => {
      socket.on('open', resolve);
      socket.on('error', reject);
    });
    return socket;
  }
}

export async function answers(socket: WebSocket, count: number): Promise<unknown[]> {
  return await new Promise((resolve) => {
    const found: unknown[] = [];
    socket.on('message', (data: Buffer) => {
      found.push(JSON.parse(data.toString('utf8')));
      if (found.length === count) resolve(found);
    });
  });
}

export async function closeCode(socket: WebSocket): Promise<number> {
  return await new Promise((resolve) => {
    socket.on('close', resolve);
    socket.on('error', () => undefined);
  });
}
