/** Every pair of text and ground that components use, in both themes and all hues, against WCAG 2.2 AA. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { huesCount } from '@kith/api/settings-shapes';

type Oklch = [lightness: number, chroma: number, hue: number];
type Tokens = Map<string, string>;

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '');

/** Declarations of the rules whose selectors `wanted` accepts, later ones over earlier ones. */
function declarations(wanted: (selectors: string[]) => boolean): Tokens {
  const tokens: Tokens = new Map();
  for (const [, selector = '', body = ''] of css.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    if (!wanted(selector.split(',').map((each) => each.trim()))) continue;
    for (const [, name = '', value = ''] of body.matchAll(/(--[\w-]+):\s*([^;]+);/g))
      tokens.set(name, value.trim());
  }
  return tokens;
}

function theme(isDark: boolean, hue: number): Tokens {
  return declarations(
    (selectors) =>
      selectors.includes(':root') ||
      selectors.includes(`.hue-${hue}`) ||
      (isDark && selectors.includes("[data-theme='dark']")),
  );
}

/** The light fill uses `--c`; in the dark theme the same hue class stands, so its numbers are taken last. */
function tokensOf(isDark: boolean, hue: number): Tokens {
  return new Map([...theme(isDark, hue), ...declarations((selectors) => selectors.includes(`.hue-${hue}`))]);
}

function colour(tokens: Tokens, name: string): Oklch {
  const value = (tokens.get(name) ?? '').replaceAll(
    /var\((--[\w-]+)\)/g,
    (_, inner: string) => tokens.get(inner) ?? '',
  );
  const parts = /^oklch\((.+)\)$/.exec(value)?.[1]?.match(/calc\([^)]*\)|[^\s]+/g) ?? [];
  const numbers = parts.map((part) => {
    const [left, right] = /^calc\((.+)\)$/.exec(part)?.[1]?.split('*').map(Number) ?? [Number(part), 1];
    return (left ?? Number.NaN) * (right ?? Number.NaN);
  });
  expect(numbers, `${name}: ${value}`).toHaveLength(3);
  expect(numbers.every(Number.isFinite), `${name}: ${value}`).toBe(true);
  return [numbers[0] ?? 0, numbers[1] ?? 0, numbers[2] ?? 0];
}

/** Linear sRGB, unclipped. Björn Ottosson, "A perceptual color space for image processing". */
function linear([lightness, chroma, hue]: Oklch): [number, number, number] {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

function contrast(a: Oklch, b: Oklch): number {
  const luminance = (each: Oklch): number => {
    const [red, green, blue] = linear(each).map((part) => Math.min(1, Math.max(0, part)));
    return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
  };
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const grounds = ['--ground', '--raised', '--sunken', '--hover'];
const pairs: [text: string, ground: string, least: number][] = [
  ...grounds.flatMap((ground): [string, string, number][] => [
    ['--text', ground, 7],
    ['--secondary', ground, 4.5],
    ['--faint', ground, 4.5],
    ['--good', ground, 4.5],
    ['--warn', ground, 4.5],
    ['--bad', ground, 4.5],
    ['--accent-text', ground, 4.5],
    // Edges of controls, the focus ring and dots need 3 (WCAG 1.4.11).
    ['--edge', ground, 3],
    ['--accent-fill', ground, 3],
  ]),
  ['--text', '--pressed', 7],
  ['--secondary', '--pressed', 4.5],
  ['--text', '--accent-soft', 7],
  ['--accent-text', '--accent-soft', 4.5],
  ['--secondary', '--accent-soft', 4.5],
  ['--on-accent', '--accent-fill', 4.5],
  ['--on-accent', '--accent-fill-hover', 4.5],
  ['--avatar-text', '--avatar-soft', 4.5],
  ['--good', '--good-soft', 4.5],
  ['--warn', '--warn-soft', 4.5],
  ['--bad', '--bad-soft', 4.5],
  ['--text', '--good-soft', 7],
  ['--text', '--warn-soft', 7],
  ['--text', '--bad-soft', 7],
  ['--on-bad', '--bad-fill', 4.5],
  ['--on-tooltip', '--tooltip', 4.5],
];

describe.each([
  ['light', false],
  ['dark', true],
])('%s', (_name, isDark) => {
  const hues = Array.from({ length: huesCount }, (_, hue) => hue);

  it.each(hues)('hue %i has enough contrast everywhere', (hue) => {
    const tokens = tokensOf(isDark, hue);
    const weak = pairs
      .map(([text, ground, least]) => ({
        pair: `${text} on ${ground}`,
        least,
        is: contrast(colour(tokens, text), colour(tokens, ground)),
      }))
      .filter(({ is, least }) => is < least);
    expect(weak).toEqual([]);
  });

  it.each(hues)('hue %i can be shown by every screen', (hue) => {
    const tokens = tokensOf(isDark, hue);
    for (const name of [
      '--accent-fill',
      '--accent-fill-hover',
      '--accent-text',
      '--accent-soft',
      '--avatar-soft',
      '--avatar-text',
    ]) {
      for (const part of linear(colour(tokens, name))) {
        expect(part, `${name} of hue ${hue}`).toBeGreaterThan(-0.008);
        expect(part, `${name} of hue ${hue}`).toBeLessThan(1.008);
      }
    }
  });
});

it('tells a weak pair from a strong one', () => {
  expect(contrast([1, 0, 0], [0, 0, 0])).toBeCloseTo(21, 1);
  expect(contrast([0.7, 0, 0], [1, 0, 0])).toBeLessThan(4.5);
});
