/** The flags that every command has, and the parsers of values. */
import type { FlagParametersForType } from '@stricli/core';
import type { CliContext, CommonFlags } from '../context.ts';
import { parseDuration } from '../duration.ts';

export const commonFlags: FlagParametersForType<CommonFlags, CliContext> = {
  json: { kind: 'boolean', brief: 'One JSON object, or one per line', optional: true, withNegated: false },
  data: {
    kind: 'parsed',
    parse: asText,
    brief: 'The profile (default: KITH_DATA, else a folder of the system)',
    placeholder: 'DIR',
    optional: true,
  },
};

export function asText(input: string): string {
  return input;
}

export const asDuration: (input: string) => number = parseDuration;

/**
 * A moment: a day or a time of ISO 8601, in the zone of this machine where none is named, or a length of time ago.
 * @throws RangeError - anything else.
 */
export function asMoment(input: string): Date {
  if (/^\d+[smhd]$/.test(input)) return new Date(Date.now() - parseDuration(input));
  const isForm = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?)?$/.test(input);
  const at = new Date(input.includes('T') ? input : `${input}T00:00`);
  if (!isForm || Number.isNaN(at.getTime())) {
    throw new RangeError('A moment is written like 2026-01-31, 2026-01-31T18:00 or 7d (ago).');
  }
  return at;
}

/** A whole number of at least 1. @throws RangeError - anything else. */
export function asCount(input: string): number {
  const count = Number(input);
  if (!/^\d{1,9}$/.test(input) || count < 1) throw new RangeError('A whole number of at least 1 is needed.');
  return count;
}

/** A whole number of at least 0. @throws RangeError - anything else. */
export function asSeq(input: string): number {
  if (!/^\d{1,15}$/.test(input)) throw new RangeError('A whole number is needed, as `kith watch` prints it.');
  return Number(input);
}

/** An unsigned 32-bit number. @throws RangeError - anything else. */
export function asSeed(input: string): number {
  const seed = Number(input);
  if (!/^\d{1,10}$/.test(input) || seed >= 2 ** 32) throw new RangeError('A seed is 0 to 4294967295.');
  return seed;
}

/** How long a record lives, in milliseconds. @throws RangeError - less than a minute, more than two hours. */
export function asRecordTtl(input: string): number {
  const ttlMs = parseDuration(input);
  if (ttlMs < 60_000 || ttlMs > 7_200_000) throw new RangeError('A record lives for 1m to 2h.');
  return ttlMs;
}

/** @throws RangeError - not a whole number from 0 to 255. */
export function asHopLimit(input: string): number {
  const hops = Number(input);
  if (!/^\d{1,3}$/.test(input) || hops > 255) throw new RangeError('A hop limit is 0 to 255.');
  return hops;
}

/** A TCP port. @throws RangeError - anything else. */
export function asPort(input: string): number {
  const port = Number(input);
  if (!/^\d{1,5}$/.test(input) || port < 1 || port > 65_535) throw new RangeError('A port is 1 to 65535.');
  return port;
}
