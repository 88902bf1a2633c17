/** All commands, and how the parser talks. */
import { buildApplication, buildCommand, buildRouteMap, text_en, type Application } from '@stricli/core';
import { asKithError, type KithError } from '@kith/api/errors';
import type { CliContext } from './context.ts';
import { asText } from './routes/common-flags.ts';
import { messageRoutes } from './routes/message-routes.ts';
import { nodeRoutes } from './routes/node-routes.ts';
import { peopleRoutes } from './routes/people-routes.ts';
import { simRoutes } from './routes/sim-routes.ts';

const shells = ['bash', 'zsh', 'fish'] as const;

/** @param onFailure - told when a command fails; what the parser would print of it is to be ignored. */
export function application(onFailure: (error: KithError) => void): Application<CliContext> {
  const routes = {
    ...nodeRoutes,
    ...peopleRoutes,
    ...messageRoutes,
    ...simRoutes,
    completion: buildCommand({
      loader: async () => (await import('./commands/completion.ts')).completion,
      parameters: {
        positional: {
          kind: 'tuple',
          parameters: [
            {
              parse: asText,
              brief: shells.join(', '),
              placeholder: 'SHELL',
              proposeCompletions: (partial: string) => shells.filter((shell) => shell.startsWith(partial)),
            },
          ],
        },
      },
      docs: {
        brief: 'Print what a shell needs to complete commands and names',
        fullDescription:
          'Examples:\n  kith completion bash >> ~/.bashrc\n  kith completion zsh > ~/.zfunc/_kith\n' +
          '  kith completion fish > ~/.config/fish/completions/kith.fish',
      },
    }),
  };
  const root = buildRouteMap<string, CliContext>({
    routes,
    docs: {
      brief: 'Kith: a messenger without servers',
      fullDescription:
        'Kith: a messenger without servers.\n\nBegin:\n  kith up                   in one terminal: run your node\n' +
        '  kith app                  in another: open the app in a window\n' +
        '  kith card --once          or stay here: make a card, hand it over\n' +
        '  kith add CARD             or add the card that you were given\n  kith chat NAME            talk\n\n' +
        'Exit codes: 0 done, 1 failed, 2 wrong usage, 3 no node is running, 4 timed out, 5 refused.\n' +
        'Every command takes --json, --data DIR and --help.',
    },
  });
  return buildApplication<CliContext>(root, {
    name: 'kith',
    scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true },
    localization: { text: { ...text_en, exceptionWhileRunningCommand: () => '' } },
    determineExitCode: (thrown) => {
      onFailure(asKithError(thrown));
      return 1;
    },
  });
}
