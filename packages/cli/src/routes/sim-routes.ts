/** The network simulator. */
import { buildCommand, type Command } from '@stricli/core';
import type { CliContext } from '../context.ts';
import { asCount, asSeed, asText, commonFlags } from './common-flags.ts';
import { proposeScenarios } from '../propose-scenarios.ts';

const sign = { kind: 'boolean', optional: true, withNegated: false } as const;

export const simRoutes: Record<'sim', Command<CliContext>> = {
  sim: buildCommand({
    loader: async () => (await import('../commands/sim.ts')).sim,
    parameters: {
      flags: {
        ...commonFlags,
        scenario: {
          kind: 'parsed',
          parse: asText,
          brief: 'Which story to run, or "all" (--list names them)',
          placeholder: 'NAME',
          optional: true,
          proposeCompletions: proposeScenarios,
        },
        peers: {
          kind: 'parsed',
          parse: asCount,
          brief: 'How many nodes (default: as the scenario says)',
          placeholder: 'N',
          optional: true,
        },
        seed: {
          kind: 'parsed',
          parse: asSeed,
          brief: 'The number that all chance comes from (default: 1)',
          placeholder: 'S',
          optional: true,
        },
        report: {
          kind: 'parsed',
          parse: asText,
          brief: 'Write a page with drawings, to be opened in a browser',
          placeholder: 'FILE.html',
          optional: true,
        },
        list: { ...sign, brief: 'Only list the scenarios' },
        twice: { ...sign, brief: 'Run twice, and compare the traces' },
        fresh: { ...sign, brief: 'With "all": run again what passed already' },
      },
    },
    docs: {
      brief: 'Run the network simulator',
      fullDescription:
        'Runs many nodes in one process, on a clock and a network that exist only in memory: the real protocols, no ' +
        'profile, no network. The same peers and seed always give the same run. Exit code 1 says that a rule of the ' +
        'protocols was broken or a goal missed. "--scenario all" remembers what passed, so that it goes on where it ' +
        'was stopped.\n\n' +
        'Examples:\n  kith sim\n  kith sim --list\n  kith sim --scenario overlay --peers 500 --seed 7\n' +
        '  kith sim --scenario broadcast --report spread.html\n  kith sim --scenario all --json',
    },
  }),
};
