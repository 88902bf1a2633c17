/** Figures beside their goals, as a table with a bar each. */
import { isKept } from '../run.ts';
import type { Figure } from '../scenario.ts';
import { goalWords, valueOf } from '../terminal/words.ts';
import { html, type Markup } from './html.ts';
import { table, values } from './table.ts';

/** A bar goes so far beyond its goal before it is cut. */
const overshootMax = 1.5;

export function figuresTable(figures: readonly Figure[]): Markup {
  if (figures.length === 0) return html``;
  const columns = ['figure', ...values('measured'), 'goal', '', 'verdict'];
  const rows = figures.map((figure) => row(figure));
  return html`<h3>Figures</h3>
    ${table('figures', columns, rows)}`;
}

function row(figure: Figure): Markup {
  const { name, goal } = figure;
  const kept = isKept(figure);
  const word =
    goal === undefined ? html`<span class="stated">stated</span>` : verdict(kept, kept ? 'kept' : 'missed');
  return html`<tr>
    <th scope="row">${name}</th>
    <td class="value">${valueOf(figure)}</td>
    <td>${goalWords(figure)}</td>
    <td class="bar">${bar(figure)}</td>
    <td>${word}</td>
  </tr>`;
}

/** A sign and its word. */
export function verdict(isGood: boolean, word: string): Markup {
  const sign = isGood
    ? html`<path d="M2.5 8.5l3.5 3.5 7.5-8" />`
    : html`<path d="M3.5 3.5l9 9M12.5 3.5l-9 9" />`;
  return html`<span class="verdict ${isGood ? 'good' : 'bad'}"
    ><svg viewBox="0 0 16 16" aria-hidden="true">${sign}</svg>${word}</span
  >`;
}

/** How far the value is from its goal, the goal as a line. */
function bar(figure: Figure): Markup {
  const { value, goal } = figure;
  const limit = goal?.atMost ?? goal?.atLeast;
  if (limit === undefined || limit <= 0 || !Number.isFinite(value)) return html``;
  const width = 120;
  const scale = width / overshootMax;
  const length = Math.min(width, Math.max(0, (value / limit) * scale));
  return html`<svg viewBox="0 0 ${width} 12" width="${width}" height="12" aria-hidden="true">
    <path class="rail" d="M0 6h${width}" />
    <path class="${isKept(figure) ? 'good' : 'bad'}" d="M0 6h${length.toFixed(1)}" />
    <path class="limit" d="M${scale.toFixed(1)} 0v12" />
  </svg>`;
}
