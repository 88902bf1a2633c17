/**
 * Every word on the screen comes through here, by the id of a text in the catalogues (`en/`, `de/`). `npm run check`
 * fails on an id that is missing, unused, or filled with other values than its text names.
 */
import { i18n } from '@lingui/core';
import { useLingui } from '@lingui/react';
import type { catalogue } from './en.ts';

export type TextId = keyof typeof catalogue;
export type TextValues = Readonly<Record<string, string | number>>;
/** @param values - What stands in the text's braces. Names of people are isolated, so that no script of theirs turns the line. */
export type Translate = (id: TextId, values?: TextValues) => string;

/** Characters that are written from right to left, and those that turn the direction of what follows. */
const turning =
  /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** A value that people chose cannot turn the text around it: between FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE. */
const isolate = (value: string | number): string | number =>
  typeof value === 'string' && turning.test(value) ? `\u2068${value}\u2069` : value;

/** For what is not drawn: titles, notifications. Components use {@link useTexts}, which draws anew on a change. */
export const translate: Translate = (id, values) =>
  i18n._(id, Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, isolate(value)])));

/** The texts, and the language in which they are. */
export function useTexts(): { t: Translate; language: string } {
  const { i18n: current } = useLingui();
  return { t: translate, language: current.locale };
}
