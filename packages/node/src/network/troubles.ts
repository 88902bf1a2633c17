/** What `kith doctor` should say about the network. Collects facts; sentences are made when asked. */
import type { PeerId } from '@kith/core/base/ids';
import type { Trouble } from '../driver/adapters.ts';
import type { DialCode } from './dial-error.ts';
import { protocolMajor, troublePeersMax } from './limits.ts';

/** What mDNS knows at the moment of asking. */
export interface LanFacts {
  heard: number;
  failures: [interfaceName: string, code: string][];
  /** Our TCP port, for the sentence about the firewall. */
  port: number | undefined;
}

export class Troubles {
  /** Nodes that mDNS gave and that we dialled: whether one of its addresses ever answered. */
  readonly #tried = new Map<PeerId, boolean>();
  readonly #majors = new Set<number>();

  /** A dial to a node heard on the LAN ended, or it connected to us. */
  tried(remote: PeerId, outcome: DialCode | 'connected'): void {
    const answered = outcome === 'connected' || outcome === 'not-kith' || outcome === 'other';
    if (!this.#tried.has(remote) && this.#tried.size >= troublePeersMax) return;
    this.#tried.set(remote, answered || this.#tried.get(remote) === true);
  }

  /** It said goodbye or was not heard any more. */
  forget(remote: PeerId): void {
    this.#tried.delete(remote);
  }

  otherMajor(major: number): void {
    if (Number.isInteger(major) && major >= 0 && major < 256 && this.#majors.size < 16)
      this.#majors.add(major);
  }

  list(lan: LanFacts | undefined): Trouble[] {
    const troubles: Trouble[] = [];
    for (const [interfaceName, code] of lan?.failures ?? []) troubles.push(mdnsTrouble(interfaceName, code));
    const tried = [...this.#tried.values()];
    if (lan !== undefined && tried.length > 0 && tried.every((answered) => !answered)) {
      const port = lan.port === undefined ? 'the port of Kith' : `TCP port ${lan.port}`;
      troubles.push({
        code: 'lan-silent',
        values: { heard: lan.heard, port: lan.port ?? 0 },
        detail: `mDNS heard ${lan.heard} ${lan.heard === 1 ? 'node' : 'nodes'}, but none answered by TCP: a firewall?`,
        fix: `Allow incoming connections to ${port} on both machines. A guest network may forbid them altogether.`,
      });
    }
    if (this.#majors.size > 0) {
      const theirs = [...this.#majors].join(', ');
      troubles.push({
        code: 'other-version',
        values: { theirs, ours: protocolMajor },
        detail: `A node nearby speaks Kith ${theirs}; this one speaks Kith ${protocolMajor}.`,
        fix: 'Update the older of the two.',
      });
    }
    return troubles;
  }
}

function mdnsTrouble(interfaceName: string, code: string): Trouble {
  if (code === 'EADDRINUSE') {
    return {
      code: 'mdns-port',
      values: { interface: interfaceName },
      detail: `Another program keeps UDP port 5353 to itself, so nobody is found on ${interfaceName}.`,
      fix: 'Stop that program, or connect with --bootstrap or by an address in the card.',
    };
  }
  return {
    code: 'mdns-failed',
    values: { interface: interfaceName, code },
    detail: `mDNS does not work on ${interfaceName} (${code}), so nobody is found there.`,
    fix: 'Check that multicast is allowed on that interface, or connect with --bootstrap.',
  };
}
