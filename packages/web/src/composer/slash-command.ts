/**
 * What can be done from the composer by typing `/`. Only what is wholly a command is one: a path, or a slash in a sentence, is text
 * and is sent as it stands.
 */

export const slashCommandNames = ['search', 'expire', 'mute', 'verify', 'export'] as const;
export type SlashCommandName = (typeof slashCommandNames)[number];

export type SlashCommand =
  | { name: 'search'; words: string }
  /** The lifetime of the messages that follow; null ends it. */
  | { name: 'expire'; ttlMs: number | null }
  /** Null: until it is ended. `end`: now. */
  | { name: 'mute'; forMs: number | null | 'end' }
  | { name: 'verify' }
  | { name: 'export' };

export type SlashReading =
  /** No command: text. */
  | null
  /** The name is being typed: those that it may become. */
  | { kind: 'choosing'; names: SlashCommandName[] }
  /** A command that lacks something, or has something wrong. */
  | { kind: 'unfinished'; name: SlashCommandName }
  | { kind: 'ready'; command: SlashCommand };

const units: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };
/** As `kith send --ttl`. */
export const lifetimeMsMax: number = 365 * 86_400_000;

export function readSlash(text: string): SlashReading {
  const typed = /^\/([a-z]*)$/i.exec(text);
  if (typed !== null) {
    const beginning = (typed[1] ?? '').toLowerCase();
    const names = slashCommandNames.filter((name) => name.startsWith(beginning));
    const exact = names.find((name) => name === beginning);
    if (exact !== undefined) return readArgument(exact, '');
    return names.length === 0 ? null : { kind: 'choosing', names };
  }
  const [, name, argument] = /^\/([a-z]+)[ \t]+([^\n]*)$/i.exec(text) ?? [];
  const known = slashCommandNames.find((one) => one === name?.toLowerCase());
  if (known === undefined || argument === undefined) return null;
  return readArgument(known, argument.trim());
}

function readArgument(name: SlashCommandName, argument: string): SlashReading {
  const unfinished = { kind: 'unfinished', name } as const;
  switch (name) {
    case 'search':
      return { kind: 'ready', command: { name, words: argument } };
    case 'verify':
    case 'export':
      return argument === '' ? { kind: 'ready', command: { name } } : null;
    case 'expire': {
      if (argument === 'off' || argument === '0') return { kind: 'ready', command: { name, ttlMs: null } };
      const ttlMs = readDuration(argument);
      return ttlMs === null ? unfinished : { kind: 'ready', command: { name, ttlMs } };
    }
    case 'mute': {
      if (argument === '') return { kind: 'ready', command: { name, forMs: null } };
      if (argument === 'off') return { kind: 'ready', command: { name, forMs: 'end' } };
      const forMs = readDuration(argument);
      return forMs === null ? unfinished : { kind: 'ready', command: { name, forMs } };
    }
  }
}

/** `90s`, `15m`, `1h`, `7d`, `2w`; null where it is none, or longer than a year. */
export function readDuration(text: string): number | null {
  const [, digits, unit] = /^(\d{1,6}) ?([smhdw])$/i.exec(text) ?? [];
  if (digits === undefined || unit === undefined) return null;
  const ms = Number(digits) * (units[unit.toLowerCase()] ?? 0);
  return ms >= 1_000 && ms <= lifetimeMsMax ? ms : null;
}
