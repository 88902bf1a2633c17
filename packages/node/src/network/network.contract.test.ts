import { createNativeBackend } from '@kith/core/crypto/native/native-backend';
import { networkContract } from '../../test/network-contract.ts';
import { createNetwork } from './network.ts';

const crypto = createNativeBackend();
const listen = ['/ip4/127.0.0.1/tcp/0'];

networkContract('libp2p over loopback', () => ({
  create: (lan) => createNetwork({ lan, listen, port: undefined, crypto, log: () => {} }),
  nobody: '/ip4/127.0.0.1/tcp/9',
}));
