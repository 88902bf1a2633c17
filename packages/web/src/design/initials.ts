/** Initials of a name, by what people see as characters: an emoji of several code points or a letter with its marks is one. */

/** @returns one or two graphemes; `?` for a name without any letter, number or sign. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s\-_.·]+/u).filter((word) => /[\p{L}\p{N}\p{S}\p{Emoji}]/u.test(word));
  const first = firstGrapheme(words[0] ?? '');
  if (first === '') return '?';
  // A picture stands for itself, and scripts without capitals are not abbreviated by two.
  if (/\p{Extended_Pictographic}/u.test(first) || !/\p{Lu}/u.test(first.toLocaleUpperCase())) return first;
  const second = words.length > 1 ? firstGrapheme(words.at(-1) ?? '') : '';
  const isLetter = /^[\p{L}\p{N}]/u.test(second);
  return (first + (isLetter ? second : '')).toLocaleUpperCase();
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

function firstGrapheme(word: string): string {
  // Signs before the first letter, such as quotes and brackets, are left out.
  const start = word.search(/[\p{L}\p{N}\p{S}\p{Emoji}]/u);
  if (start < 0) return '';
  // Marks piled up beyond sense are cut: an avatar has room for a few.
  const [first] = segmenter.segment(word.slice(start));
  return [...(first?.segment ?? '')].slice(0, 8).join('');
}
