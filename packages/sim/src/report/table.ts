/** A table of the page, which scrolls by itself where the screen is narrow. */
import { html, type Markup } from './html.ts';

/** A heading, or one above values, which are set to the right. */
export type Column = string | { value: string };

/** @param rows - `<tr>` each, with as many cells as there are columns. */
export function table(name: string, columns: readonly Column[], rows: readonly Markup[]): Markup {
  const heads = columns.map((column) =>
    typeof column === 'string' ? html`<th>${column}</th>` : html`<th class="value">${column.value}</th>`,
  );
  return html`<div class="wide">
    <table class="${name}">
      <thead>
        <tr>
          ${heads}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

/** Columns of values. */
export function values(...titles: readonly string[]): Column[] {
  return titles.map((value) => ({ value }));
}
