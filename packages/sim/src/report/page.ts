/**
 * The report: one HTML file that needs nothing else, opens without a network, and runs no script. One run is a page; many are
 * a table of contents and a section each.
 */
import type { RunResult } from '../run.ts';
import { isKept } from '../run.ts';
import { replayCommand } from '../terminal/summary.ts';
import { count, duration, number } from '../terminal/words.ts';
import { figuresTable, verdict } from './figures.ts';
import { html, Markup } from './html.ts';
import { spreadOf } from './spread.ts';
import { story } from './story.ts';
import { styleSheet } from './style.ts';
import { table, values } from './table.ts';

/** More are counted, not shown: the first ones tell what went wrong. */
const violationsMax = 500;

/** What the runs were made with. */
export interface Origin {
  commit: string;
  /** Version of Node. */
  node: string;
}

/** The mark: a circle without a centre. */
const mark: Markup = new Markup(
  '<svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><path d="M16 4L26.4 10V22L16 28L5.6 22V10Z"/>' +
    '<path class="points" d="M16 4h.01M26.4 10h.01M26.4 22h.01M16 28h.01M5.6 22h.01M5.6 10h.01"/></svg>',
);

/** @returns the whole file. */
export function reportPage(results: readonly RunResult[], origin: Origin): string {
  const [only] = results;
  const isLone = only !== undefined && results.length === 1;
  const good = results.filter(({ ok }) => ok).length;
  const title = isLone ? only.scenario : 'All scenarios';
  const isGood = results.length > 0 && good === results.length;
  const word = isLone ? (isGood ? 'passed' : 'failed') : `${good} of ${results.length} passed`;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${title}, ${word} · Kith simulator</title>
        <style>
          ${new Markup(styleSheet)}
        </style>
      </head>
      <body>
        <header>
          <p class="brand">${mark} Kith simulator</p>
          <h1>${title} ${verdict(isGood, word)}</h1>
          ${isLone ? facts(only, origin) : contents(results, origin)}
        </header>
        <main>${results.map((result, index) => section(result, { index, isLone, origin }))}</main>
        <footer>
          <p>
            Made by <code>kith sim</code>. Virtual time and chance come from the seed alone: the same commit,
            peers and seed give the same run and the same trace.
          </p>
        </footer>
      </body>
    </html> `;
  return page.text;
}

function facts(result: RunResult, { commit, node }: Origin): Markup {
  const { summary, peers, seed, outcome } = result;
  const rows: [string, string][] = [
    ['peers', number(peers)],
    ['seed', String(seed)],
    ['virtual time', duration(outcome.virtualMs)],
    ['events', number(outcome.events)],
    ['commit', commit],
    ['Node', node],
  ];
  return html`<p class="summary">${summary}</p>
    <dl class="facts">
      ${rows.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    <p class="again">
      trace <code>${outcome.traceHash || 'none'}</code><br />again <code>${replayCommand(result)}</code>
    </p>`;
}

function contents(results: readonly RunResult[], { commit, node }: Origin): Markup {
  const rows = results.map(({ scenario, summary, peers, ok, outcome, wallMs }, index) => {
    const missed = outcome.figures.filter((figure) => !isKept(figure)).length;
    const goals = outcome.figures.filter(({ goal }) => goal !== undefined).length;
    return html`<tr>
      <th scope="row"><a href="#scenario-${index}">${scenario}</a><span>${summary}</span></th>
      <td class="value">${number(peers)}</td>
      <td class="value">${duration(outcome.virtualMs)}</td>
      <td class="value">${duration(wallMs)}</td>
      <td class="value">${goals === 0 ? 'none' : `${goals - missed} of ${goals}`}</td>
      <td class="value">${number(outcome.violations.length)}</td>
      <td>${verdict(ok, ok ? 'passed' : 'failed')}</td>
    </tr>`;
  });
  const measured = values('peers', 'virtual time', 'took', 'goals kept', 'violations');
  const columns = ['scenario', ...measured, 'verdict'];
  return html`<dl class="facts">
      <div>
        <dt>commit</dt>
        <dd>${commit}</dd>
      </div>
      <div>
        <dt>Node</dt>
        <dd>${node}</dd>
      </div>
      <div>
        <dt>seed</dt>
        <dd>${[...new Set(results.map(({ seed }) => seed))].join(', ')}</dd>
      </div>
    </dl>
    <nav aria-label="Scenarios">${table('contents', columns, rows)}</nav>`;
}

function section(
  result: RunResult,
  { index, isLone, origin }: { index: number; isLone: boolean; origin: Origin },
): Markup {
  const { scenario, ok, outcome } = result;
  const head = isLone
    ? html``
    : html`<h2>${scenario} ${verdict(ok, ok ? 'passed' : 'failed')}</h2>
        ${facts(result, origin)}`;
  return html`<section id="scenario-${index}" aria-label="${scenario}">
    ${head} ${figuresTable(outcome.figures)} ${violations(result)}
    ${story(`story-${index}`, outcome.snapshots)} ${spreadOf(`spread-${index}`, outcome.spread)}
  </section>`;
}

function violations({ outcome }: RunResult): Markup {
  const all = outcome.violations;
  if (all.length === 0) return html`<p class="kept">${verdict(true, 'No rule was broken.')}</p>`;
  const rows = all.slice(0, violationsMax).map(
    ({ checker, atMs, detail }) =>
      html`<tr>
        <td class="value">${duration(atMs)}</td>
        <th scope="row">${checker}</th>
        <td class="detail">${detail}</td>
      </tr>`,
  );
  const more =
    all.length > violationsMax
      ? html`<p class="note">The first ${number(violationsMax)} are shown.</p>`
      : html``;
  return html`<h3>${verdict(false, count(all.length, 'violation'))}</h3>
    ${table('violations', [...values('time'), 'checker', 'what happened'], rows)} ${more}`;
}
