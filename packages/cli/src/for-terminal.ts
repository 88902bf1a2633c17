/**
 * Everything that other people wrote goes through here before a terminal sees it: names, messages, reasons. What
 * could move the cursor, change colours, write a title, turn the direction of text or hide characters is removed.
 */

/* oxlint-disable no-control-regex -- control characters are what this file looks for */
// ECMA-48, 8.3: control sequences, then strings up to their end, then any other escape. An end may be missing.
const controlSequence = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?/g;
const controlString =
  /(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?/g;
const otherEscape = /\u001b[ -/]*[0-~]?/g;
// Controls but tab and line feed, directions (UAX 9), invisible operators, tags, line and paragraph separators.
const unsafe =
  /[^\P{Cc}\t\n]|[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/gu;
// Where a JSON line goes to a terminal, these would act as well; JSON can say them otherwise.
const unsafeInJson = /[\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** Text of several lines, safe to show. Joined emoji and every script stay whole. */
export function forTerminal(text: string): string {
  return text
    .toWellFormed()
    .replaceAll('\r\n', '\n')
    .replace(/[\u2028\u2029]/g, '\n')
    .replace(controlString, '')
    .replace(controlSequence, '')
    .replace(otherEscape, '')
    .replace(unsafe, '');
}

/** The same on one line, for names and for columns. */
export function onOneLine(text: string): string {
  return forTerminal(text).replace(/[\t\n]+/g, ' ');
}

/** One JSON line with the same value and nothing that acts on a terminal. */
export function jsonLine(value: object): string {
  return JSON.stringify(value).replace(
    unsafeInJson,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
