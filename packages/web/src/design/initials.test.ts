import { expect, it } from 'vitest';
import { huesCount } from '@kith/api/settings-shapes';
import { hueOf } from './hues.ts';
import { initialsOf } from './initials.ts';

it.each([
  ['Ada Lovelace', 'AL'],
  ['ada', 'A'],
  ['Jean-Luc Picard', 'JP'],
  ['  Ben  ', 'B'],
  ['李小龙', '李'],
  ['👩‍🚀 Ana', '👩‍🚀'],
  ['🇩🇪', '🇩🇪'],
  ['"Quoted" Name', 'QN'],
  ['7 Zwerge', '7'],
  ['مريم', 'م'],
  ['नमस्ते', 'न'],
  ['', '?'],
  ['...', '?'],
])('%j becomes %j', (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});

it('cuts marks piled up beyond sense', () => {
  const zalgo = `Z${'\u0300'.repeat(500)}`;
  expect([...initialsOf(zalgo)].length).toBeLessThanOrEqual(8);
});

it('gives everybody a hue of their own choice, or one that follows from the id', () => {
  expect(hueOf(3, 'kith1a')).toBe(3);
  expect(hueOf(null, 'kith1a')).toBe(hueOf(null, 'kith1a'));
  expect(hueOf(99, 'kith1a')).toBeLessThan(huesCount);
  const seen = new Set(Array.from({ length: 400 }, (_, index) => hueOf(null, `kith1${index}`)));
  expect(seen.size).toBe(huesCount);
});
