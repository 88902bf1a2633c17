import { expect, test } from 'vitest';
import { broken, double } from '../../test/double.ts';
import { runScenario, type RunResult } from '../run.ts';
import type { Scenario } from '../scenario.ts';
import { escape } from './html.ts';
import { reportPage } from './page.ts';
import { placesOf } from './ring.ts';
import { describe, factsOf } from './snapshot-facts.ts';
import { momentsMax } from './story.ts';
import { treeOf } from './tree.ts';

const origin = { commit: '0123456', node: '24.0.0' };

async function run(scenario: Scenario, peers: number): Promise<RunResult> {
  return await runScenario(scenario, { peers, seed: 1, isTwice: false, progress: () => undefined });
}

test('nothing that a run says becomes markup', async () => {
  const words = `"><script>alert('&')</script>\u202e\u0000`;
  const result = await run(broken, 20);
  result.scenario = words;
  result.summary = words;
  result.outcome.traceHash = words;
  result.outcome.violations = [{ checker: words, atMs: 1, detail: words }];
  for (const figure of result.outcome.figures) Object.assign(figure, { name: words, unit: words });
  for (const snapshot of result.outcome.snapshots) snapshot.words = words;
  for (const page of [
    reportPage([result], { commit: words, node: words }),
    reportPage([result, result], origin),
  ]) {
    expect(page).toContain('&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;');
    for (const unsafe of ['<script', '\u202e', '\u0000']) expect(page).not.toContain(unsafe);
  }
  expect(escape('a\ud800b')).toBe('a\ufffdb');
});

test('the page needs nothing else and runs no script', async () => {
  const page = reportPage([await run(double, 60), await run(broken, 60)], origin);
  expect(page).not.toMatch(/<script|<link|<img|@import|url\(|https?:|\son\w+=/);
  expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
});

test('ids are of one element each, and what names one finds it', async () => {
  const page = reportPage([await run(double, 60), await run(broken, 60)], origin);
  const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id = '']) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const named = [...page.matchAll(/(?:href="#|for="|aria-labelledby=")([^"]+)"/g)].flatMap(([, list = '']) =>
    list.split(' '),
  );
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((id) => !ids.includes(id))).toEqual([]);
});

test('every drawing has its text', async () => {
  const page = reportPage([await run(double, 60)], origin);
  const drawings = [...page.matchAll(/<svg\s[^>]*>/g)].map(([tag]) => tag);
  expect(drawings.length).toBeGreaterThan(10);
  expect(drawings.filter((tag) => !/aria-hidden="true"|role="img"\s+aria-label/.test(tag))).toEqual([]);
});

test('the same result gives the same page, and a large one stays a page', async () => {
  const result = await run(double, 2_000);
  const [first] = result.outcome.snapshots;
  while (first !== undefined && result.outcome.snapshots.length < 50) result.outcome.snapshots.push(first);
  const page = reportPage([result], origin);
  expect(reportPage([result], origin)).toBe(page);
  expect(page.match(/<input\s+type="radio"/g)).toHaveLength(momentsMax);
  expect(page.length).toBeLessThan(6_000_000);
});

test('a run without anything to draw', async () => {
  const result = await run(double, 20);
  Object.assign(result.outcome, { snapshots: [], spread: [], figures: [], violations: [] });
  const page = reportPage([result], origin);
  expect(page).toContain('No rule was broken.');
  expect(page).not.toMatch(/<h3>|NaN|undefined/);
  expect(reportPage([], origin)).toContain('0 of 0 passed');
});

test('what a snapshot shows, in numbers', () => {
  const facts = factsOf({
    atMs: 0,
    words: '',
    nodes: [
      { id: 1, state: 'up', links: [2, 9] },
      { id: 2, state: 'reached', links: [1] },
      { id: 3, state: 'parted', links: [4, 3] },
      { id: 4, state: 'hostile', links: [1, 2] },
      { id: 5, state: 'down', links: [1] },
    ],
  });
  expect(facts.edges).toEqual([
    [1, 2],
    [3, 4],
    [1, 4],
    [2, 4],
  ]);
  // What only a hostile node joins does not hang together, and nobody hangs on one that is down or not there.
  expect([facts.parts, facts.largestPart]).toEqual([2, 2 / 3]);
  expect(describe(facts)).toBe(
    '5 nodes: 1 up, 1 reached by the message, 1 cut off, 1 hostile, 1 down. 4 links, 2 a node that is not down; ' +
      'the honest ones fall into 2 parts, the largest of which holds 66.67 %.',
  );
});

test('nodes keep their places, and newcomers have their own', () => {
  const node = (id: number, group: number) => ({ id, state: 'up' as const, links: [], group });
  const early = { atMs: 0, words: '', nodes: [node(1, 0), node(2, 1)] };
  const late = { atMs: 1, words: '', nodes: [node(2, 1), node(3, 0)] };
  const places = placesOf([early, late]);
  expect([...places.keys()]).toEqual([1, 3, 2]);
  expect(new Set([...places.values()].map(({ x, y }) => `${x} ${y}`)).size).toBe(3);
});

test('the tree of a message: hops, and ways that are not known whole', () => {
  const { hops, roots, hopsMax } = treeOf([
    { node: 1, from: undefined, atMs: 0 },
    // At the same moment as the node it came from, which is told later.
    { node: 3, from: 2, atMs: 5 },
    { node: 2, from: 1, atMs: 5 },
    { node: 4, from: 99, atMs: 6 },
    { node: 5, from: 6, atMs: 7 },
    { node: 6, from: 5, atMs: 7 },
  ]);
  expect(Object.fromEntries(hops)).toEqual({ 1: 0, 2: 1, 3: 2, 4: 0, 5: 0, 6: 1 });
  expect([roots, hopsMax]).toEqual([[1, 4, 5], 2]);
});
