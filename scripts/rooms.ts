/**
 * The rooms of the repository, as data: what lives in a folder, what it may import and why. `scripts/layers.ts`
 * keeps them. A package manager that hoists will not do this for us.
 *
 * A room may always import itself. Folders are written from the root; a package is a bare name; `node:*` stands for
 * all built-ins; a `*` as a folder makes each folder there a room of its own, so that siblings stay strangers.
 */
export interface Room {
  room: string;
  may: string[];
  because: string;
  /** Names that would bring in time, chance or waiting, and who may have them after all. */
  pure?: boolean;
}

const base = 'packages/core/src/base';
const crypto = 'packages/core/src/crypto';
const wire = 'packages/core/src/wire';
const core = 'packages/core/src';
const api = 'packages/api/src';
const node = 'packages/node/src';
const adapters = 'packages/node/src/driver/adapters.ts';

export const rooms: Room[] = [
  {
    room: base,
    may: [],
    because: 'base carries everything else, so it leans on nothing',
    pure: true,
  },
  {
    room: crypto,
    may: [base, '@scure/base'],
    because: 'protocols of keys know the interface of a backend; libraries stay behind it',
    pure: true,
  },
  {
    room: `${crypto}/native`,
    may: [base, crypto, 'sodium-native', 'node:crypto', 'node:module'],
    because: 'the backend for Node: the only code of core that may touch Node',
  },
  {
    room: `${crypto}/portable`,
    may: [base, crypto, 'libsodium-wrappers-sumo'],
    because: 'the backend for browsers and the simulator: WebAssembly and plain JavaScript only',
  },
  {
    room: wire,
    may: [base],
    because: 'frames are bytes and bounds; logic belongs to the machines',
    pure: true,
  },
  {
    room: `${core}/protocol/*`,
    may: [base, crypto, wire],
    because: 'one pure machine a folder; siblings meet only in peer/, which composes them',
    pure: true,
  },
  {
    room: `${core}/community`,
    may: [base, crypto, wire],
    because: 'a signed log, its own machine',
    pure: true,
  },
  { room: `${core}/peer`, may: [core], because: 'composes the machines of core into one', pure: true },
  {
    room: api,
    may: [base, `${api}/api-client.ts`, 'node:*', '@trpc/server', '@trpc/client', 'ws', 'zod', 'env-paths'],
    because: 'the contract of the local API: clients must not need the protocol to speak it',
  },
  {
    room: `${api}/browser-client.ts`,
    may: [
      base,
      `${api}/api-client.ts`,
      `${api}/browser-key.ts`,
      `${api}/contract.ts`,
      `${api}/direct-call.ts`,
      '@trpc/server',
      '@trpc/client',
    ],
    because: 'it runs in a browser, where there is nothing of Node',
  },
  {
    room: `${api}/direct-call.ts`,
    may: [`${api}/contract.ts`, '@trpc/server', '@trpc/client'],
    because: 'it runs in a browser as well',
  },
  {
    room: `${api}/browser-key.ts`,
    may: [`${api}/contract.ts`, `${api}/session-proof.ts`],
    because: 'it runs in a browser as well, and holds what must not leave it',
  },
  {
    room: `${api}/session-proof.ts`,
    may: [],
    because: 'the texts that page and node must agree on to the byte: nothing may come between',
    pure: true,
  },
  {
    room: `${api}/api-client.ts`,
    may: [`${api}/contract.ts`, '@trpc/client'],
    because: 'what browsers and programs have in common has nothing of Node',
  },
  {
    room: `${node}/storage`,
    may: [base, adapters, 'node:*', 'better-sqlite3-multiple-ciphers', 'better-sqlite3'],
    because: 'the one place that knows SQLite',
  },
  {
    room: `${node}/network`,
    may: [
      base,
      adapters,
      `${core}/peer/contract.ts`,
      'node:*',
      'libp2p',
      '@libp2p/crypto',
      '@libp2p/interface',
      '@libp2p/noise',
      '@libp2p/tcp',
      '@libp2p/websockets',
      '@libp2p/yamux',
      '@multiformats/multiaddr',
      'ws',
    ],
    because: 'the one place that knows libp2p',
  },
  {
    room: `${node}/keychain`,
    may: [base, adapters, `${node}/storage/files.ts`, 'node:*', '@napi-rs/keyring'],
    because: 'the one place that knows keychains; a key file is written as durably as the database',
  },
  {
    room: `${node}/driver`,
    may: [base, `${core}/peer`, 'node:*'],
    because: 'feeds the Peer through its contract and knows adapters only by their interfaces',
  },
  {
    room: `${node}/local-api`,
    may: [base, `${core}/peer`, api, `${node}/driver`, 'node:*', '@trpc/server', 'ws', 'zod'],
    because: 'answers clients by asking the driver',
  },
  {
    room: node,
    may: [core, api, node, 'node:*'],
    because: 'main.ts constructs everything; libraries stay with their adapters',
  },
  {
    room: 'packages/sim/src',
    may: [core, `${node}/driver`, 'node:*'],
    because: "a world for the product's own Peer and driver; it knows no real disk, keychain or network",
  },
  {
    room: 'packages/cli/src',
    may: [api, 'node:*', '@stricli/core', 'uqr'],
    because: 'a client: it knows the local API and nothing behind it',
  },
  {
    room: 'packages/web/src',
    may: [
      api,
      '@fontsource-variable/inter',
      '@fontsource-variable/jetbrains-mono',
      '@lingui/core',
      '@lingui/react',
      '@tanstack/react-query',
      '@tanstack/react-router',
      'lucide-react',
      'motion',
      'qr',
      'radix-ui',
      'react',
      'react-dom',
      'uqr',
      // Made by build/emoji-lists.ts.
      'virtual:emoji',
      'virtua',
      'zustand',
    ],
    because: 'a client in a browser: it knows the local API and nothing behind it, and nothing of Node',
  },
  {
    room: 'packages/web/build',
    may: [api, 'node:*', '@lingui/message-utils', 'vite'],
    because: 'how the web app is built, and how it is served while somebody works on it',
  },
  {
    room: 'bin',
    may: ['packages/cli/src/main.ts', 'packages/node/src/main.ts', 'packages/sim/src/main.ts', 'node:*'],
    because: 'joins the command line to the node and the simulator',
  },
  {
    room: 'scripts',
    may: [api, 'node:*', '@lingui/message-utils', 'oxc-parser', 'vitest', 'test/long/part.ts'],
    because: 'tools of the checkout, not of the product',
  },
  { room: 'bench', may: ['*'], because: 'measures anything, beside floors made of bare libraries' },
];

/** Folders that only the named places may import, whatever their own room allows. */
export const doors: { door: string; from: string[]; because: string }[] = [
  {
    door: `${crypto}/native`,
    from: [`${node}/main.ts`, 'packages/sim/src/crypto', 'bench'],
    because: 'only where things are constructed is a backend named; the rest must run in a browser too',
  },
  {
    door: `${crypto}/portable`,
    from: [`${node}/main.ts`, 'packages/sim/src/crypto', 'bench'],
    because: 'only where things are constructed is a backend named',
  },
];

/** Globals that pure rooms must be given as inputs. What Node adds beyond these is unknown to core's tsconfig. */
export const impureGlobals: ReadonlySet<string> = new Set([
  'Date',
  'performance',
  'process',
  'fetch',
  'Promise',
  'queueMicrotask',
  'globalThis',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
]);

/** Names of files that say nothing about what is inside. */
export const emptyNames: ReadonlySet<string> = new Set(
  'utils util helpers helper common misc types manager service index'.split(' '),
);

/** Packages for tests alone. */
export const testPackages: ReadonlySet<string> = new Set(['vitest', 'fast-check']);
