/** Commands about messages. */
import { buildCommand, type Command } from '@stricli/core';
import type { CliContext } from '../context.ts';
import { proposeContacts } from '../propose-contacts.ts';
import { asCount, asDuration, asMoment, asSeq, asText, commonFlags } from './common-flags.ts';

const conversation = {
  parse: asText,
  brief: 'Name or id of a contact',
  placeholder: 'CONVERSATION',
  proposeCompletions: proposeContacts,
} as const;

type MessageCommand = 'send' | 'chat' | 'history' | 'search' | 'export' | 'message' | 'watch';

export const messageRoutes: Record<MessageCommand, Command<CliContext>> = {
  send: buildCommand({
    loader: async () => (await import('../commands/send.ts')).send,
    parameters: {
      flags: {
        ...commonFlags,
        ttl: {
          kind: 'parsed',
          parse: asDuration,
          brief: 'Give up after this time (default: never)',
          placeholder: 'D',
          optional: true,
        },
        wait: {
          kind: 'enum',
          values: ['stored', 'sent', 'delivered'],
          brief: 'Return when it is safe on this disk, on its way, or confirmed by them',
          default: 'stored',
        },
        timeout: {
          kind: 'parsed',
          parse: asDuration,
          brief: 'How long to wait; the message stays queued',
          placeholder: 'D',
          default: '30s',
        },
      },
      positional: {
        kind: 'tuple',
        parameters: [
          { ...conversation, placeholder: 'TO' },
          {
            parse: asText,
            brief: 'What to say, or - to read from a pipe',
            placeholder: 'TEXT',
            optional: true,
          },
        ],
      },
    },
    docs: {
      brief: 'Send a message',
      fullDescription:
        'Prints the id of the message. Exit code 4 says that the wait was too long; the message stays queued. ' +
        'Quote a text of several words; write -- before one that begins with a dash.\n\n' +
        'Examples:\n  kith send Bob "On my way."\n  kith send Bob "Are you there?" --wait delivered --timeout 1m\n' +
        '  git log -1 | kith send Bob -\n  kith send Bob "Lunch?" --ttl 2h',
    },
  }),
  chat: buildCommand({
    loader: async () => (await import('../commands/chat.ts')).chat,
    parameters: {
      flags: commonFlags,
      positional: { kind: 'tuple', parameters: [{ ...conversation, placeholder: 'CONTACT' }] },
    },
    docs: {
      brief: 'Talk line by line',
      fullDescription: 'Every line is sent. Ctrl-D or /quit ends it.\n\nExamples:\n  kith chat Bob',
    },
  }),
  history: buildCommand({
    loader: async () => (await import('../commands/history.ts')).history,
    parameters: {
      flags: {
        ...commonFlags,
        limit: {
          kind: 'parsed',
          parse: asCount,
          brief: 'How many messages',
          placeholder: 'N',
          default: '50',
        },
        before: {
          kind: 'parsed',
          parse: asText,
          brief: 'Only what came before this message',
          placeholder: 'ID',
          optional: true,
        },
      },
      positional: { kind: 'tuple', parameters: [conversation] },
    },
    docs: {
      brief: 'Read a conversation, oldest first',
      fullDescription: 'Examples:\n  kith history Bob\n  kith history Bob --limit 1000 --json',
    },
  }),
  search: buildCommand({
    loader: async () => (await import('../commands/search.ts')).search,
    parameters: {
      flags: {
        ...commonFlags,
        in: { ...conversation, kind: 'parsed', brief: 'Only in this conversation', optional: true },
        from: {
          kind: 'enum',
          values: ['me', 'them'],
          brief: 'Only what you wrote, or only what others wrote',
          optional: true,
        },
        since: {
          kind: 'parsed',
          parse: asMoment,
          brief: 'Only what came since: a day, a time, or 7d',
          placeholder: 'T',
          optional: true,
        },
        until: {
          kind: 'parsed',
          parse: asMoment,
          brief: 'Only what came before',
          placeholder: 'T',
          optional: true,
        },
        links: { kind: 'boolean', brief: 'Only what holds a link', optional: true, withNegated: false },
        limit: {
          kind: 'parsed',
          parse: asCount,
          brief: 'How many messages',
          placeholder: 'N',
          default: '50',
        },
      },
      positional: {
        kind: 'array',
        parameter: {
          parse: asText,
          brief: 'Beginnings of words; all of them have to be there',
          placeholder: 'WORD',
        },
      },
    },
    docs: {
      brief: 'Find messages, newest first',
      fullDescription:
        'Case and accents do not matter. Signs and emoji have to stand there as typed, and so has a phrase:\n' +
        '\'"two words"\'. Without words there has to be something to narrow it by.\n\n' +
        'Examples:\n  kith search harbour clos\n  kith search rope --in Bob --from them --since 30d\n' +
        '  kith search --links --since 2026-01-01 --json',
    },
  }),
  export: buildCommand({
    loader: async () => (await import('../commands/export.ts')).exportMessages,
    parameters: {
      flags: {
        ...commonFlags,
        out: { kind: 'parsed', parse: asText, brief: 'The file to write', placeholder: 'FILE' },
        format: {
          kind: 'enum',
          values: ['html', 'jsonl'],
          brief: 'One page to read, or one JSON object a line (default: by the name of the file)',
          optional: true,
        },
        language: {
          kind: 'parsed',
          parse: asText,
          brief: 'Words of the page: en or de (default: LANG)',
          placeholder: 'TAG',
          optional: true,
        },
        force: { kind: 'boolean', brief: 'Replace a file that is there', optional: true, withNegated: false },
      },
      positional: { kind: 'tuple', parameters: [{ ...conversation, optional: true }] },
    },
    docs: {
      brief: 'Write a conversation, or all of them, to a file',
      fullDescription:
        'The file is readable by you alone, and not encrypted. It is there whole or not at all.\n\n' +
        'Examples:\n  kith export Bob --out bob.html\n  kith export --out everything.jsonl',
    },
  }),
  message: buildCommand({
    loader: async () => (await import('../commands/message.ts')).message,
    parameters: {
      flags: commonFlags,
      positional: {
        kind: 'tuple',
        parameters: [{ parse: asText, brief: 'Id of a message', placeholder: 'ID' }],
      },
    },
    docs: {
      brief: 'Show where a message is, and how it got there',
      fullDescription: 'Examples:\n  kith message 00000000000000000000000004',
    },
  }),
  watch: buildCommand({
    loader: async () => (await import('../commands/watch.ts')).watch,
    parameters: {
      flags: {
        ...commonFlags,
        since: {
          kind: 'parsed',
          parse: asSeq,
          brief: 'Begin after this event (default: with the next one)',
          placeholder: 'SEQ',
          optional: true,
        },
      },
    },
    docs: {
      brief: 'Print everything that happens',
      fullDescription:
        'Goes on by itself, without a gap, when the node was restarted.\n\n' +
        'Examples:\n  kith watch\n  kith watch --since 0 --json',
    },
  }),
};
