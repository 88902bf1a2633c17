/**
 * What a person chose for this profile, the same in all its windows. One row, versioned; what a row does not hold, or holds
 * in a form that this version does not know, is as if it had never been chosen.
 */
import { utf8 } from '../base/bytes.ts';
import type { Store } from '../base/store.ts';
import type { Turn } from './turn.ts';

/** How many hues there are to choose from. */
const huesCount = 12;
/** A guess: a hundred years. */
const keepDaysMax = 36_500;
const lockAfterMinutesMax = 1_440;
const rowKey = 'choices';
const rowVersion = 1;
/** Ten times what one of today's rows weighs; more was written by none of us. */
const rowBytesMax = 8_192;

export interface Choices {
  language: 'system' | 'en' | 'de';
  theme: 'system' | 'light' | 'dark';
  accent: number | null;
  density: 'comfortable' | 'compact';
  motion: 'system' | 'reduced';
  notifications: boolean;
  notificationContent: 'full' | 'name' | 'none';
  notificationSound: boolean;
  /** Tell contacts what we read, and be told. */
  readMarks: boolean;
  /** Tell contacts that we type, and be told. */
  typingSigns: boolean;
  /** Be offered by name to people on the same local network. */
  lanVisible: boolean;
  lan: 'on' | 'off' | 'only';
  /** Messages older than this are removed here: retention.ts. Null keeps them. */
  keepDays: number | null;
  lockAfterMinutes: number | null;
  welcomed: boolean;
}

export const choicesDefaults: Choices = {
  language: 'system',
  theme: 'system',
  accent: null,
  density: 'comfortable',
  motion: 'system',
  notifications: true,
  notificationContent: 'full',
  notificationSound: true,
  readMarks: true,
  typingSigns: true,
  // Nobody is told of us on a network before our person said so.
  lanVisible: false,
  lan: 'on',
  keepDays: null,
  lockAfterMinutes: null,
  welcomed: false,
};

type Fits = (value: unknown) => boolean;

const oneOf =
  (...values: readonly string[]): Fits =>
  (value) =>
    typeof value === 'string' && values.includes(value);
const yesOrNo: Fits = (value) => typeof value === 'boolean';
const wholeOrNull =
  (least: number, most: number): Fits =>
  (value) =>
    value === null || (Number.isInteger(value) && (value as number) >= least && (value as number) <= most);

const fits: Record<keyof Choices, Fits> = {
  language: oneOf('system', 'en', 'de'),
  theme: oneOf('system', 'light', 'dark'),
  accent: wholeOrNull(0, huesCount - 1),
  density: oneOf('comfortable', 'compact'),
  motion: oneOf('system', 'reduced'),
  notifications: yesOrNo,
  notificationContent: oneOf('full', 'name', 'none'),
  notificationSound: yesOrNo,
  readMarks: yesOrNo,
  typingSigns: yesOrNo,
  lanVisible: yesOrNo,
  lan: oneOf('on', 'off', 'only'),
  keepDays: wholeOrNull(1, keepDaysMax),
  lockAfterMinutes: wholeOrNull(1, lockAfterMinutesMax),
  welcomed: yesOrNo,
};

export class Settings {
  readonly #turn: Turn;
  readonly #onChanged: (choices: Choices) => void;
  #choices: Choices;

  /** @param onChanged - told of the new choices before the commit: what they decide takes effect with it. */
  constructor(parts: { store: Store; turn: Turn; onChanged(choices: Choices): void }) {
    this.#turn = parts.turn;
    this.#onChanged = (choices) => parts.onChanged(choices);
    this.#choices = storedChoices(parts.store);
  }

  get current(): Readonly<Choices> {
    return this.#choices;
  }

  /** What is left out, or has no known form, stays. Choosing what is chosen changes nothing and tells nobody. */
  set(change: { [Key in keyof Choices]?: Choices[Key] | undefined }): void {
    const choices = merged(this.#choices, change);
    if (JSON.stringify(choices) === JSON.stringify(this.#choices)) return;
    this.#choices = choices;
    const value = utf8(JSON.stringify({ version: rowVersion, ...choices }));
    this.#turn.store({ op: 'putSetting', key: rowKey, value });
    this.#turn.event('settings', {});
    this.#onChanged(choices);
  }
}

/** What stands on the disk, for whoever needs it before there is a Peer. */
export function storedChoices(store: Store): Choices {
  return decodeChoices(store.setting(rowKey));
}

/** Never throws: a row nobody understands is no choice at all. */
export function decodeChoices(row: Uint8Array | undefined): Choices {
  if (row === undefined || row.length > rowBytesMax) return { ...choicesDefaults };
  try {
    const parsed: unknown = JSON.parse(textOf(row));
    return typeof parsed === 'object' && parsed !== null
      ? merged(choicesDefaults, parsed)
      : { ...choicesDefaults };
  } catch {
    return { ...choicesDefaults };
  }
}

function merged(choices: Choices, change: object): Choices {
  const given = new Map<string, unknown>(Object.entries(change));
  const entries = Object.entries(choices).map(([key, value]: [string, unknown]) => {
    const wanted = given.get(key);
    return [key, wanted !== undefined && fits[key as keyof Choices](wanted) ? wanted : value];
  });
  return Object.fromEntries(entries) as Choices;
}

function textOf(bytes: Uint8Array): string {
  // What we write is ASCII: every value is a number, a truth or a word of ours.
  return String.fromCharCode(...bytes);
}
