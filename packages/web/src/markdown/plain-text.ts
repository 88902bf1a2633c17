/** A message as one line of plain words: for lists, quotes, notifications and screen readers. Spoilers stay hidden. */
import { quotedLengthMax } from '@kith/api/conversation-shapes';
import { translate } from '../i18n/texts.ts';
import type { Inline } from './inline-markdown.ts';
import { parseMarkdown, type Block } from './markdown.ts';

/** What stands for the letters of a spoiler. */
const veil = '▒';

/** A card, and what opens around it. */
const card = /(\]\(|<)?mesh:\/\/add\?[\w%=&.~-]+/gi;
const shortCard = 'mesh://add?p=';

/** @param lengthMax - in UTF-16 units; what is longer is cut. */
export function plainText(whole: string, lengthMax = 200): string {
  const text = withShortCards(whole);
  const start = text.slice(0, lengthMax * 2);
  return shortened(lineOf(start.length < text.length ? veiled(start) : text, false), lengthMax);
}

/** The whole text, with the address of each link that goes by another name. */
export function plainTextWithAddresses(text: string): string {
  return lineOf(text, true);
}

/** Of a card nothing is shown but that it is one. What opens around one that is cut would show. */
function withShortCards(text: string): string {
  return text.replace(card, (found: string, opens: string | undefined, at: number) => {
    const isCut = at + found.length === text.length;
    const closes = !isCut || opens === undefined ? '' : opens === '<' ? '>' : ')';
    return `${opens ?? ''}${shortCard}${closes}`;
  });
}

/** The same of a text that may have been cut already. */
export function plainQuote(text: string, lengthMax = 200): string {
  return plainText([...text].length < quotedLengthMax ? text : veiled(text), lengthMax);
}

/** Marks may be cut in half: then they show, as in the whole text they would not. But a spoiler that does not end is one. */
function veiled(cut: string): string {
  const parts = cut.split('||');
  return parts.length % 2 === 1 ? cut : `${parts.slice(0, -1).join('||')}${veil.repeat(5)}`;
}

function lineOf(text: string, withAddresses: boolean): string {
  const blocks = parseMarkdown(text).map((block) => blockText(block, withAddresses));
  return blocks.join(' ').replace(/\s+/gu, ' ').trim();
}

function shortened(line: string, lengthMax: number): string {
  return line.length > lengthMax ? `${line.slice(0, lengthMax).replace(/[\ud800-\udbff]$/, '')}…` : line;
}

function blockText(block: Block, withAddresses: boolean): string {
  const inner = (blocks: readonly Block[]): string =>
    blocks.map((each) => blockText(each, withAddresses)).join(' ');
  switch (block.kind) {
    case 'paragraph':
      return block.children.map((node) => inlineText(node, withAddresses)).join('');
    case 'code':
      return block.text;
    case 'quote':
      return inner(block.children);
    case 'list':
      return block.items.map(inner).join(' ');
  }
}

function inlineText(node: Inline, withAddresses: boolean): string {
  switch (node.kind) {
    case 'text':
    case 'code':
      return node.text;
    case 'link': {
      const { text, href, isBareCard } = node.link;
      if (isBareCard) return translate('talk.card');
      return withAddresses && !href.startsWith(text) ? `${text} (${href})` : text;
    }
    case 'spoiler':
      return veil.repeat(5);
    case 'strong':
    case 'emphasis':
    case 'strike':
      return node.children.map((each) => inlineText(each, withAddresses)).join('');
  }
}
