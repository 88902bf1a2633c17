/** Commands about the running node. */
import { buildCommand, type Command } from '@stricli/core';
import { dataFolder } from '@kith/api/data-folder';
import type { CliContext } from '../context.ts';
import { asCount, asHopLimit, asPort, asRecordTtl, asText, commonFlags } from './common-flags.ts';

const multiaddr = {
  kind: 'parsed',
  parse: asText,
  placeholder: 'MULTIADDR',
  variadic: true,
  optional: true,
} as const;

export const nodeRoutes: Record<
  'up' | 'app' | 'unlock' | 'status' | 'stop' | 'logs' | 'peers' | 'doctor',
  Command<CliContext>
> = {
  up: buildCommand({
    loader: async () => (await import('../commands/up.ts')).up,
    parameters: {
      flags: {
        ...commonFlags,
        name: { kind: 'parsed', parse: asText, brief: 'Your name', placeholder: 'NAME', optional: true },
        headless: {
          kind: 'boolean',
          brief: 'Open no browser, ask nothing',
          optional: true,
          withNegated: false,
        },
        port: {
          kind: 'parsed',
          parse: asPort,
          brief: 'Port of the page on this machine (default: any free one)',
          placeholder: 'N',
          optional: true,
        },
        listen: { ...multiaddr, brief: 'Where to listen for other nodes (may be repeated)' },
        lan: {
          kind: 'enum',
          values: ['on', 'off', 'only'],
          brief:
            'Find nodes on the local network; "only" never talks beyond it (default: as in the settings, else on)',
          optional: true,
        },
        bootstrap: { ...multiaddr, brief: 'A node to dial at the start (may be repeated)' },
        unlisted: {
          kind: 'boolean',
          brief: 'Publish no record of this node: others do not pass on that it is there',
          optional: true,
          withNegated: false,
        },
        recordTtl: {
          kind: 'parsed',
          parse: asRecordTtl,
          brief: 'How long records of nodes live, 1m to 2h (default: 2h)',
          placeholder: 'D',
          optional: true,
        },
        hopLimit: {
          kind: 'parsed',
          parse: asHopLimit,
          brief: 'How many nodes pass a record on, 0 to 255 (default: 6)',
          placeholder: 'N',
          optional: true,
        },
      },
    },
    docs: {
      brief: 'Run the node',
      fullDescription:
        `Runs the node of a profile until it is stopped. The profile is ${dataFolder(undefined)} here, ` +
        'unless --data or KITH_DATA names another. With --json the first line is ' +
        '{"event":"ready","id","name","url","listen":[…]}.\n\n' +
        'Examples:\n  kith up --name Ada\n  kith up --headless --json --data ./ada\n' +
        '  kith up --lan only\n  kith up --unlisted --record-ttl 15m\n  kith up --listen /ip4/0.0.0.0/tcp/4001 --bootstrap /ip4/192.0.2.7/tcp/4001',
    },
  }),
  app: buildCommand({
    loader: async () => (await import('../commands/app.ts')).app,
    parameters: { flags: commonFlags },
    docs: {
      brief: 'Open the app of the running node in a window',
      fullDescription:
        'A window of its own where there is a browser of the Chromium family (its files are kept in the profile), else ' +
        'a tab of your browser. Without a desktop, or with KITH_NO_OPEN=1, a link is printed that works once, within a ' +
        'minute. Starts no node: that is "kith up".\n\nExamples:\n  kith app\n  KITH_NO_OPEN=1 kith app',
    },
  }),
  unlock: buildCommand({
    loader: async () => (await import('../commands/unlock.ts')).unlock,
    parameters: { flags: commonFlags },
    docs: {
      brief: 'Remove the PIN of the app, for who forgot it',
      fullDescription:
        'The windows of the app open, and ask for no PIN until you set another in its settings.\n\nExamples:\n  kith unlock',
    },
  }),
  status: buildCommand({
    loader: async () => (await import('../commands/status.ts')).status,
    parameters: {
      flags: {
        ...commonFlags,
        link: {
          kind: 'boolean',
          brief: 'Print a link that opens the page of this node once, within a minute',
          optional: true,
          withNegated: false,
        },
      },
    },
    docs: {
      brief: 'Show whether the node runs, and how it is',
      fullDescription:
        'Exit code 3 says that no node is running.\n\nExamples:\n  kith status\n  kith status --json\n  kith status --link',
    },
  }),
  stop: buildCommand({
    loader: async () => (await import('../commands/stop.ts')).stop,
    parameters: { flags: commonFlags },
    docs: {
      brief: 'Stop the node',
      fullDescription: 'Returns when it has ended.\n\nExamples:\n  kith stop\n  kith stop --data ./ada',
    },
  }),
  logs: buildCommand({
    loader: async () => (await import('../commands/logs.ts')).logs,
    parameters: {
      flags: {
        ...commonFlags,
        follow: { kind: 'boolean', brief: 'Go on with new lines', optional: true, withNegated: false },
        lines: { kind: 'parsed', parse: asCount, brief: 'How many lines', placeholder: 'N', default: '50' },
      },
    },
    docs: {
      brief: 'Show the log file',
      fullDescription:
        'Reads the file in the profile, so it works when the node has ended, too.\n\n' +
        'Examples:\n  kith logs\n  kith logs --follow\n  kith logs --lines 500 --json',
    },
  }),
  peers: buildCommand({
    loader: async () => (await import('../commands/peers.ts')).peers,
    parameters: { flags: commonFlags },
    docs: {
      brief: 'List other nodes that were heard of',
      fullDescription:
        'The ids are of the network, never of a person. A score is how well the node was reached, 0 to 1, as this ' +
        'node saw it. "active": a neighbour in the overlay of all nodes, "passive": in reserve.\n\nExamples:\n  kith peers\n  kith peers --json',
    },
  }),
  doctor: buildCommand({
    loader: async () => (await import('../commands/doctor.ts')).doctor,
    parameters: { flags: commonFlags },
    docs: {
      brief: 'Check the node, and list every address that it contacted and why',
      fullDescription:
        'Exit code 1 says that a check failed.\n\nExamples:\n  kith doctor\n  kith doctor --json',
    },
  }),
};
