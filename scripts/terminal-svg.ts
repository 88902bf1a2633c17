/**
 * Draws the transcript of a terminal as an SVG: legible on dark and on light pages, in whatever monospaced font the
 * reader has. The same lines always give the same bytes.
 */

/** `prompt`: what somebody typed, behind their name. `data`: stdout. `talk`: stderr. `note`: ours, between the two. */
export interface TerminalLine {
  kind: 'prompt' | 'data' | 'talk' | 'note';
  /** Who typed it; empty for what is no prompt. */
  who: string;
  text: string;
}

const columnsMax = 96;
const sizePx = 14;
/** Of one character. Every line is told its length, so a font of another width is stretched rather than cut. */
const advancePx = 8.4;
const linePx = 20;
const marginPx = 20;
/** Room for the bar with the three dots. */
const barPx = 34;

/**
 * @param title read out instead of the picture
 * @returns the whole document, ending in a line feed
 */
export function terminalSvg(title: string, lines: readonly TerminalLine[]): string {
  const people = [...new Set(lines.map(({ who }) => who).filter((who) => who !== ''))];
  const rows = lines.flatMap((line) => fold(line, people.indexOf(line.who) % 2 === 0 ? 'a' : 'b'));
  const width = 2 * marginPx + Math.ceil(columnsMax * advancePx);
  const height = barPx + rows.length * linePx + marginPx;
  const drawn = rows.map((row, index) => drawRow(row, barPx + index * linePx + sizePx));
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escape(title)}</title>`,
    style,
    `<rect class="page" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10"/>`,
    ...[0, 1, 2].map((dot) => `<circle class="dot" cx="${marginPx + 6 + dot * 18}" cy="17" r="5"/>`),
    ...drawn,
    '</svg>',
  ].join('\n')}\n`;
}

/** Both themes keep at least 4.5 : 1 between text and page. */
const style = `<style>
.page { fill: #fbfaf7; stroke: #d5d1c7 } .dot { fill: #d5d1c7 }
text { font: ${sizePx}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre }
.data { fill: #23211c } .talk { fill: #6a655a } .note { fill: #6a655a; font-style: italic } .prompt { fill: #23211c; font-weight: 600 }
.a { fill: #0b6b57 } .b { fill: #8a3b12 }
@media (prefers-color-scheme: dark) {
.page { fill: #17181b; stroke: #34363c } .dot { fill: #34363c }
.data { fill: #e6e4df } .talk, .note { fill: #a19d94 } .prompt { fill: #ffffff }
.a { fill: #6fd3b8 } .b { fill: #f0a37a }
}
</style>`;

interface Row extends TerminalLine {
  /** Which of the two colours the name has. */
  tint: 'a' | 'b';
}

/** Breaks at the last space that fits, and sets in what follows. */
function fold(line: TerminalLine, tint: Row['tint']): Row[] {
  const rows: Row[] = [];
  let rest = line.text;
  let room = columnsMax - (line.who === '' ? 0 : line.who.length + 3);
  while (rest.length > room) {
    const space = rest.lastIndexOf(' ', room);
    const at = space > room / 2 ? space : room;
    rows.push({ ...line, tint, text: rest.slice(0, at), who: rows.length === 0 ? line.who : '' });
    rest = `  ${rest.slice(at).trimStart()}`;
    room = columnsMax;
  }
  rows.push({ ...line, tint, text: rest, who: rows.length === 0 ? line.who : '' });
  return rows;
}

function drawRow({ kind, who, text, tint }: Row, y: number): string {
  if (who === '' && text === '') return '';
  const name = who === '' ? '' : `<tspan class="${tint}">${escape(who)} $ </tspan>`;
  const length = text.length + (who === '' ? 0 : who.length + 3);
  const width = (length * advancePx).toFixed(1);
  return `<text class="${kind}" x="${marginPx}" y="${y}" textLength="${width}" lengthAdjust="spacingAndGlyphs" xml:space="preserve">${name}${escape(text)}</text>`;
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
