/** The look of the report: neutral ground with a trace of warmth, one accent, and colour for meaning alone. */
import { momentsMax } from './story.ts';

const light = `
--ground: oklch(0.985 0.003 80); --raised: oklch(1 0 0); --sunken: oklch(0.965 0.004 80); --line: oklch(0.915 0.004 80);
--text: oklch(0.22 0.01 270); --second: oklch(0.45 0.01 270); --accent: oklch(0.55 0.17 265); --arc: oklch(0.5 0.1 265);
--good: oklch(0.5 0.13 150); --warn: oklch(0.64 0.15 65); --bad: oklch(0.53 0.2 25); --gone: oklch(0.68 0.01 270);
--shade0: oklch(0.36 0.15 265); --shade1: oklch(0.47 0.17 265); --shade2: oklch(0.57 0.16 265);
--shade3: oklch(0.67 0.13 265); --shade4: oklch(0.76 0.09 265); --shade5: oklch(0.83 0.06 265);`;

const dark = `
--ground: oklch(0.175 0.008 270); --raised: oklch(0.21 0.009 270); --sunken: oklch(0.15 0.008 270); --line: oklch(0.28 0.01 270);
--text: oklch(0.93 0.004 80); --second: oklch(0.72 0.008 270); --accent: oklch(0.72 0.13 265); --arc: oklch(0.72 0.09 265);
--good: oklch(0.76 0.15 155); --warn: oklch(0.79 0.14 75); --bad: oklch(0.7 0.17 25); --gone: oklch(0.5 0.01 270);
--shade0: oklch(0.93 0.05 265); --shade1: oklch(0.82 0.1 265); --shade2: oklch(0.72 0.13 265);
--shade3: oklch(0.6 0.13 265); --shade4: oklch(0.49 0.11 265); --shade5: oklch(0.4 0.08 265);`;

/** Which of the moments is shown large: one rule a place, since nothing else may compute. */
const choices = Array.from({ length: momentsMax }, (_, index) => {
  const chosen = `.story input:nth-of-type(${index + 1})`;
  const nth = `:nth-child(${index + 1})`;
  return `${chosen}:checked ~ .stage > ${nth} { display: grid }
${chosen}:checked ~ .strip > ${nth} { border-color: var(--accent); color: var(--text) }
${chosen}:focus-visible ~ .strip > ${nth} { outline: 2px solid var(--accent); outline-offset: 2px }`;
}).join('\n');

export const styleSheet: string = `
:root { color-scheme: light dark; ${light} }
@media (prefers-color-scheme: dark) { :root { ${dark} } }
* { box-sizing: border-box }
html { background: var(--ground); color: var(--text); font: 15px/22px Inter, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; font-variant-numeric: tabular-nums; -webkit-text-size-adjust: 100% }
body { max-width: 1080px; margin: 0 auto; padding: 40px 24px 64px }
h1, h2, h3, b, th, dt { font-weight: 550 }
h1 { font-size: 28px; line-height: 34px; letter-spacing: -0.015em; margin: 4px 0 8px; display: flex; flex-wrap: wrap; gap: 4px 16px; align-items: baseline }
h2 { font-size: 20px; line-height: 28px; margin: 0 0 4px; display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: baseline }
h3 { font-size: 15px; margin: 40px 0 8px }
p { margin: 0 0 8px; text-wrap: pretty }
code { font: 13px/18px "JetBrains Mono", ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere }
a { color: var(--accent); text-underline-offset: 3px; text-decoration-thickness: 1px }
.brand { display: flex; gap: 8px; align-items: center; color: var(--second); font-size: 13px; margin: 0 0 16px }
.mark { width: 20px; height: 20px; fill: none; stroke: var(--accent); stroke-width: 1.5; stroke-linejoin: round }
.mark .points { stroke-width: 5; stroke-linecap: round }
.summary { max-width: 64ch; color: var(--second); margin-bottom: 24px }
.facts { display: flex; flex-wrap: wrap; gap: 16px 40px; margin: 0 0 20px }
.facts dt, thead th { font-size: 12px; line-height: 16px; font-weight: 400; color: var(--second) }
.facts dd { margin: 0; font-size: 18px; line-height: 26px; letter-spacing: -0.01em }
.again, .note, figcaption, footer { font-size: 13px; line-height: 20px; color: var(--second) }
.again code { color: var(--text) }
.note { max-width: 96ch }
.violations .value { width: 1% }
section { margin-top: 40px }
section:has(h2) { border-top: 1px solid var(--line); padding-top: 40px; margin-top: 56px }
header + main > section:first-child:not(:has(h2)) { margin-top: 0 }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100%; text-align: left }
table.narrow { width: auto }
th, td { padding: 8px 24px 8px 0; border-bottom: 1px solid var(--line); vertical-align: baseline; font-weight: 400 }
th:last-child, td:last-child { padding-right: 0 }
thead th { padding-top: 0; white-space: nowrap }
tbody tr:last-child > * { border-bottom: 0 }
.value { text-align: right; white-space: nowrap }
.detail { overflow-wrap: anywhere }
.contents th[scope] span { display: block; font-size: 13px; line-height: 18px; color: var(--second); max-width: 52ch }
.contents th[scope] a { font-weight: 550 }
.bar svg { display: block; fill: none; stroke-width: 6 }
.bar .rail { stroke: var(--sunken) } .bar .good { stroke: var(--good) } .bar .bad { stroke: var(--bad) }
.bar .limit { stroke: var(--text); stroke-width: 1.5 }
.bar { width: 144px; vertical-align: middle }
.verdict { display: inline-flex; gap: 6px; align-items: baseline; font-size: 15px; line-height: 22px; font-weight: 550; letter-spacing: 0; white-space: nowrap }
.verdict svg { width: 12px; height: 12px; fill: none; stroke: currentColor; stroke-width: 2.4; stroke-linecap: round; stroke-linejoin: round; transform: translateY(1px) }
.verdict.good { color: var(--good) } .verdict.bad { color: var(--bad) }
td .verdict, .kept .verdict { font-weight: 400 }
.stated { color: var(--second) }
.kept { margin-top: 16px }
details { margin-top: 16px; font-size: 13px; line-height: 18px }
summary { cursor: pointer; color: var(--second); padding: 4px 0; width: fit-content }
details table { margin-top: 8px }
summary:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px }
figure { margin: 0 }
.stock { position: absolute }
.story { position: relative; margin-top: 16px }
.story input { position: absolute; opacity: 0; width: 1px; height: 1px; margin: 0; pointer-events: none }
.stage > figure { display: none; grid-template-columns: minmax(0, 640px) minmax(0, 1fr); gap: 24px 40px; align-items: center }
.ring { width: 100%; height: auto; display: block }
.moment { font-size: 20px; line-height: 28px; color: var(--text); letter-spacing: -0.01em }
.moment time { display: block; font-size: 13px; line-height: 18px; color: var(--second); letter-spacing: 0 }
.legend { list-style: none; padding: 0; margin: 16px 0 }
.legend li { display: flex; gap: 8px; align-items: center; color: var(--text) }
.legend li::before { content: ""; width: 10px; height: 10px; border-radius: 50%; background: var(--state); flex: none }
.legend .hostile::before { border-radius: 1px }
.legend .down::before { background: none; border: 2px solid var(--state) }
.up { --state: var(--accent) } .reached { --state: var(--good) } .parted { --state: var(--warn) } .hostile { --state: var(--bad) } .down { --state: var(--gone) }
.arcs { fill: none } .arcs.plain { stroke: var(--arc) } .arcs.reached { stroke: var(--good) } .arcs.parted { stroke: var(--warn) } .arcs.hostile { stroke: var(--bad) }
.dots { fill: none; stroke: var(--state); stroke-linecap: round }
.dots.hostile { stroke-linecap: square } .dots.hole { stroke: var(--ground) }
.strip { display: grid; grid-template-columns: repeat(auto-fit, minmax(112px, 164px)); gap: 8px; margin-top: 24px }
.strip label { border: 1px solid var(--line); border-radius: 12px; padding: 8px; cursor: pointer; color: var(--second); font-size: 12px; line-height: 16px }
.strip label:hover { background: var(--sunken) }
.strip svg { width: 100%; height: auto; display: block; margin-bottom: 8px }
.strip b { display: block; color: var(--text) }
${choices}
.spread { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 40px; align-items: center; margin-top: 16px }
.spread svg { width: 100%; height: auto; display: block; margin-bottom: 8px; overflow: visible }
.spread text { font-size: 12px; fill: var(--second) }
.grid { fill: none; stroke: var(--line) }
.area { fill: var(--accent); fill-opacity: 0.1 }
.curve { fill: none; stroke: var(--accent); stroke-width: 2; stroke-linejoin: round }
.drop { stroke: var(--second); stroke-dasharray: 2 4 } .spread .said { fill: var(--text) } .point { stroke: var(--accent); stroke-width: 9; stroke-linecap: round; fill: none }
.branch { fill: none; stroke-width: 0.9; stroke-opacity: 0.6 }
.leaf, .author { fill: none; stroke-linecap: round } .author { stroke: var(--text); stroke-width: 12 }
${[0, 1, 2, 3, 4, 5].map((shade) => `.shade${shade} { stroke: var(--shade${shade}) }`).join(' ')}
footer { border-top: 1px solid var(--line); margin-top: 56px; padding-top: 16px }
@media (max-width: 860px) {
  body { padding: 24px 16px 40px }
  .spread { grid-template-columns: minmax(0, 1fr) }
  .stage > figure { grid-template-columns: minmax(0, 1fr) }
  .bar { display: none } .figures thead th:nth-child(4) { display: none }
  th, td { padding-right: 16px }
}
@media print {
  :root { ${light} --ground: white }
  html { font-size: 13px; line-height: 18px; print-color-adjust: exact; -webkit-print-color-adjust: exact }
  body { max-width: none; padding: 0 }
  .stage, .story input { display: none }
  .strip { grid-template-columns: repeat(3, 1fr) }
  .strip label { break-inside: avoid }
  .spread, tr, .facts { break-inside: avoid }
  h2, h3 { break-after: avoid }
  section:has(h2) { break-before: page; border: 0; padding-top: 0 }
}
`;
