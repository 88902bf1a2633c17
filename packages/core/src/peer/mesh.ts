/** The overlay of this node and what rides on it: discovery, views, broadcast and the key space. */
import { KithError } from '../base/errors.ts';
import type { Commands } from './contract.ts';

export class Mesh {
  follow(_topic: string, _peers: { addresses: string[] }[]): Commands['follow']['out'] {
    throw new KithError('internal');
  }

  unfollow(_topic: string): Commands['unfollow']['out'] {
    throw new KithError('internal');
  }

  publish(_topic: string, _body: Uint8Array): Commands['publish']['out'] {
    throw new KithError('internal');
  }
}
