/**
 * `kith sim`: the network simulator for people, scripts and CI. Needs no profile and no node, and touches no network.
 *
 * stdout is data: summaries, or with `json` one object a run on its line. stderr is talk: how far it came.
 */
import { writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { KithError } from '@kith/core/base/errors';
import { commitOf, Remembered, sourcesOf, stateFolder } from './remembered.ts';
import { reportPage } from './report/page.ts';
import { runAll, thisMachine, type Unit } from './run-all.ts';
import { jsonSummary, type RunResult } from './run.ts';
import { scenarios, type ScenarioTable } from './scenarios/all.ts';
import { runInChild, spareMegabytes } from './start-child.ts';
import { ProgressBar, type Screen } from './terminal/progress-bar.ts';
import { resultLine, summaryLines, type Look } from './terminal/summary.ts';
import { count, number } from './terminal/words.ts';

/** What `kith sim` was told. */
export interface SimOptions {
  /** A name of the table, or `all`; the first of the table when undefined. */
  scenario: string | undefined;
  peers: number | undefined;
  seed: number | undefined;
  json: boolean;
  /** File for the HTML report. */
  report: string | undefined;
  /** Only say which scenarios there are. */
  list: boolean;
  /** Run each twice and compare the trace hashes. */
  twice: boolean;
  /** With `all`: forget what passed already. */
  fresh: boolean;
}

/** What a test puts in place of the process and of the scenarios. */
export interface SimSurroundings {
  stdout: Screen;
  stderr: Screen;
  environment: Readonly<Record<string, string | undefined>>;
  /** File of the table of scenarios. */
  table: string;
  /** Where `all` remembers what passed. */
  state: string;
}

const seedDefault = 1;
/** With fewer, memory a peer says nothing. */
const eachPeersMin = 100;

/** Names of all scenarios, for shells that complete. */
export const scenarioNames: readonly string[] = Object.keys(scenarios);

/**
 * Runs `kith sim`.
 *
 * @returns the exit code: 0 when all is well, 1 when a rule was broken, a goal missed, or a run broke off.
 * @throws KithError `usage` - no such scenario, peers out of its bounds. Nothing ran.
 */
export async function startSim(options: SimOptions, other: Partial<SimSurroundings> = {}): Promise<number> {
  const { stdout, stderr, env } = process;
  const table = join(import.meta.dirname, 'scenarios/all.ts');
  const run = new Session(options, { stdout, stderr, environment: env, table, state: stateFolder, ...other });
  const ended = (signal: NodeJS.Signals): void => process.exit(signal === 'SIGINT' ? 130 : 143);
  // So that 'exit' comes, which ends the children.
  process.once('SIGINT', ended).once('SIGTERM', ended);
  try {
    return await run.start();
  } finally {
    process.off('SIGINT', ended).off('SIGTERM', ended);
  }
}

class Session {
  private readonly options: SimOptions;
  private readonly around: SimSurroundings;
  private readonly bar: ProgressBar;
  private readonly look: Look;
  /** How far each part of a scenario is, in [0, 1]. */
  private readonly toldOf = new Map<string, Map<number, number>>();

  constructor(options: SimOptions, around: SimSurroundings) {
    this.options = options;
    this.around = around;
    const { stdout, stderr, environment } = around;
    this.bar = new ProgressBar(stderr, environment, () => performance.now());
    const isPlain = (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb';
    this.look = { hasColour: stdout.isTTY === true && !isPlain };
  }

  async start(): Promise<number> {
    const module: { scenarios?: ScenarioTable } = await import(pathToFileURL(this.around.table).href);
    const table = module.scenarios ?? {};
    if (this.options.list) return await this.list(table);
    if (this.options.scenario === 'all') return await this.runAll(table);
    return await this.runOne(table);
  }

  private async list(table: ScenarioTable): Promise<number> {
    const known = await Promise.all(Object.values(table).map(async (load) => await load()));
    const width = Math.max(0, ...known.map(({ name }) => name.length));
    for (const { name, summary, peers } of known) {
      if (this.options.json) this.print(JSON.stringify({ name, summary, peers }));
      else {
        const bounds = `${number(peers.min)} to ${number(peers.max)} peers, ${number(peers.default)} unless told`;
        this.print(`${name.padEnd(width)}  ${summary}\n${' '.repeat(width)}  ${bounds}`);
      }
    }
    return 0;
  }

  private async runOne(table: ScenarioTable): Promise<number> {
    const names = Object.keys(table);
    const name = this.options.scenario ?? names[0];
    const load = name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
    if (load === undefined) {
      throw new KithError('usage', `There is no scenario ${name ?? 'yet'}. ${candidates(names)}`.trim());
    }
    const scenario = await load();
    const peers = this.options.peers ?? scenario.peers.default;
    const { min, max } = scenario.peers;
    if (peers < min || peers > max) {
      throw new KithError('usage', `${scenario.name} takes ${number(min)} to ${number(max)} peers.`);
    }
    const seed = this.options.seed ?? seedDefault;
    const [result] = await runAll({
      scenarios: [{ scenario, peers, seed }],
      machine: thisMachine(spareMegabytes),
      remembered: undefined,
      start: async (unit) => await this.inChild(unit),
      onResult: () => this.bar.finish(scenario.name),
    });
    if (result === undefined) throw new KithError('internal');
    const commit = commitOf();
    if (this.options.json) this.print(JSON.stringify(jsonSummary(result)));
    else for (const line of summaryLines(result, commit, this.look)) this.print(line);
    this.tellSpeed(result);
    if (this.options.report !== undefined) this.writeReport([result], commit, this.options.report);
    return result.ok ? 0 : 1;
  }

  private async runAll(table: ScenarioTable): Promise<number> {
    const { seed, twice, fresh, json } = this.options;
    if (this.options.peers !== undefined) {
      const why = 'Every scenario has its own number of peers: --peers goes with the name of one.';
      throw new KithError('usage', why);
    }
    const known = await Promise.all(Object.values(table).map(async (load) => await load()));
    const key = `${sourcesOf()}-seed-${seed ?? seedDefault}${twice ? '-twice' : ''}`;
    const remembered = new Remembered(this.around.state, key);
    if (fresh) remembered.forget();
    const widths = { name: Math.max(0, ...known.map(({ name }) => name.length)) };
    const results = await runAll({
      scenarios: known.map((scenario) => ({
        scenario,
        peers: scenario.peers.default,
        seed: seed ?? seedDefault,
      })),
      machine: thisMachine(spareMegabytes),
      remembered,
      start: async (unit) => await this.inChild(unit),
      onResult: (result, isRecalled) => {
        this.bar.finish(result.scenario);
        if (json) this.print(JSON.stringify(jsonSummary(result)));
        else this.print(`${resultLine(result, widths, this.look)}${isRecalled ? '  (remembered)' : ''}`);
      },
    });
    this.bar.clear();
    const failed = results.filter(({ ok }) => !ok).length;
    const report = this.options.report ?? join(this.around.state, 'report.html');
    this.writeReport(results, commitOf(), report);
    if (!json) this.print(`${results.length - failed} passed, ${failed} failed`);
    return failed === 0 && results.length > 0 ? 0 : 1;
  }

  private async inChild({ scenario, peers, part }: Unit): Promise<RunResult> {
    const { name, summary } = scenario;
    const count = scenario.parts?.count(peers) ?? 1;
    const told = this.toldOf.get(name) ?? new Map<number, number>();
    this.toldOf.set(name, told);
    const progress = (done: number, words: string): void => {
      told.set(part ?? 0, done);
      const sum = [...told.values()].reduce((all, each) => all + each, 0);
      this.bar.update(name, sum / count, words);
    };
    const result = await runInChild({
      about: { name, summary },
      table: this.around.table,
      scenario: name,
      part,
      peers,
      seed: this.options.seed ?? seedDefault,
      isTwice: this.options.twice,
      progress,
    });
    told.set(part ?? 0, 1);
    return result;
  }

  private writeReport(results: readonly RunResult[], commit: string, file: string): void {
    const path = resolve(file);
    try {
      writeFileSync(path, reportPage(results, { commit, node: process.versions.node }));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new KithError('failed', `The report could not be written: ${why}`, { cause: error });
    }
    this.talk(`The report is in ${relative('', path) || path}.`);
  }

  private tellSpeed({ outcome: { events, virtualMs }, cpuMs, residentBytes, peers }: RunResult): void {
    if (events === 0 || cpuMs <= 0) return;
    const runs = this.options.twice ? 2 : 1;
    // By processor: what else the machine does is no property of a run.
    const perSecond = `${number((events * runs * 1_000) / cpuMs)} a second of the processor`;
    const pace = `${number((virtualMs * runs) / cpuMs)} times real time`;
    // The program itself would count for most of it.
    const each =
      peers < eachPeersMin ? '' : `, ${number(Math.round(residentBytes / 1_024 / peers))} KiB a peer`;
    const memory = `${number(Math.round(residentBytes / 2 ** 20))} MiB of memory${each}`;
    this.talk(`${count(events, 'event')}, ${perSecond}; ${pace}; ${memory}.`);
  }

  private print(line: string): void {
    this.bar.clear();
    this.around.stdout.write(`${line}\n`);
  }

  private talk(line: string): void {
    this.bar.clear();
    this.around.stderr.write(`${line}\n`);
  }
}

function candidates(names: readonly string[]): string {
  return names.length === 0 ? '' : `There are ${[...names, 'all'].join(', ')}.`;
}
