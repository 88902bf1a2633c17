/** How one message spread: the share of nodes that had it over virtual time, and the tree it took, ring by ring of hops. */
import type { ScenarioOutcome } from '../scenario.ts';
import { count, duration, number } from '../terminal/words.ts';
import { html, type Markup } from './html.ts';
import { table, values } from './table.ts';
import { drawTree, treeOf, treeSize } from './tree.ts';

type Spread = ScenarioOutcome['spread'];

const wide = 560;
const high = 300;
const edge = { left: 46, right: 16, top: 16, bottom: 34 };
/** Beyond that a tree is a blot, and the page too heavy. */
const treeNodesMax = 12_000;
const curvePointsMax = 400;

/** @param id - Unlike that of any other spread on the page. */
export function spreadOf(id: string, spread: Spread): Markup {
  if (spread.length < 2) return html``;
  const ordered = spread.toSorted((one, other) => one.atMs - other.atMs || one.node - other.node);
  const times = ordered.map(({ atMs }) => atMs);
  const tree = treeOf(ordered);
  const words = describe(times, tree.hopsMax);
  const drawing =
    spread.length > treeNodesMax
      ? html``
      : html`<figure>
          <svg
            viewBox="0 0 ${treeSize} ${treeSize}"
            role="img"
            aria-label="The way of the message: its author in the middle, every ring one hop further. ${words}"
          >
            ${drawTree(ordered, tree)}
          </svg>
          <figcaption>
            From its author in the middle; every ring is one hop further. The stronger its colour, the
            earlier.
          </figcaption>
        </figure>`;
  return html`<h3>How a message spread</h3>
    <p class="note" id="${id}-words">${words}</p>
    <div class="spread">
      <figure>
        <svg
          viewBox="0 0 ${wide} ${high}"
          role="img"
          aria-label="Share of nodes that have the message, over time. ${words}"
        >
          ${drawCurve(times)}
        </svg>
        <figcaption>
          Share of the ${number(spread.length)} nodes that got it, over virtual time since it was sent.
        </figcaption>
      </figure>
      ${drawing}
    </div>
    ${hopTable(ordered, tree.hops)}`;
}

/** The time by which a share of all who got the message had it. */
function timeTo(times: readonly number[], share: number): number {
  return times[Math.max(0, Math.ceil(times.length * share) - 1)] ?? 0;
}

function describe(times: readonly number[], hopsMax: number): string {
  const [half, most, last] = [timeTo(times, 0.5), timeTo(times, 0.99), timeTo(times, 1)];
  return (
    `${count(times.length, 'node')} got it: half of them within ${duration(half)}, 99 % within ${duration(most)}, ` +
    `the last after ${duration(last)} and at most ${count(hopsMax, 'hop')}.`
  );
}

function drawCurve(times: readonly number[]): Markup {
  const lastMs = Math.max(1, times.at(-1) ?? 1);
  const step = niceStep(lastMs / 6);
  const endMs = Math.ceil(lastMs / step) * step;
  const x = (ms: number): number => edge.left + (ms / endMs) * (wide - edge.left - edge.right);
  const y = (share: number): number => high - edge.bottom - share * (high - edge.top - edge.bottom);
  const stride = Math.max(1, Math.floor(times.length / curvePointsMax));
  let line = `M${x(0).toFixed(1)} ${y(0).toFixed(1)}`;
  for (let index = 0; index < times.length; index += index + stride < times.length ? stride : 1) {
    line += `H${x(times[index] ?? 0).toFixed(1)}V${y((index + 1) / times.length).toFixed(1)}`;
  }
  line += `H${x(endMs).toFixed(1)}`;
  const columns = Array.from({ length: Math.round(endMs / step) + 1 }, (_, index) => index * step);
  const vertical = columns.map(
    (ms) =>
      html`<text x="${x(ms).toFixed(1)}" y="${high - edge.bottom + 20}" text-anchor="middle"
        >${duration(ms)}</text
      >`,
  );
  const horizontal = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      html`<path class="grid" d="M${edge.left} ${y(share)}H${wide - edge.right}" /><text
          x="${edge.left - 8}"
          y="${y(share) + 4}"
          text-anchor="end"
          >${share * 100} %</text
        >`,
  );
  const marks = [0.5, 0.99].map((share) => {
    const ms = timeTo(times, share);
    const [atX, atY] = [x(ms), y(share)];
    const word = `${share * 100} % in ${duration(ms)}`;
    return html`<path class="drop" d="M${atX.toFixed(1)} ${atY.toFixed(1)}V${y(0)}" /><path
        class="point"
        d="M${atX.toFixed(1)} ${atY.toFixed(1)}h.01"
      />${label(word, { x: atX, y: atY }, share < 0.9)}`;
  });
  const area = `${line}V${y(0).toFixed(1)}Z`;
  return html`${horizontal}${vertical}<path class="area" d="${area}" /><path
      class="curve"
      d="${line}"
    />${marks}`;
}

/** Beside a point of the curve: the half is said above and to the left, the rest below and to the right, if it fits. */
function label(word: string, at: { x: number; y: number }, isAbove: boolean): Markup {
  if (isAbove && at.x > edge.left + 110) return said(word, { x: at.x - 10, y: at.y - 8, anchor: 'end' });
  if (isAbove) return said(word, { x: at.x + 12, y: at.y + 14, anchor: 'start' });
  if (at.x < wide - edge.right - 120) return said(word, { x: at.x + 10, y: at.y + 22, anchor: 'start' });
  return said(word, { x: at.x - 10, y: high - edge.bottom - 10, anchor: 'end' });
}

function said(word: string, { x, y, anchor }: { x: number; y: number; anchor: string }): Markup {
  return html`<text class="said" x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}"
    >${word}</text
  >`;
}

/** 1, 2 or 5 times a power of ten, not less than `least`. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((times) => times * power).find((step) => step >= least) ?? least;
}

function hopTable(ordered: Spread, hops: ReadonlyMap<number, number>): Markup {
  const byHop = new Map<number, number[]>();
  for (const { node, atMs } of ordered) {
    const hop = hops.get(node) ?? 0;
    const times = byHop.get(hop);
    if (times === undefined) byHop.set(hop, [atMs]);
    else times.push(atMs);
  }
  const rows = [...byHop]
    .toSorted(([one], [other]) => one - other)
    .map(
      ([hop, times]) =>
        html`<tr>
          <th scope="row" class="value">${hop}</th>
          <td class="value">${number(times.length)}</td>
          <td class="value">${duration(times[0] ?? 0)}</td>
          <td class="value">${duration(times.at(-1) ?? 0)}</td>
        </tr>`,
    );
  return html`<details>
    <summary>The same as a table</summary>
    ${table('narrow', values('hops', 'nodes', 'first', 'last'), rows)}
  </details>`;
}
