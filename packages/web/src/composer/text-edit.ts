/** Changes in the middle of what is typed, so that the field's own undo still works. */

/** Replaces the selection, or the stretch that is given. The field tells React itself. */
export function insertText(field: HTMLTextAreaElement, text: string, range?: [number, number]): void {
  field.focus();
  if (range !== undefined) field.setSelectionRange(...range);
  // Deprecated, and the only way into the undo history of a field; where it is gone the text still comes.
  if (document.execCommand('insertText', false, text)) return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

export interface Wrapped {
  /** What takes the place of the selection. */
  text: string;
  /** What is selected then, from the beginning of `text`. */
  select: [number, number];
}

/** Puts a mark around the selection, or takes it off where it stands. Spaces at the edges stay outside: `** a**` is no mark. */
export function wrapped(selection: string, mark: string): Wrapped {
  if (selection.length > 2 * mark.length && selection.startsWith(mark) && selection.endsWith(mark)) {
    const inner = selection.slice(mark.length, -mark.length);
    return { text: inner, select: [0, inner.length] };
  }
  const [, before = '', inner = '', after = ''] = /^(\s*)(.*?)(\s*)$/s.exec(selection) ?? [];
  const start = before.length + mark.length;
  return {
    text: `${before}${mark}${inner}${mark}${after}`,
    select: [start, start + inner.length],
  };
}

/** Puts a sign before every line, or takes it off where every line has it. */
export function prefixed(lines: string, prefix: string): string {
  const all = lines.split('\n');
  const isMarked = all.every((line) => line.startsWith(prefix));
  return all.map((line) => (isMarked ? line.slice(prefix.length) : prefix + line)).join('\n');
}

export function wrapSelection(field: HTMLTextAreaElement, mark: string): void {
  const { selectionStart, selectionEnd, value } = field;
  const { text, select } = wrapped(value.slice(selectionStart, selectionEnd), mark);
  insertText(field, text);
  field.setSelectionRange(selectionStart + select[0], selectionStart + select[1]);
}

export function prefixSelection(field: HTMLTextAreaElement, prefix: string): void {
  const { selectionStart, selectionEnd, value } = field;
  const start = value.lastIndexOf('\n', selectionStart - 1) + 1;
  const newline = value.indexOf('\n', selectionEnd);
  const end = newline === -1 ? value.length : newline;
  insertText(field, prefixed(value.slice(start, end), prefix), [start, end]);
}
