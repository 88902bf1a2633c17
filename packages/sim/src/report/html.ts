/** Markup that cannot be broken by what it quotes: everything put into a template is escaped, unless it is markup itself. */

/** Finished markup. Only {@link html} makes it. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Markup | readonly Markup[];

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/* oxlint-disable-next-line no-control-regex -- control characters are what is looked for */
const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g;

/** Text for an element or for a quoted attribute. What turns the direction of text goes as well. */
export function escape(text: string): string {
  return text
    .toWellFormed()
    .replace(unsafe, '')
    .replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** @example html`<p title="${words}">${parts}</p>` */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.map((text, index) => text + textOf(parts[index] ?? '')).join(''));
}

function textOf(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(({ text }) => text).join('');
  return escape(String(part));
}
