/**
 * The overlay over time: a large drawing of one moment, and all moments as small ones under it, which choose. Works
 * without a script (the small drawings are labels of radio buttons, so arrow keys move through time), and on paper, where
 * all moments stand side by side.
 */
import type { Snapshot } from '../scenario.ts';
import { count, duration, number } from '../terminal/words.ts';
import { html, type Markup } from './html.ts';
import { drawRing, placesOf, ringSize } from './ring.ts';
import { describe, factsOf, stateNames, wordsOf, type SnapshotFacts } from './snapshot-facts.ts';
import { table, values } from './table.ts';

/** The style sheet knows that many. */
export const momentsMax = 24;
/** Of all moments of one run together: about 1 MB of page. */
const edgesMaxAll = 40_000;
const edgesMaxMoment = 6_000;

interface Moment {
  id: string;
  snapshot: Snapshot;
  facts: SnapshotFacts;
}

/** @param id - Unlike that of any other story on the page. */
export function story(id: string, snapshots: readonly Snapshot[]): Markup {
  if (snapshots.length === 0) return html``;
  const moments: Moment[] = chosen(snapshots).map((snapshot, index) => ({
    id: `${id}-${index}`,
    snapshot,
    facts: factsOf(snapshot),
  }));
  const places = placesOf(moments.map(({ snapshot }) => snapshot));
  const edgesMax = Math.min(edgesMaxMoment, Math.floor(edgesMaxAll / moments.length));
  const rings = moments.map((moment) => drawRing({ ...moment, places, edgesMax }));
  const shownShare = Math.min(...rings.map((ring) => ring.shownShare));
  const first = Math.floor(moments.length / 2);
  return html`<h3>The overlay over time</h3>
    <p class="note">
      Every dot is a node and keeps its place; every arc is a
      link.${shownShare < 1
        ? ` Where there are too many links to tell apart, only some are drawn: ${number(Math.floor(shownShare * 100))} % at least.`
        : ''}
      Choose a moment below, or with the arrow keys.
    </p>
    <svg class="stock" width="0" height="0" aria-hidden="true">
      <defs>${rings.map(({ markup }) => markup)}</defs>
    </svg>
    <div class="story">
      ${moments.map(
        (moment, index) =>
          html`<input
            type="radio"
            name="${id}"
            id="${moment.id}-choice"
            aria-label="${label(moment)}"
            ${index === first ? html` checked` : html``}
          />`,
      )}
      <div class="stage">${moments.map((moment) => stage(moment))}</div>
      <div class="strip">${moments.map((moment) => thumbnail(moment))}</div>
    </div>
    ${momentsTable(moments)}`;
}

/** All, or evenly many of them, the first and the last among them. */
function chosen(snapshots: readonly Snapshot[]): Snapshot[] {
  if (snapshots.length <= momentsMax) return [...snapshots];
  return Array.from({ length: momentsMax }, (_, index) => {
    const at = Math.round((index * (snapshots.length - 1)) / (momentsMax - 1));
    return snapshots[at] ?? [];
  }).flat();
}

function label({ snapshot }: Moment): string {
  return `${duration(snapshot.atMs)}: ${snapshot.words}`;
}

function stage({ id, snapshot, facts }: Moment): Markup {
  const legend = stateNames
    .filter((state) => facts.states[state] > 0)
    .map((state) => html`<li class="${state}"><b>${number(facts.states[state])}</b> ${wordsOf(state)}</li>`);
  return html`<figure>
    <svg
      class="ring"
      viewBox="0 0 ${ringSize} ${ringSize}"
      role="img"
      aria-labelledby="${id}-title ${id}-words"
    >
      <use href="#${id}" />
    </svg>
    <figcaption>
      <p class="moment" id="${id}-title"><time>${duration(snapshot.atMs)}</time> ${snapshot.words}</p>
      <ul class="legend">
        ${legend}
      </ul>
      <p id="${id}-words">${describe(facts)}</p>
    </figcaption>
  </figure>`;
}

function thumbnail(moment: Moment): Markup {
  const { id, snapshot } = moment;
  return html`<label for="${id}-choice" title="${label(moment)}"
    ><svg viewBox="0 0 ${ringSize} ${ringSize}" aria-hidden="true"><use href="#${id}" /></svg
    ><span><b>${duration(snapshot.atMs)}</b> ${snapshot.words}</span></label
  >`;
}

function momentsTable(moments: readonly Moment[]): Markup {
  const rows = moments.map(({ snapshot, facts }) => {
    const { states, edges, largestPart, parts } = facts;
    const live = states.up + states.reached;
    const cells = [live, states.parted, states.hostile, states.down, edges.length, parts].map(
      (value) => html`<td class="value">${number(value)}</td>`,
    );
    return html`<tr>
      <td class="value">${duration(snapshot.atMs)}</td>
      <th scope="row">${snapshot.words}</th>
      ${cells}
      <td class="value">${number(Number((largestPart * 100).toFixed(1)))} %</td>
    </tr>`;
  });
  const measured = values('up', 'cut off', 'hostile', 'down', 'links', 'parts', 'in the largest');
  return html`<details>
    <summary>The same ${count(moments.length, 'moment')} as a table</summary>
    ${table('moments', [...values('time'), 'moment', ...measured], rows)}
  </details>`;
}
