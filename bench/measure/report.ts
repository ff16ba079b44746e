import type { Memory } from './memory.js';
import { median, type Timing } from './rounds.js';

/** One line of the table. */
export type Figure = {
  readonly what: string;
  /** With its unit. */
  readonly value: string;
  /** Processor time of the same work, with its unit; empty where it was not taken. */
  readonly cpu?: string;
  /** Against the reference of the same run; empty for a reference itself. */
  readonly ratio?: string;
  readonly goal?: string;
  /** Whether this run reached the goal; by processor time, which no neighbour on the machine changes much. */
  readonly reached?: boolean;
  readonly memory?: Memory;
};

export type Report = { readonly benchmark: string; readonly figures: readonly Figure[] };

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

export const count = (number: number): string =>
  number >= 1000 ? whole.format(number) : short.format(number);

export const milliseconds = (number: number): string =>
  number >= 10_000 ? `${short.format(number / 1000)} s` : `${short.format(number)} ms`;

export const times = (ratio: number): string => `${count(ratio)} ×`;

export const wallOf = ({ wall }: Timing): string => milliseconds(median(wall));
export const cpuOf = ({ cpu }: Timing): string => milliseconds(median(cpu));

const megabytes = (bytes: number): string => `${whole.format(bytes / 2 ** 20)} MB`;

const HEAD = ['benchmark', 'figure', 'value', 'CPU', 'ratio', 'goal', 'peak RSS', 'heap'];

const goalOf = ({ goal = '', reached }: Figure): string =>
  reached === undefined ? goal : `${goal} ${reached ? '✓' : '✗'}`;

const cellsOf = (benchmark: string, figure: Figure): readonly string[] => [
  benchmark,
  figure.what,
  figure.value,
  figure.cpu ?? '',
  figure.ratio ?? '',
  goalOf(figure),
  figure.memory === undefined ? '' : megabytes(figure.memory.peak),
  figure.memory === undefined ? '' : megabytes(figure.memory.heap),
];

/** A Markdown table that also reads well in a terminal. */
export function tableOf(reports: readonly Report[]): string {
  const rows = reports.flatMap(({ benchmark, figures }) =>
    figures.map((figure, place) => cellsOf(place === 0 ? benchmark : '', figure)),
  );
  const widths = HEAD.map((title, column) =>
    Math.max(title.length, ...rows.map(row => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `|${widths.map(width => '-'.repeat(width + 2)).join('|')}|`;
  return [line(HEAD), rule, ...rows.map(line)].join('\n');
}

/** Hands the figures to `npm run bench`, which prints one table of all; a benchmark run by itself prints its own. */
export function report(benchmark: string, figures: readonly Figure[]): void {
  const made: Report = { benchmark, figures };
  if (process.send === undefined) console.log(tableOf([made]));
  else process.send(made);
}
