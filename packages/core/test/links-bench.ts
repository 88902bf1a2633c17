/** One links machine, and puppets that say hello to it. */
import type { LinkId, PeerId } from '../src/base/ids.ts';
import { seededKeySource, seededRandom } from '../src/base/random.ts';
import type { Crypto } from '../src/crypto/crypto.ts';
import { createNativeBackend } from '../src/crypto/native/native-backend.ts';
import type { LinkPath } from '../src/protocol/links/link-state.ts';
import { Links } from '../src/protocol/links/links.ts';
import { linksDefaults, type LinksInput, type LinksOutput } from '../src/protocol/links/links-contract.ts';
import { decodeFrame, type Frame } from '../src/wire/frame.ts';
import type { LinkPurpose } from '../src/wire/hello.ts';

export const crypto: Crypto = { backend: createNativeBackend(), keys: seededKeySource(seededRandom(1)) };
const nonce = new Uint8Array(32).fill(7);

export interface Up {
  dialled?: boolean;
  address?: string;
  path?: LinkPath;
}

export class Bench {
  readonly links: Links = new Links(crypto, linksDefaults, seededRandom(1));
  nowMs: number = 1_000_000;
  #nextLink = 1;

  constructor() {
    this.feed({ type: 'listening', self: 'node-m' as PeerId, addresses: ['/ip4/192.0.2.1/tcp/1'] });
  }

  feed(input: LinksInput): LinksOutput[] {
    return this.links.handle(input, this.nowMs);
  }

  /** Time goes on; the machine is woken whenever it asks for it. */
  wait(ms: number): LinksOutput[] {
    const untilMs = this.nowMs + ms;
    const outputs: LinksOutput[] = [];
    for (let wake = 0; wake < 1_000; wake++) {
      const dueMs = this.links.nextWakeMs() ?? Infinity;
      if (dueMs > untilMs) break;
      this.nowMs = Math.max(this.nowMs, dueMs);
      outputs.push(...this.feed({ type: 'wake' }));
    }
    this.nowMs = untilMs;
    return outputs;
  }

  reach(remote: string, purpose: LinkPurpose, address: string = '/ip4/203.0.113.7/tcp/7'): LinksOutput[] {
    return this.feed({
      type: 'reach',
      remote: remote as PeerId,
      addresses: [address],
      why: 'bootstrap',
      purpose,
    });
  }

  up(remote: string, { dialled = false, address, path = 'direct' }: Up = {}): Came {
    const link = this.#nextLink++ as LinkId;
    const where = address ?? `/ip4/203.0.113.7/tcp/${link + 1_000}`;
    const common = { link, remote: remote as PeerId, path, dialled };
    return { link, outputs: this.feed({ type: 'linkUp', ...common, address: where }) };
  }

  hello(link: LinkId, purpose: LinkPurpose, minor: number = 1): LinksOutput[] {
    const frame: Frame = { type: 'hello', major: 1, minor, nonce, purpose };
    return this.feed({ type: 'frame', link, frame });
  }

  /** A link on which both said hello. */
  open(remote: string, up: Up = {}, purpose: LinkPurpose = 'neighbour'): Came {
    const { link, outputs } = this.up(remote, up);
    return { link, outputs: [...outputs, ...this.hello(link, purpose)] };
  }
}

export interface Came {
  link: LinkId;
  outputs: LinksOutput[];
}

export function frames(outputs: LinksOutput[]): Frame[] {
  return outputs.flatMap((output) => (output.type === 'send' ? [decodeFrame(output.frame)!] : []));
}

export function closed(outputs: LinksOutput[]): string[] {
  return outputs.flatMap((output) => (output.type === 'close' ? [output.reason] : []));
}

export function kinds(outputs: LinksOutput[]): string[] {
  return outputs.map(({ type }) => type);
}
