/**
 * What stands inside a paragraph: **strong**, *emphasis*, ~~strike~~, ||spoiler||, `code` and links.
 *
 * A tree of plain objects, never HTML. Total: every text gives a tree, and what is no mark stays as it was typed. The delimiters
 * are paired as CommonMark 0.31 §6.2 does it, with the bottoms of its appendix, so that the work grows with the length of the
 * text and not with its square.
 */
import { linkAt, linkOf, type Link } from './link.ts';

export type InlineMark = 'strong' | 'emphasis' | 'strike' | 'spoiler';

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'link'; link: Link }
  | { kind: InlineMark; children: Inline[] };

/** Marks inside marks; deeper ones are left out and their text stays. */
export const inlineDepthMax = 6;
/** Runs of delimiters that are looked at in one paragraph; later ones are text. A guess: far beyond what a person writes. */
const delimiterRunsMax = 1_000;
const linkLabelMax = 500;

interface Run {
  kind: 'run';
  character: string;
  /** Characters that are not used yet; at the end, those that are text. */
  left: number;
  length: number;
  canOpen: boolean;
  canClose: boolean;
  closes: InlineMark[];
  opens: InlineMark[];
}

type Token = Exclude<Inline, { children: Inline[] }> | Run;

const special = /[\\`*_~|[<]|\b(?:https?:\/\/|mailto:|mesh:\/\/)/giu;
const punctuation = /[\p{P}\p{S}]/u;
const escapable = /[!-/:-@[-`{-~]/;

export function parseInline(text: string): Inline[] {
  const tokens = tokenize(text);
  const runs = tokens.filter((token) => token.kind === 'run');
  if (runs.length > 0) pair(runs);
  return nest(tokens);
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let runs = 0;
  let plain = '';
  let at = 0;
  function flush(): void {
    if (plain !== '') tokens.push({ kind: 'text', text: plain });
    plain = '';
  }
  while (at < text.length) {
    special.lastIndex = at;
    const next = special.exec(text)?.index ?? text.length;
    plain += text.slice(at, next);
    at = next;
    if (at >= text.length) break;
    const found = readToken(text, at, runs < delimiterRunsMax);
    if (typeof found.token === 'string') plain += found.token;
    else {
      if (found.token.kind === 'run') runs += 1;
      flush();
      tokens.push(found.token);
    }
    at = found.end;
  }
  flush();
  return tokens;
}

interface Found {
  token: Token | string;
  end: number;
}

function readToken(text: string, at: number, takesRuns: boolean): Found {
  const character = text.charAt(at);
  const following = text.charAt(at + 1);
  const literal: Found = { token: character, end: at + 1 };
  switch (character) {
    case '\\':
      return escapable.test(following) ? { token: following, end: at + 2 } : literal;
    case '`':
      return readCode(text, at);
    case '[':
      return readLabelled(text, at) ?? literal;
    case '<':
      return readAngled(text, at) ?? literal;
    case '*':
    case '_':
    case '~':
    case '|':
      return readRun(text, at, takesRuns);
    default: {
      const found = linkAt(text, at);
      return found === null ? literal : { token: { kind: 'link', link: found.link }, end: found.end };
    }
  }
}

function readCode(text: string, at: number): Found {
  let start = at;
  while (text[start] === '`') start += 1;
  const fence = text.slice(at, start);
  // Longer fences are no code: what looks for their ends would look through the whole text for each.
  const end = fence.length > 2 ? -1 : findFence(text, fence, start);
  if (end === -1) return { token: fence, end: start };
  const inner = text.slice(start, end);
  const isPadded = /^ .*\S.* $/s.test(inner);
  return { token: { kind: 'code', text: isPadded ? inner.slice(1, -1) : inner }, end: end + fence.length };
}

function findFence(text: string, fence: string, from: number): number {
  let end = text.indexOf(fence, from);
  while (end !== -1) {
    let after = end + fence.length;
    if (text[after] !== '`' && end > from) return end;
    while (text[after] === '`') after += 1;
    end = text.indexOf(fence, after);
  }
  return -1;
}

function readLabelled(text: string, at: number): Found | null {
  const match = /\[([^\][\n]{1,500})\]\(([^\s()<>]{1,8192}(?:\([^\s()<>]{0,2048}\)[^\s()<>]{0,2048})?)\)/y;
  // The next bracket ends the look ahead, so that many open ones cost no more than their number.
  if (text.slice(at + 1, at + 1 + linkLabelMax).search(/[\][\n]/) < 1) return null;
  match.lastIndex = at;
  const [whole, label, address] = match.exec(text) ?? [];
  if (whole === undefined || label === undefined || address === undefined) return null;
  const link = linkOf(address, label);
  return link === null ? null : { token: { kind: 'link', link }, end: at + whole.length };
}

function readAngled(text: string, at: number): Found | null {
  const match = /<((?:https?:\/\/|mailto:|mesh:\/\/)[^\s<>]{1,8192})>/iy;
  match.lastIndex = at;
  const [whole, address] = match.exec(text) ?? [];
  if (whole === undefined || address === undefined) return null;
  const link = linkOf(address);
  return link === null ? null : { token: { kind: 'link', link }, end: at + whole.length };
}

function readRun(text: string, at: number, takesRuns: boolean): Found {
  const character = text.charAt(at);
  let end = at;
  while (text[end] === character) end += 1;
  const length = end - at;
  const isDouble = character === '~' || character === '|';
  if (!takesRuns || (isDouble ? length !== 2 : length > 3)) return { token: text.slice(at, end), end };
  const before = text.slice(0, at).at(-1) ?? ' ';
  const after = text.charAt(end) || ' ';
  const leftFlanking = !/\s/u.test(after) && (!punctuation.test(after) || /[\s\p{P}\p{S}]/u.test(before));
  const rightFlanking = !/\s/u.test(before) && (!punctuation.test(before) || /[\s\p{P}\p{S}]/u.test(after));
  const isWord = character === '_';
  return {
    token: {
      kind: 'run',
      character,
      left: length,
      length,
      canOpen: leftFlanking && (!isWord || !rightFlanking || punctuation.test(before)),
      canClose: rightFlanking && (!isWord || !leftFlanking || punctuation.test(after)),
      closes: [],
      opens: [],
    },
    end,
  };
}

/** CommonMark 0.31, "process emphasis": the innermost pairs first. */
function pair(runs: Run[]): void {
  // Openers that may still be closed, in order.
  const open: Run[] = [];
  // Below this height nothing can close a run of this kind.
  const bottoms = new Map<string, number>();
  for (const closer of runs) {
    if (closer.canClose) closeWith(closer, open, bottoms);
    if (closer.canOpen && closer.left > 0) open.push(closer);
  }
}

function closeWith(closer: Run, open: Run[], bottoms: Map<string, number>): void {
  const kind = `${closer.character}${closer.canOpen ? 1 : 0}${closer.length % 3}`;
  while (closer.left > 0) {
    const bottom = Math.min(bottoms.get(kind) ?? 0, open.length);
    let index = open.length - 1;
    while (index >= bottom && !canPair(open[index], closer)) index -= 1;
    const opener = index >= bottom ? open[index] : undefined;
    if (opener === undefined) {
      bottoms.set(kind, open.length);
      return;
    }
    const isDouble = opener.left >= 2 && closer.left >= 2;
    opener.opens.unshift(markOf(closer.character, isDouble));
    closer.closes.push(markOf(closer.character, isDouble));
    opener.left -= isDouble ? 2 : 1;
    closer.left -= isDouble ? 2 : 1;
    // What stood between them can no longer open; the bottoms above have to come down with it.
    open.length = opener.left > 0 ? index + 1 : index;
    for (const [key, height] of bottoms) if (height > open.length) bottoms.set(key, open.length);
  }
}

function canPair(opener: Run | undefined, closer: Run): boolean {
  if (opener === undefined || opener.character !== closer.character) return false;
  const isEither = opener.canClose || closer.canOpen;
  const isOdd =
    (opener.length + closer.length) % 3 === 0 && (opener.length % 3 !== 0 || closer.length % 3 !== 0);
  return !(isEither && isOdd) || closer.character === '~' || closer.character === '|';
}

function markOf(character: string, isDouble: boolean): InlineMark {
  if (character === '~') return 'strike';
  if (character === '|') return 'spoiler';
  return isDouble ? 'strong' : 'emphasis';
}

function nest(tokens: Token[]): Inline[] {
  const root: Inline[] = [];
  const stack: { mark: InlineMark; children: Inline[] | null }[] = [];
  function into(): Inline[] {
    return stack.findLast((level) => level.children !== null)?.children ?? root;
  }
  for (const token of tokens) {
    if (token.kind !== 'run') {
      into().push(token);
      continue;
    }
    for (const mark of token.closes) {
      const level = stack.pop();
      // Only its own opener can be on top: pairs never cross.
      if (level?.mark !== mark) throw new RangeError('marks cross');
    }
    if (token.left > 0) into().push({ kind: 'text', text: token.character.repeat(token.left) });
    for (const mark of token.opens) {
      const children: Inline[] | null = stack.length < inlineDepthMax ? [] : null;
      if (children !== null) into().push({ kind: mark, children });
      stack.push({ mark, children });
    }
  }
  return joined(root);
}

/** Neighbouring texts become one: fewer nodes, and selections that behave. */
function joined(nodes: Inline[]): Inline[] {
  const result: Inline[] = [];
  for (const node of nodes) {
    const last = result.at(-1);
    if (node.kind === 'text' && last?.kind === 'text') {
      result[result.length - 1] = { kind: 'text', text: last.text + node.text };
    } else if ('children' in node) result.push({ kind: node.kind, children: joined(node.children) });
    else result.push(node);
  }
  return result;
}
