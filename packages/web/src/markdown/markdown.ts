/**
 * The markdown of messages: paragraphs, lists, quotes and code; inside them see inline-markdown.ts. A dialect for talk: a line
 * break is a line break, nothing that was typed disappears, no headings, no HTML, no pictures, no definitions.
 *
 * Total and bounded: any text gives a tree of at most {@link markdownDepthMax} levels, in time that grows with its length; a text
 * with more marks than {@link nodesMax} is shown as it was typed.
 */
import { parseInline, type Inline } from './inline-markdown.ts';

export type Block =
  | { kind: 'paragraph'; children: Inline[] }
  | { kind: 'code'; text: string; language: string }
  | { kind: 'quote'; children: Block[] }
  /** `start`: the first number; null where it has none. */
  | { kind: 'list'; start: number | null; items: Block[][] };

/** Quotes and lists inside each other; deeper marks are text. */
export const markdownDepthMax = 4;
/** A guess: what a screen draws within a frame. */
export const nodesMax = 2_000;
/** In UTF-16 units: a stored message has at most 28,000 bytes. */
export const textLengthMax = 28_000;

const fence = /^ {0,3}(`{3,})\s*([\w+#.-]{0,20})[^`]*$/;
// `>:(` is a face.
const quote = /^ {0,3}>(?: |$)/;
const bullet = /^( {0,3})(?:[-*+]|(\d{1,3})[.)])[ \t]+(?=\S)/;

const plain = /^(?!\s*(?:[-*+>~]|\d{1,3}[.)]))[^\\`*_~|[<\n:]*$/u;

export function parseMarkdown(text: string): Block[] {
  // Most of what people write has no mark at all.
  if (plain.test(text) && !text.includes('\n')) return asPlain(text);
  if (text.length > textLengthMax) return asPlain(text);
  const blocks = parseBlocks(text.split(/\r\n?|\n/), 0);
  return countNodes(blocks) > nodesMax ? asPlain(text) : blocks;
}

function asPlain(text: string): Block[] {
  return [{ kind: 'paragraph', children: [{ kind: 'text', text }] }];
}

interface Piece {
  block: Block;
  /** The first line after it. */
  end: number;
}

function parseBlocks(lines: readonly string[], depth: number): Block[] {
  const blocks: Block[] = [];
  let paragraph: string[] = [];
  function flush(): void {
    const text = trimmedLines(paragraph).join('\n');
    if (text !== '') blocks.push({ kind: 'paragraph', children: parseInline(text) });
    paragraph = [];
  }
  let at = 0;
  while (at < lines.length) {
    const piece = readPiece(lines, at, depth);
    if (piece === null) {
      paragraph.push(lines[at] ?? '');
      at += 1;
      continue;
    }
    flush();
    blocks.push(piece.block);
    at = piece.end;
  }
  flush();
  return blocks;
}

function readPiece(lines: readonly string[], at: number, depth: number): Piece | null {
  const line = lines[at] ?? '';
  const opened = fence.exec(line);
  if (opened !== null) return readFence(lines, at, opened);
  if (depth >= markdownDepthMax) return null;
  if (quote.test(line)) return readQuote(lines, at, depth);
  if (bullet.test(line)) return readList(lines, at, depth);
  return null;
}

function readFence(lines: readonly string[], at: number, opened: RegExpExecArray): Piece {
  const mark = opened[1] ?? '```';
  let end = at + 1;
  while (end < lines.length && !isFenceEnd(lines[end] ?? '', mark)) end += 1;
  const text = lines.slice(at + 1, end).join('\n');
  return { block: { kind: 'code', text, language: opened[2] ?? '' }, end: end + 1 };
}

function isFenceEnd(line: string, mark: string): boolean {
  const end = line.trim();
  return end.length >= mark.length && end === mark.charAt(0).repeat(end.length);
}

function readQuote(lines: readonly string[], at: number, depth: number): Piece {
  let end = at;
  while (quote.test(lines[end] ?? '')) end += 1;
  const inner = lines.slice(at, end).map((line) => line.replace(quote, ''));
  return { block: { kind: 'quote', children: parseBlocks(inner, depth + 1) }, end };
}

function readList(lines: readonly string[], at: number, depth: number): Piece {
  const first = bullet.exec(lines[at] ?? '');
  const number = first?.[2];
  const items: Block[][] = [];
  let end = at;
  while (end < lines.length) {
    const match = bullet.exec(lines[end] ?? '');
    if (match === null || (match[2] === undefined) !== (number === undefined)) break;
    const indent = match[0].length;
    const inner = [(lines[end] ?? '').slice(indent)];
    end += 1;
    while (end < lines.length && continues(lines[end] ?? '', match[1]?.length ?? 0)) {
      inner.push((lines[end] ?? '').slice(Math.min(indent, leadingSpaces(lines[end] ?? ''))));
      end += 1;
    }
    items.push(parseBlocks(inner, depth + 1));
  }
  return { block: { kind: 'list', start: number === undefined ? null : Number(number), items }, end };
}

/** A line that is indented deeper than its bullet belongs to the item. */
function continues(line: string, indent: number): boolean {
  return line.trim() !== '' && leadingSpaces(line) >= indent + 2;
}

function leadingSpaces(line: string): number {
  return line.length - line.trimStart().length;
}

function trimmedLines(lines: string[]): string[] {
  const first = lines.findIndex((line) => line.trim() !== '');
  const last = lines.findLastIndex((line) => line.trim() !== '');
  return first === -1 ? [] : lines.slice(first, last + 1);
}

function countNodes(nodes: readonly (Block | Inline)[]): number {
  let total = nodes.length;
  for (const node of nodes) {
    if ('children' in node) total += countNodes(node.children);
    if ('items' in node) for (const item of node.items) total += 1 + countNodes(item);
  }
  return total;
}
