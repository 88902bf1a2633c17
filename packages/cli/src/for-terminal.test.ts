/* oxlint-disable no-control-regex -- control characters are what is looked for */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { forTerminal, jsonLine, onOneLine } from './for-terminal.ts';

// Whatever a terminal may take for an order, or a reader for something else than is written.
const acting =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e0fff}]/u;
const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '\u001b',
      '\u009b',
      '\u009d',
      '[',
      ']',
      '0',
      ';',
      'm',
      'J',
      '\u0007',
      '\\',
      '\u202e',
      '\n',
      'a',
    ),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 60,
});

describe('for a terminal', () => {
  test.each([
    ['colour', 'a\u001b[31mb\u001b[0mc', 'abc'],
    ['clearing the screen', 'a\u001b[2J\u001b[Hb', 'ab'],
    ['eight-bit control sequences', 'a\u009b31mb', 'ab'],
    ['a title, ended by a bell', 'a\u001b]0;title\u0007b', 'ab'],
    ['a link, ended by ST', 'a\u001b]8;;http://x\u001b\\b\u001b]8;;\u001b\\', 'ab'],
    ['an eight-bit title', 'a\u009d0;title\u009cb', 'ab'],
    ['device control', 'a\u001bPq#0\u001b\\b', 'ab'],
    ['a sequence without an end', 'a\u001b[31', 'a'],
    ['a title without an end takes the rest', 'a\u001b]0;b', 'a'],
    ['a reset', 'a\u001bcb', 'ab'],
    ['a character set', 'a\u001b(0b', 'ab'],
    ['escapes within escapes', 'a\u001b\u001b[[31mb', 'a1mb'],
    ['going back over what stands there', 'safe\rEVIL\b\b', 'safeEVIL'],
    ['another direction', 'a\u202Egnp.exe', 'agnp.exe'],
    ['isolates and marks', '\u2066a\u2069\u200fb\u061c', 'ab'],
    ['what cannot be seen', 'pay\u200bpal\u2060\ufeff\u{e0041}', 'paypal'],
    ['half a pair', 'a\ud800b', 'a\ufffdb'],
    ['other line breaks', 'a\r\nb\u2028c', 'a\nb\nc'],
  ])('%s', (_name, text, safe) => {
    expect(forTerminal(text)).toBe(safe);
  });

  test('scripts, accents and joined emoji stay whole', () => {
    const text = 'Grüße, 你好, שלום, नमस्ते, e\u0301, 👩‍👩‍👧‍👦, 🏳️‍🌈\ttab\nline';
    expect(forTerminal(text)).toBe(text);
  });

  test('nothing that acts is left, and a second time changes nothing', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const safe = forTerminal(text);
        expect(safe).not.toMatch(acting);
        expect(forTerminal(safe)).toBe(safe);
        expect(onOneLine(text)).not.toMatch(/[\n\t]/);
      }),
      { numRuns: 2_000 },
    );
  });

  test('long hostile texts cost little', () => {
    for (const piece of ['\u001b', '\u001b[', '\u001b]', '\u001b]\u001b', '\u009b1;']) {
      expect(forTerminal(piece.repeat(200_000))).not.toMatch(acting);
    }
  });
});

test('JSON keeps the value and says in escapes what would act', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const line = jsonLine({ text });
      expect(JSON.parse(line)).toEqual({ text: JSON.parse(JSON.stringify(text)) as string });
      expect(line.replace(/[\u{e0000}-\u{e0fff}]/gu, '')).not.toMatch(acting);
      expect(line).not.toContain('\n');
    }),
    { numRuns: 2_000 },
  );
});
