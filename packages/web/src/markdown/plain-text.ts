/** A message as one line of plain words: for lists, quotes, notifications and screen readers. Spoilers stay hidden. */
import { quotedLengthMax } from '@kith/api/conversation-shapes';
import type { Inline } from './inline-markdown.ts';
import { parseMarkdown, type Block } from './markdown.ts';

/** What stands for the letters of a spoiler. */
const veil = '▒';

/** @param lengthMax - in UTF-16 units; what is longer is cut. */
export function plainText(text: string, lengthMax = 200): string {
  const start = text.slice(0, lengthMax * 2);
  return lineOf(start.length < text.length ? veiled(start) : text, lengthMax);
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

function lineOf(text: string, lengthMax: number): string {
  const words = parseMarkdown(text).map(blockText).join(' ').replace(/\s+/gu, ' ').trim();
  return words.length > lengthMax ? `${words.slice(0, lengthMax).replace(/[\ud800-\udbff]$/, '')}…` : words;
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return block.children.map(inlineText).join('');
    case 'code':
      return block.text;
    case 'quote':
      return block.children.map(blockText).join(' ');
    case 'list':
      return block.items.map((item) => item.map(blockText).join(' ')).join(' ');
  }
}

function inlineText(node: Inline): string {
  switch (node.kind) {
    case 'text':
    case 'code':
      return node.text;
    case 'link':
      return node.link.text;
    case 'spoiler':
      return veil.repeat(5);
    case 'strong':
    case 'emphasis':
    case 'strike':
      return node.children.map(inlineText).join('');
  }
}
