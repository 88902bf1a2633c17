import { expect, test } from 'vitest';
import { terminalSvg, type TerminalLine } from './terminal-svg.ts';

const data = (text: string): TerminalLine => ({ kind: 'data', who: '', text });

test('the same lines give the same bytes, and markup in them stays text', () => {
  const lines = [{ kind: 'prompt', who: 'ada', text: 'send "<b>&"' } as const, data('delivered.')];
  const svg = terminalSvg('a & b', lines);
  expect(terminalSvg('a & b', lines)).toBe(svg);
  expect(svg).toContain('send &quot;&lt;b&gt;&amp;&quot;');
  expect(svg).toContain('<title>a &amp; b</title>');
  expect(svg).not.toContain('<b>');
});

test('long lines are folded, and nothing of them is lost', () => {
  const words = Array.from({ length: 60 }, (_, index) => `word${index}`).join(' ');
  const svg = terminalSvg('t', [data(words), data('x'.repeat(200))]);
  const rows = [...svg.matchAll(/xml:space="preserve">([^<]*)</g)].map(([, text = '']) => text);
  expect(rows.every((row) => row.length <= 96)).toBe(true);
  expect(rows.join(' ').split(/\s+/).slice(0, 60).join(' ')).toBe(words);
  expect(rows.join('').replaceAll(/[^x]/g, '')).toHaveLength(200);
});

test('the height follows from the number of lines alone', () => {
  const height = (texts: string[]): string | undefined =>
    /height="(\d+)" role/.exec(terminalSvg('t', texts.map(data)))?.[1];
  expect(height(['a', 'b'])).toBe(height(['something else', 'altogether']));
  expect(height(['a', 'b'])).not.toBe(height(['a']));
});
