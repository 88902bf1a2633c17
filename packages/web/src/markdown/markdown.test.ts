import { i18n } from '@lingui/core';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Inline } from './inline-markdown.ts';
import { inlineDepthMax } from './inline-markdown.ts';
import { cardLengthMax } from './link.ts';
import { markdownDepthMax, nodesMax, parseMarkdown, type Block } from './markdown.ts';
import { plainQuote, plainText } from './plain-text.ts';

beforeAll(() => i18n.loadAndActivate({ locale: 'en', messages: {} }));

/** A short spelling of the tree, to compare by eye. */
function spell(nodes: readonly (Block | Inline)[]): string {
  return nodes.map(spellOne).join('');
}

function spellOne(node: Block | Inline): string {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'link':
      return `{${node.link.text}→${node.link.href}${node.link.host === null ? '' : ` @${node.link.host}`}}`;
    case 'list':
      return `(list${node.start ?? ''} ${node.items.map((item) => `<${spell(item)}>`).join('')})`;
    case 'code':
      return 'language' in node ? `(code ${node.language}:${node.text})` : `(c:${node.text})`;
    case 'paragraph':
      return `¶${spell(node.children)}`;
    case 'quote':
    case 'strong':
    case 'emphasis':
    case 'strike':
    case 'spoiler':
      return `(${node.kind} ${spell(node.children)})`;
  }
}

const line = (text: string): string => spell(parseMarkdown(text));

describe('marks inside a paragraph', () => {
  test.each([
    ['hello', '¶hello'],
    ['a **b** c', '¶a (strong b) c'],
    ['*a* _b_ ~~c~~ ||d||', '¶(emphasis a) (emphasis b) (strike c) (spoiler d)'],
    ['***both***', '¶(emphasis (strong both))'],
    ['**bold *and* thin**', '¶(strong bold (emphasis and) thin)'],
    ['snake_case_name and 2*3*4', '¶snake_case_name and 2(emphasis 3)4'],
    ['2 * 3 * 4', '¶2 * 3 * 4'],
    ['**open', '¶**open'],
    ['*a **b* c**', '¶(emphasis a (emphasis (emphasis b) c))'],
    ['a || b', '¶a || b'],
    ['~one~', '¶~one~'],
    ['`a*b*`', '¶(c:a*b*)'],
    ['`` a`b ``', '¶(c:a`b)'],
    ['`open', '¶`open'],
    ['\\*not\\* \\o/', '¶*not* \\o/'],
    ['&amp; <b>x</b> <script>', '¶&amp; <b>x</b> <script>'],
    ['![x](https://evil.example/p.png)', '¶!{x→https://evil.example/p.png @evil.example}'],
    ['one\ntwo\n\nthree', '¶one\ntwo\n\nthree'],
    ['# not a heading', '¶# not a heading'],
    ['[foo]: https://a.example', '¶[foo]: {https://a.example→https://a.example/}'],
    ['    indented', '¶    indented'],
  ])('%s', (text, tree) => {
    expect(line(text)).toBe(tree);
  });
});

describe('blocks', () => {
  test.each([
    ['```ts\na\n  b\n```\nafter', '(code ts:a\n  b)¶after'],
    ['```\nopen', '(code :open)'],
    ['> a\n> b\nc', '(quote ¶a\nb)¶c'],
    ['> > a', '(quote (quote ¶a))'],
    ['>:(', '¶>:('],
    ['- a\n- b', '(list <¶a><¶b>)'],
    ['- a\n  - b\n  - c\n- d', '(list <¶a(list <¶b><¶c>)><¶d>)'],
    ['3. a\n4. b', '(list3 <¶a><¶b>)'],
    ['1986. What a year', '¶1986. What a year'],
    ['- ', '¶- '],
    ['-5 degrees', '¶-5 degrees'],
    ['text\n- a', '¶text(list <¶a>)'],
  ])('%s', (text, tree) => {
    expect(line(text)).toBe(tree);
  });
});

describe('links', () => {
  test.each([
    ['see https://a.example/x.', '¶see {https://a.example/x→https://a.example/x}.'],
    ['(https://a.example/x_(y))', '¶({https://a.example/x_(y)→https://a.example/x_(y)})'],
    ['**https://a.example**', '¶(strong {https://a.example→https://a.example/})'],
    ['[bank](https://evil.example)', '¶{bank→https://evil.example/ @evil.example}'],
    ['<https://a.example>', '¶{https://a.example→https://a.example/}'],
    ['mesh://add?p=abc', '¶{mesh://add?p=abc→mesh://add?p=abc}'],
    ['mailto:a@b.example?body=x', '¶{mailto:a@b.example?body=x→mailto:a@b.example}'],
    ['http://2130706433/', '¶{http://2130706433/→http://127.0.0.1/ @127.0.0.1}'],
    [
      'https://bank.example。evil.example',
      '¶{https://bank.example。evil.example→https://bank.example.evil.example/ @bank.example.evil.example}',
    ],
    ['<https://a%2eexample>', '¶{https://a%2eexample→https://a.example/ @a.example}'],
    ['[https:evil.example](https:evil.example)', '¶{https:evil.example→https://evil.example/ @evil.example}'],
    ['HTTPS://A.example:443/x', '¶{HTTPS://A.example:443/x→https://a.example/x}'],
    ['https://a.example:8080?x', '¶{https://a.example:8080?x→https://a.example:8080/?x}'],
    ['https://аpple.com', '¶{https://аpple.com→https://xn--pple-43d.com/ @xn--pple-43d.com}'],
  ])('%s', (text, tree) => {
    expect(line(text)).toBe(tree);
  });

  test.each([
    'javascript:alert(1)',
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](data:text/html,<script>alert(1)</script>)',
    '[x](vbscript:x)',
    '[x](file:///etc/passwd)',
    '[x](//evil.example)',
    '[x](/etc)',
    '<javascript:alert(1)>',
    'https://bank.example@evil.example/',
    'https://',
    'mesh://other?x',
    '[x](blob:y)',
  ])('%s leads nowhere', (text) => {
    expect(line(text)).not.toContain('→');
  });

  test('invisible and direction-changing characters end an address', () => {
    expect(line('https://a.example/\u202egnp.exe')).toBe(
      '¶{https://a.example/→https://a.example/}\u202egnp.exe',
    );
    expect(line('https://a.exa\u200bmple/')).toBe('¶{https://a.exa→https://a.exa/}\u200bmple/');
    expect(line('[x](https://a.example/\u202ex)')).toBe(
      '¶[x]({https://a.example/→https://a.example/}\u202ex)',
    );
  });
});

describe('a card', () => {
  const longest = `mesh://add?p=${'q'.repeat(cardLengthMax - 'mesh://add?p='.length)}`;
  const spelled = `{${longest}→${longest}}`;

  test.each([
    [longest, `¶${spelled}`],
    [`<${longest}>`, `¶${spelled}`],
    [`[my card](${longest})`, `¶{my card→${longest} @mesh://}`],
    [`Mine (${longest}), and`, `¶Mine (${spelled}), and`],
    [`**${longest}**`, `¶(strong ${spelled})`],
    [longest.toUpperCase(), `¶${spelled.toUpperCase()}`],
  ])('is a link as long as it may be: %.20s', (text, tree) => {
    expect(line(text)).toBe(tree);
  });

  test.each([`${longest}q`, `<${longest}q>`, `[x](${longest}q)`, `https://a.example/${'q'.repeat(2_100)}`])(
    'that is longer, or another address of that length, leads nowhere: %.20s',
    (text) => {
      expect(line(text)).not.toContain('→');
    },
  );

  test.each([
    [longest, 'talk.card'],
    [`a ${longest} b`, 'a talk.card b'],
    [`<${longest}> b`, 'talk.card b'],
    [`[my card](${longest}) b`, 'my card b'],
    [`||${longest}|| b`, '▒▒▒▒▒ b'],
  ])('is a word in a line of plain words: %.20s', (text, words) => {
    expect(plainText(text)).toBe(words);
    // As the node cuts it.
    expect(plainQuote(text.slice(0, 200))).toBe(words.replace(/ b$/, ''));
  });
});

describe('any text', () => {
  const pieces = fc.constantFrom(
    '*',
    '**',
    '_',
    '~~',
    '||',
    '`',
    '``',
    '```',
    '[',
    '](',
    ')',
    '<',
    '>',
    '> ',
    '- ',
    '1. ',
    '\n',
    ' ',
    '  ',
    '\\',
    'a',
    'b c',
    'https://a.example',
    'mailto:',
    'א',
    '👍',
    '\u202e',
    'e\u0301\u0301',
    ':',
    '|',
    '\r\n',
    '\t',
  );
  const text = fc.array(pieces, { maxLength: 60, size: 'max' }).map((parts) => parts.join(''));

  test('gives a tree, keeps every letter, stays within its depth', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: 'binary', size: 'max', maxLength: 80 })), (source) => {
        const blocks = parseMarkdown(source);
        expect(depth(blocks)).toBeLessThanOrEqual(2 * markdownDepthMax + inlineDepthMax + 3);
        const letters = (value: string): string => value.replace(/[^a-zא👍]/gu, '');
        const shown = letters(shownText(blocks));
        // Link targets and languages of code are not text; whatever else was typed is there.
        if (!source.includes('](') && !source.includes('```')) expect(shown).toBe(letters(source));
      }),
      { numRuns: 1_000 },
    );
  });

  test.each([
    ['emphasis openers', '*a '.repeat(9_000)],
    ['alternating openers', '*a_ '.repeat(7_000)],
    ['closers', 'a* '.repeat(9_000)],
    ['nested strong', `${'**a '.repeat(3_000)}${' b**'.repeat(3_000)}`],
    ['brackets', '['.repeat(28_000)],
    ['labels', '[a]('.repeat(7_000)],
    ['backticks', Array.from({ length: 230 }, (_, index) => '`'.repeat(index)).join(' ')],
    ['code spans', '`a``b'.repeat(5_600)],
    ['quotes', '> '.repeat(14_000)],
    ['lists', '- '.repeat(14_000)],
    ['indented lists', Array.from({ length: 200 }, (_, index) => `${' '.repeat(index)}- a`).join('\n')],
    ['fences', '```\n'.repeat(7_000)],
    ['links', 'https://a.example '.repeat(1_500)],
    ['angles', '<https://'.repeat(3_000)],
    ['schemes', 'https://'.repeat(3_500)],
    ['cards', 'mesh://add?p=q '.repeat(1_800)],
    ['cards without ends', 'mesh://add?'.repeat(2_500)],
    ['card labels', '[a](mesh://add?p='.repeat(1_600)],
    ['angled cards', '<mesh://add?p='.repeat(2_000)],
    ['other mesh addresses', 'mesh://'.repeat(4_000)],
    ['long line', 'a'.repeat(28_000)],
    ['combining marks', `a${'\u0301'.repeat(27_000)}`],
    ['beyond a message', '*a* '.repeat(300_000)],
  ])('%s cost no more than they weigh', (_name, source) => {
    const blocks = parseMarkdown(source);
    expect(count(blocks)).toBeLessThanOrEqual(nodesMax);
    plainText(source);
  });
});

function depth(nodes: readonly (Block | Inline)[]): number {
  let deepest = 0;
  for (const node of nodes) {
    if ('children' in node) deepest = Math.max(deepest, depth(node.children));
    if ('items' in node) for (const item of node.items) deepest = Math.max(deepest, depth(item));
  }
  return deepest + 1;
}

function count(nodes: readonly (Block | Inline)[]): number {
  let total = nodes.length;
  for (const node of nodes) {
    if ('children' in node) total += count(node.children);
    if ('items' in node) for (const item of node.items) total += count(item);
  }
  return total;
}

function shownText(nodes: readonly (Block | Inline)[]): string {
  let text = '';
  for (const node of nodes) {
    if (node.kind === 'link') text += node.link.text;
    else if ('text' in node) text += node.text;
    else if ('children' in node) text += shownText(node.children);
    else for (const item of node.items) text += shownText(item);
  }
  return text;
}

test('a line of plain words hides marks and spoilers', () => {
  expect(plainText('**Hi** ||secret||\n- a\n- b `c` [x](https://a.example)')).toBe('Hi ▒▒▒▒▒ a b c x');
  expect(plainText('a'.repeat(500), 10)).toBe('aaaaaaaaaa…');
});

test('a spoiler that is cut stays hidden', () => {
  const long = `a ||${'secret '.repeat(200)}||`;
  expect(plainText(long)).toBe('a ▒▒▒▒▒');
  expect(plainQuote(long.slice(0, 200))).toBe('a ▒▒▒▒▒');
  expect(plainText(`${'a '.repeat(50)}||b||${' c'.repeat(500)}`, 120)).toContain('a ▒▒▒▒▒ c');
  expect(plainQuote('a || b')).toBe('a || b');
});
