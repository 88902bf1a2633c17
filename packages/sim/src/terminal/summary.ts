/** What a person reads of a run. Every sign stands beside its word: colour and ticks alone tell nobody enough. */
import { isKept, type RunResult } from '../run.ts';
import type { Figure } from '../scenario.ts';
import { count, duration, goalWords, number, onOneLine, valueOf } from './words.ts';

/** Of one checker's findings, shown here; the report and the JSON have them all. */
const violationsShownMax = 20;

export interface Look {
  hasColour: boolean;
}

const tick = '✓';
const cross = '✗';

function paint(look: Look, code: number, text: string): string {
  return look.hasColour ? `\u001b[${code}m${text}\u001b[39m` : text;
}

function verdict(look: Look, isGood: boolean, word: string): string {
  return paint(look, isGood ? 32 : 31, `${isGood ? tick : cross} ${word}`);
}

/** The command that repeats a run. */
export function replayCommand({ scenario, peers, seed }: RunResult): string {
  return `kith sim --scenario ${scenario} --peers ${peers} --seed ${seed}`;
}

/** The whole summary of one run. */
export function summaryLines(result: RunResult, commit: string, look: Look): string[] {
  const { scenario, summary, peers, seed, ok, outcome } = result;
  return [
    `${scenario}: ${onOneLine(summary)}`,
    `${count(peers, 'peer')}, seed ${seed}, ${duration(outcome.virtualMs)} of virtual time, commit ${commit}`,
    '',
    ...figureLines(outcome.figures, look),
    ...violationLines(result, look),
    '',
    `${verdict(look, ok, ok ? 'passed' : 'failed')}  trace ${outcome.traceHash || 'none'}`,
    `again: ${replayCommand(result)}`,
  ];
}

function figureLines(figures: readonly Figure[], look: Look): string[] {
  if (figures.length === 0) return [];
  const rows = figures.map((figure) => ({
    isKept: isKept(figure),
    cells: [onOneLine(figure.name), valueOf(figure), goalWords(figure)],
  }));
  const widths = [0, 1, 2].map((at) => Math.max(...rows.map(({ cells }) => cells[at]?.length ?? 0)));
  const lines = rows.map(({ isKept, cells: [name = '', value = '', goal = ''] }) => {
    const text = `${name.padEnd(widths[0] ?? 0)}  ${value.padStart(widths[1] ?? 0)}`;
    if (goal === '') return `  ${text}`;
    return `  ${text}  ${goal.padEnd(widths[2] ?? 0)}  ${verdict(look, isKept, isKept ? 'kept' : 'missed')}`;
  });
  return [...lines, ''];
}

function violationLines({ outcome: { violations } }: RunResult, look: Look): string[] {
  if (violations.length === 0) return ['No rule was broken.'];
  const shown = violations.slice(0, violationsShownMax).map(({ checker, atMs, detail }) => {
    return `  ${paint(look, 31, cross)} ${duration(atMs)}  ${onOneLine(checker)}: ${onOneLine(detail).slice(0, 400)}`;
  });
  const more = violations.length - shown.length;
  return [
    `${count(violations.length, 'violation')}:`,
    ...shown,
    ...(more > 0 ? [`  and ${number(more)} more`] : []),
  ];
}

/** One line of `--scenario all`. */
export function resultLine(result: RunResult, widths: { name: number }, look: Look): string {
  const { scenario, peers, seed, ok, outcome, wallMs, cpuMs } = result;
  const facts = [
    count(peers, 'peer').padStart(13),
    `seed ${seed}`,
    `${number(outcome.events)} events`,
    `${duration(wallMs)} (processor ${duration(cpuMs)})`,
    ok ? `trace ${outcome.traceHash.slice(0, 16)}` : whyNot(result),
  ];
  return `${verdict(look, ok, ok ? 'passed' : 'failed')}  ${scenario.padEnd(widths.name)}  ${facts.join('  ')}`;
}

/** What keeps a run from being ok, in one line. */
function whyNot({ outcome: { violations, figures } }: RunResult): string {
  const [first] = violations;
  const broken =
    first === undefined
      ? []
      : [
          `${count(violations.length, 'violation')} (${onOneLine(first.checker)}: ${onOneLine(first.detail)})`,
        ];
  const missed = figures
    .filter((figure) => !isKept(figure))
    .map((figure) => `${onOneLine(figure.name)} ${valueOf(figure)} (${goalWords(figure)})`);
  return [...broken, ...missed].join('; ').slice(0, 240);
}
