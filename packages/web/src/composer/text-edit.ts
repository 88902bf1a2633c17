/** Changes in the middle of what is typed, so that the field's own undo still works. */

/** Replaces the selection, or the stretch that is given. The field tells React itself. */
export function insertText(
  field: HTMLTextAreaElement | HTMLInputElement,
  text: string,
  range?: [number, number],
): void {
  field.focus();
  if (range !== undefined) field.setSelectionRange(...range);
  // Deprecated, and the only way into the undo history of a field; where it is gone the text still comes.
  if (document.execCommand('insertText', false, text)) return;
  const end = field.value.length;
  field.setRangeText(text, field.selectionStart ?? end, field.selectionEnd ?? end, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

/** Replaces what stands before the cursor, which stays where it is in the text. */
export function replaceText(field: HTMLTextAreaElement, text: string, range: [number, number]): void {
  const after = field.value.length - field.selectionEnd;
  insertText(field, text, range);
  const cursor = field.value.length - after;
  field.setSelectionRange(cursor, cursor);
}

export interface Wrapped {
  /** What is replaced, by what. */
  range: [start: number, end: number];
  text: string;
  /** What is selected then. */
  select: [start: number, end: number];
}

/**
 * Puts a mark around what is selected, or takes it off where it stands, inside or right around the selection. Spaces at the edges
 * stay outside: `** a**` is no mark.
 */
export function wrapped(value: string, selection: [start: number, end: number], mark: string): Wrapped {
  const [start, end] = wordsIn(value, selection, mark);
  const words = value.slice(start, end);
  const size = mark.length;
  if (stands(mark, signsAround(value, [start, end], mark)))
    return { range: [start - size, end + size], text: words, select: [start - size, end - size] };
  return { range: [start, end], text: mark + words + mark, select: [start + size, end + size] };
}

/** Of a selection what is no space at its edges, and no mark on both sides. */
function wordsIn(value: string, [from, to]: [number, number], mark: string): [number, number] {
  const selected = value.slice(from, to);
  let start = from + selected.length - selected.trimStart().length;
  let end = start + selected.trim().length;
  const [sign] = mark;
  while (end - start > 2 && value[start] === sign && value[end - 1] === sign) {
    start += 1;
    end -= 1;
  }
  return [start, end];
}

/** How many signs of the mark stand on both sides. */
function signsAround(value: string, [start, end]: [number, number], mark: string): number {
  const [sign] = mark;
  let count = 0;
  while (value[start - count - 1] === sign && value[end + count] === sign) count += 1;
  return count;
}

/** Two `*` are bold, the third is italic. */
function stands(mark: string, signs: number): boolean {
  return mark === '*' ? signs % 2 === 1 : signs >= mark.length;
}

/** What begins a line wherever it is put. */
export function asBlock(block: string, value: string, at: number): string {
  return at === 0 || value[at - 1] === '\n' ? block : `\n${block}`;
}

export function insertBlock(field: HTMLTextAreaElement, block: string): void {
  insertText(field, asBlock(block, field.value, field.selectionStart));
}

/** Puts a sign before every line, or takes it off where every line has it. */
export function prefixed(lines: string, prefix: string): string {
  const all = lines.split('\n');
  const isMarked = all.every((line) => line.startsWith(prefix));
  return all.map((line) => (isMarked ? line.slice(prefix.length) : prefix + line)).join('\n');
}

/**
 * @returns where the cursor goes that stands before the end of a mark which was begun on its line: pressing the key again ends it. Null
 * elsewhere.
 */
export function pastMark(value: string, at: number, mark: string): number | null {
  const [sign] = mark;
  let begin = at;
  while (begin > 0 && value[begin - 1] !== sign && value[begin - 1] !== '\n') begin -= 1;
  let signs = 0;
  while (value[begin - signs - 1] === sign && value[at + signs] === sign) signs += 1;
  const isAlone = value[begin - signs - 1] !== sign && value[at + signs] !== sign;
  const words = value.slice(begin, at);
  const isMarked = words !== '' && words === words.trim() && isAlone && stands(mark, signs);
  // Else it is the end of one before, and the beginning of the next.
  const line = value.slice(value.lastIndexOf('\n', at - 1) + 1, at);
  const runs = [...line].filter((each, index) => each === sign && line[index - 1] !== sign).length;
  return isMarked && runs % 2 === 1 ? at + mark.length : null;
}

export function wrapSelection(field: HTMLTextAreaElement, mark: string): void {
  const { selectionStart, selectionEnd, value } = field;
  const past = selectionStart === selectionEnd ? pastMark(value, selectionStart, mark) : null;
  if (past !== null) {
    field.setSelectionRange(past, past);
    return;
  }
  const { range, text, select } = wrapped(value, [selectionStart, selectionEnd], mark);
  insertText(field, text, range);
  field.setSelectionRange(...select);
}

export function prefixSelection(field: HTMLTextAreaElement, prefix: string): void {
  const { selectionStart, selectionEnd, value } = field;
  const start = value.lastIndexOf('\n', selectionStart - 1) + 1;
  const newline = value.indexOf('\n', selectionEnd);
  const end = newline === -1 ? value.length : newline;
  insertText(field, prefixed(value.slice(start, end), prefix), [start, end]);
}
