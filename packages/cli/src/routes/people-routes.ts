/** Commands about who you are and whom you know. */
import { buildCommand, type Command } from '@stricli/core';
import type { CliContext } from '../context.ts';
import { proposeContacts } from '../propose-contacts.ts';
import { asDuration, asText, commonFlags } from './common-flags.ts';

const contact = {
  parse: asText,
  brief: 'Name or id of a contact',
  placeholder: 'CONTACT',
  proposeCompletions: proposeContacts,
} as const;
const onlyContact = { kind: 'tuple', parameters: [contact] } as const;
const qr = {
  kind: 'boolean',
  brief: 'Draw a code for a camera',
  optional: true,
  withNegated: false,
} as const;

type PeopleCommand =
  | 'name'
  | 'id'
  | 'card'
  | 'add'
  | 'contacts'
  | 'nearby'
  | 'accept'
  | 'block'
  | 'unblock'
  | 'remove'
  | 'rename'
  | 'verify';

export const peopleRoutes: Record<PeopleCommand, Command<CliContext>> = {
  name: buildCommand({
    loader: async () => (await import('../commands/profile.ts')).name,
    parameters: {
      flags: commonFlags,
      positional: {
        kind: 'tuple',
        parameters: [{ parse: asText, brief: 'The new name', placeholder: 'NAME', optional: true }],
      },
    },
    docs: {
      brief: 'Show or change your name',
      fullDescription: 'Examples:\n  kith name\n  kith name "Ada Lovelace"',
    },
  }),
  id: buildCommand({
    loader: async () => (await import('../commands/profile.ts')).id,
    parameters: { flags: { ...commonFlags, qr } },
    docs: {
      brief: 'Show who you are',
      fullDescription: 'Examples:\n  kith id\n  kith id --qr\n  kith id --json',
    },
  }),
  card: buildCommand({
    loader: async () => (await import('../commands/profile.ts')).card,
    parameters: {
      flags: {
        ...commonFlags,
        once: {
          kind: 'boolean',
          brief: 'For one person: whoever adds it first is connected at once',
          optional: true,
          withNegated: false,
        },
        expires: {
          kind: 'parsed',
          parse: asDuration,
          brief: 'How long it works',
          placeholder: 'D',
          optional: true,
        },
        qr,
      },
    },
    docs: {
      brief: 'Make a card to hand over, so that somebody can add you',
      fullDescription: 'Examples:\n  kith card\n  kith card --once --expires 2h\n  kith card --qr',
    },
  }),
  add: buildCommand({
    loader: async () => (await import('../commands/add.ts')).add,
    parameters: {
      flags: {
        ...commonFlags,
        file: {
          kind: 'parsed',
          parse: asText,
          brief: 'A text with cards',
          placeholder: 'ROSTER',
          optional: true,
        },
        name: {
          kind: 'parsed',
          parse: asText,
          brief: 'What to call them',
          placeholder: 'NAME',
          optional: true,
        },
      },
      positional: {
        kind: 'tuple',
        parameters: [
          { parse: asText, brief: 'A card, or - to read from a pipe', placeholder: 'CARD', optional: true },
        ],
      },
    },
    docs: {
      brief: 'Add somebody by their card',
      fullDescription:
        'A card made with --once connects both at once; with a plain one they have to accept.\n\n' +
        "Examples:\n  kith add 'mesh://add?p=…'\n  kith add 'mesh://add?p=…' --name Bob\n" +
        '  kith add --file roster.txt\n  ssh bob kith card --once | kith add -',
    },
  }),
  contacts: buildCommand({
    loader: async () => (await import('../commands/contacts.ts')).list,
    parameters: { flags: commonFlags },
    docs: {
      brief: 'List your contacts and requests',
      fullDescription: 'Examples:\n  kith contacts\n  kith contacts --json',
    },
  }),
  nearby: buildCommand({
    loader: async () => (await import('../commands/nearby.ts')).nearby,
    parameters: { flags: commonFlags },
    docs: {
      brief: 'List people on the same local network who chose to be visible',
      fullDescription:
        'Names are what they call themselves, and prove nothing. Contacts are not listed.\n\n' +
        'Examples:\n  kith nearby\n  kith nearby --json',
    },
  }),
  accept: buildCommand({
    loader: async () => (await import('../commands/contacts.ts')).accept,
    parameters: { flags: commonFlags, positional: onlyContact },
    docs: { brief: 'Accept the request of somebody', fullDescription: 'Examples:\n  kith accept Bob' },
  }),
  block: buildCommand({
    loader: async () => (await import('../commands/contacts.ts')).block,
    parameters: { flags: commonFlags, positional: onlyContact },
    docs: {
      brief: 'Block a contact or refuse a request',
      fullDescription: 'Examples:\n  kith block Mallory',
    },
  }),
  unblock: buildCommand({
    loader: async () => (await import('../commands/contacts.ts')).unblock,
    parameters: { flags: commonFlags, positional: onlyContact },
    docs: { brief: 'Take back a block', fullDescription: 'Examples:\n  kith unblock Mallory' },
  }),
  remove: buildCommand({
    loader: async () => (await import('../commands/contacts.ts')).remove,
    parameters: { flags: commonFlags, positional: onlyContact },
    docs: { brief: 'Remove a contact; messages stay', fullDescription: 'Examples:\n  kith remove Bob' },
  }),
  rename: buildCommand({
    loader: async () => (await import('../commands/contacts.ts')).rename,
    parameters: {
      flags: commonFlags,
      positional: {
        kind: 'tuple',
        parameters: [contact, { parse: asText, brief: 'What to call them', placeholder: 'NAME' }],
      },
    },
    docs: {
      brief: 'Call a contact something else, on this device',
      fullDescription: 'Examples:\n  kith rename Bob "Bob from work"\n  kith rename kith1… Bob',
    },
  }),
  verify: buildCommand({
    loader: async () => (await import('../commands/verify.ts')).verify,
    parameters: {
      flags: {
        ...commonFlags,
        matches: {
          kind: 'parsed',
          parse: asText,
          brief: 'The number that they read to you; equal ones mark the contact as verified',
          placeholder: 'NUMBER',
          optional: true,
        },
      },
      positional: onlyContact,
    },
    docs: {
      brief: 'Compare safety numbers with a contact',
      fullDescription: 'Examples:\n  kith verify Bob\n  kith verify Bob --matches "01234 56789 …"',
    },
  }),
};
