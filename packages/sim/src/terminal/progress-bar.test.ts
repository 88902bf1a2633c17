import { expect, test } from 'vitest';
import { ProgressBar } from './progress-bar.ts';
import { duration, goalWords, number, onOneLine, quantity } from './words.ts';

class Screen {
  text = '';
  isTTY: boolean;
  columns = 60;

  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }

  write(text: string): void {
    this.text += text;
  }
}

test('a terminal: one line that is drawn anew, at most ten times a second, never wider than the screen', () => {
  const screen = new Screen(true);
  let nowMs = 0;
  const bar = new ProgressBar(screen, { NO_COLOR: '1' }, () => nowMs);
  bar.update('overlay', 0.5, `growing\n${'x'.repeat(100)}`);
  expect(screen.text).toBe(
    `\r\u001b[2Koverlay  ${'━'.repeat(12)}${'─'.repeat(12)}   50 %  growing xxxxxxxxx`,
  );
  expect(screen.text.length - '\r\u001b[2K'.length).toBeLessThan(60);
  nowMs = 99;
  bar.update('overlay', 0.6, 'growing');
  expect(screen.text).not.toContain('60 %');
  nowMs = 100;
  bar.update('overlay', 0.7, 'growing');
  expect(screen.text).toContain('70 %');
  bar.finish('overlay');
  expect(screen.text.endsWith('\r\u001b[2K')).toBe(true);
});

test('two at once share the line', () => {
  const screen = new Screen(true);
  let nowMs = 0;
  const bar = new ProgressBar(screen, {}, () => nowMs);
  bar.update('overlay', 0.5, '');
  nowMs = 5_000;
  bar.update('broadcast', 0.25, '');
  expect(screen.text.endsWith('\r\u001b[2Koverlay 50 % · broadcast 25 %  5 s')).toBe(true);
});

test('colour only on a terminal that wants it', () => {
  const [coloured, plain] = [new Screen(true), new Screen(true)];
  new ProgressBar(coloured, {}, () => 0).update('overlay', 0.5, '');
  new ProgressBar(plain, { NO_COLOR: '1' }, () => 0).update('overlay', 0.5, '');
  expect(coloured.text).toContain('\u001b[36m');
  expect(plain.text).not.toContain('\u001b[3');
});

test.each([
  [false, {}],
  [true, { TERM: 'dumb' }],
])('elsewhere a plain line now and then', (isTTY, environment) => {
  const screen = new Screen(isTTY);
  let nowMs = 0;
  const bar = new ProgressBar(screen, environment, () => nowMs);
  for (let done = 0; done < 100; done++) bar.update('overlay', done / 100, 'growing');
  expect(screen.text).toBe([0, 25, 50, 75].map((done) => `overlay: ${done} %, growing\n`).join(''));
  nowMs = 30_000;
  bar.update('overlay', 0.99, 'healing');
  bar.update('overlay', Number.NaN, 'nonsense');
  bar.finish('overlay');
  expect(screen.text.endsWith('overlay: 75 %, growing\noverlay: 99 %, healing\n')).toBe(true);
});

test('numbers for people', () => {
  expect([0, 0.70133, 12.3456, 999.96, 1_234.5].map(number)).toEqual([
    '0',
    '0.7013',
    '12.35',
    '1,000',
    '1,235',
  ]);
  expect([0.8, 350, 12_340, 119_000, 440_000, 900_000, 2_730_000, 7_500_000].map(duration)).toEqual([
    '0.8 ms',
    '350 ms',
    '12.3 s',
    '119 s',
    '7 min 20 s',
    '15 min',
    '46 min',
    '2 h 5 min',
  ]);
  expect([quantity(0.98765, 'share'), quantity(643, 'bytes'), quantity(7, '')]).toEqual([
    '98.77 %',
    '643 bytes',
    '7',
  ]);
  expect(goalWords({ goal: { atLeast: 0.5, atMost: 1 }, unit: 'share' })).toBe(
    'at least 50 %, at most 100 %',
  );
  expect(onOneLine('a\n\u001b[31mb\u202ec')).toBe('a [31mb c');
});
