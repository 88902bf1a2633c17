/**
 * Carries out dials: one at a time for a peer, the addresses in turn, each checked by the gate and noted
 * down before a byte leaves.
 *
 * A dial ends in a link to its peer (also one that the other side opened meanwhile) or in one `dialFailed`.
 */
import type { DialReason } from '@kith/core/base/dial-reason';
import type { PeerId } from '@kith/core/base/ids';
import type { Connection, Libp2p } from '@libp2p/interface';
import { multiaddr } from '@multiformats/multiaddr';
import { endpointText, readEndpoint } from './addresses.ts';
import type { ContactedList } from './contacted.ts';
import { dialCode, moreTelling, type DialCode } from './dial-error.ts';
import type { Gate } from './gate.ts';
import type { Links } from './links.ts';
import { addressDialMsMax, addressesMax, dialMsMax, dialsMax, linkProtocol } from './limits.ts';

export interface DiallerHost {
  libp2p: Libp2p;
  self: PeerId;
  links: Links;
  gate: Gate;
  contacted: ContactedList;
  failed(dial: number, code: DialCode): void;
  /** The other side answered but has no such protocol. */
  foreign(connection: Connection): Promise<void>;
  /** For `troubles`: an address that mDNS gave answered, or did not. */
  tried(remote: PeerId | undefined, code: DialCode | 'connected'): void;
}

interface Job {
  dial: number;
  remote: PeerId | undefined;
  addresses: string[];
  why: DialReason;
  stop: AbortController;
}

export class Dialler {
  readonly #host: DiallerHost;
  readonly #jobs = new Set<Job>();
  /** The end of the queue of dials to one peer. */
  readonly #queues = new Map<PeerId, Promise<void>>();

  constructor(host: DiallerHost) {
    this.#host = host;
  }

  /** More than {@link dialsMax} at a time fail at once; more than {@link addressesMax} addresses are cut. */
  dial(dial: number, remote: PeerId | undefined, addresses: string[], why: DialReason): void {
    if (this.#jobs.size >= dialsMax) {
      queueMicrotask(() => this.#host.failed(dial, 'other'));
      return;
    }
    const job: Job = {
      dial,
      remote,
      addresses: addresses.slice(0, addressesMax),
      why,
      stop: new AbortController(),
    };
    this.#jobs.add(job);
    const before = remote === undefined ? undefined : this.#queues.get(remote);
    const running = (before ?? Promise.resolve())
      .then(() => this.#run(job))
      .finally(() => {
        this.#jobs.delete(job);
        if (remote !== undefined && this.#queues.get(remote) === running) this.#queues.delete(remote);
      });
    if (remote !== undefined) this.#queues.set(remote, running);
  }

  /** Ends the dials to a peer that is linked now, whoever dialled. */
  linked(remote: PeerId): void {
    for (const job of this.#jobs) if (job.remote === remote) job.stop.abort();
  }

  /** Resolves when no dial runs any more. */
  async stop(): Promise<void> {
    for (const job of this.#jobs) job.stop.abort();
    await Promise.all(this.#queues.values());
  }

  async #run(job: Job): Promise<void> {
    const { remote } = job;
    const { links } = this.#host;
    const settled = (): boolean => remote !== undefined && links.linked(remote);
    let code: DialCode = 'other';
    const untilMs = performance.now() + dialMsMax;
    for (const address of job.addresses) {
      if (settled() || job.stop.signal.aborted || performance.now() > untilMs) break;
      const outcome = await this.#try(job, address);
      if (outcome === 'linked') return;
      code = moreTelling(code, outcome);
    }
    if (!settled()) this.#host.failed(job.dial, code);
  }

  async #try(job: Job, address: string): Promise<DialCode | 'linked'> {
    const endpoint = readEndpoint(address);
    if (endpoint === undefined || !this.#host.gate.allows(address)) return 'other';
    const expected = job.remote ?? endpoint.peer;
    if (expected === this.#host.self || (endpoint.peer !== undefined && endpoint.peer !== expected))
      return 'other';
    const text = endpointText(endpoint);
    this.#host.contacted.add(text, job.why);
    const signal = AbortSignal.any([job.stop.signal, AbortSignal.timeout(addressDialMsMax)]);
    let connection: Connection | undefined;
    try {
      // With the expected id in the address Noise refuses anybody else before it shows our key.
      const target = multiaddr(expected === undefined ? text : `${text}/p2p/${expected}`);
      connection = await this.#host.libp2p.dial(target, { signal, force: true });
      const stream = await connection.newStream(linkProtocol, { signal });
      this.#host.tried(expected, 'connected');
      return (await this.#host.links.outgoing(stream, connection)) ? 'linked' : 'other';
    } catch (error) {
      const code = dialCode(error);
      if (!job.stop.signal.aborted) this.#host.tried(expected, code);
      if (connection !== undefined && code === 'not-kith') await this.#host.foreign(connection);
      connection?.abort(new Error('dial failed'));
      return code;
    }
  }
}
