/** What hostile messages become in the page: elements that lead nowhere but where they say, and nothing that is fetched. */
import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { renderToStaticMarkup } from 'react-dom/server';
import { beforeAll, describe, expect, test } from 'vitest';
import { TooltipProvider } from '../design/tooltip.tsx';
import { MarkdownView } from './markdown-view.tsx';

beforeAll(() => i18n.loadAndActivate({ locale: 'en', messages: {} }));

function draw(text: string): string {
  return renderToStaticMarkup(
    <I18nProvider i18n={i18n}>
      <TooltipProvider>
        <MarkdownView text={text} />
      </TooltipProvider>
    </I18nProvider>,
  );
}

describe('hostile messages', () => {
  test.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '![x](https://evil.example/pixel.png)',
    '[x](javascript:alert(1))',
    '[x](data:text/html;base64,PHNjcmlwdD4=)',
    '<iframe src="https://evil.example">',
    '```html\n<script>alert(1)</script>\n```',
    '`<img src=x onerror=alert(1)>`',
    '> <style>*{display:none}</style>',
    '[a"onmouseover="alert(1)](https://a.example)',
    'https://a.example/"onmouseover="alert(1)',
  ])('%s is text', (text) => {
    const page = new Set(draw(text).match(/<[a-z]+/g));
    const harmless = [
      '<div',
      '<p',
      '<a',
      '<bdi',
      '<span',
      '<pre',
      '<code',
      '<blockquote',
      '<button',
      '<svg',
      '<rect',
      '<path',
    ];
    expect([...page].filter((tag) => !harmless.includes(tag))).toEqual([]);
    expect(draw(text)).not.toMatch(/<[^>]*\s(?:on[a-z]+|src|srcset|style)=/);
    expect(draw(text)).not.toMatch(/href="(?!https:\/\/|mailto:)/);
  });

  test('a link tells nobody where it was pressed, and where it leads is isolated', () => {
    const page = draw('[\u202ebank](https://evil.example/x)');
    expect(page).toContain('rel="noopener noreferrer nofollow"');
    expect(page).toContain('target="_blank"');
    expect(page).toContain('<bdi dir="ltr">evil.example</bdi>');
    expect(page).toContain('<bdi>\u202ebank</bdi>');
  });

  test('a host of look-alike letters is shown as the network spells it', () => {
    expect(draw('https://аpple.com')).toContain('xn--pple-43d.com');
  });

  test('a hidden text is not drawn', () => {
    expect(draw('||secret||')).toMatch(/<span aria-hidden="true" class="invisible">secret/);
  });

  test('every paragraph has the direction of its own words', () => {
    expect(draw('שלום\n\n> hi')).toMatch(/<p dir="auto"/);
  });
});
