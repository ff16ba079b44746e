import { counted } from '../../netpol/index.js';
import { assertionTable } from '../print/assertion-rows.js';
import { jsonText, yamlText } from '../print/listing.js';
import { markdownText, type Rows, tableText } from '../print/table.js';
import type { Terminal } from '../print/terminal.js';
import { type BlastNames, blastTable } from './blast-radius.js';
import { foreignText } from './foreign.js';
import { peerName } from './peer-name.js';
import { type ApiProblem, type Origin, problemLines } from './problem-text.js';
import type { Simulated } from './simulated.js';
import {
  assertionLines,
  completenessLines,
  findingTable,
  flowTable,
  ownFindings,
  policyTable,
  summaryLine,
} from './simulation-rows.js';
import { simulationSarif } from './simulation-sarif.js';

export const SIMULATION_FORMATS = ['table', 'json', 'yaml', 'markdown', 'sarif'] as const;
export type SimulationFormat = (typeof SIMULATION_FORMATS)[number];

type Shown = BlastNames & {
  /** Of the lines of the candidate; null where it is not ours. */
  readonly origin: Origin | null;
  readonly terminal: Terminal;
  /** The file of the assertions; null: there is none. */
  readonly assertionFile: string | null;
  /** What else was told of the answer, such as policies that are not read; those of assertions are with these. */
  readonly problems: readonly ApiProblem[];
};

/** Peers by their names, as all documents of the command line write them. */
const documentOf = (simulated: Simulated, { problems }: Shown): object => ({
  ...simulated,
  problems,
  flows: simulated.flows.map(({ flow, ...each }) => ({
    class: each.class,
    source: peerName(flow.source),
    destination: peerName(flow.destination),
    port: flow.port,
    protocol: flow.protocol,
    events: flow.events,
    seenDays: each.seenDays,
    observedDays: each.observedDays,
    notes: each.notes,
    spans: each.spans,
    lastSeen: flow.lastSeenAt,
    before: each.before,
    after: each.after,
    explanation: each.explanation,
  })),
});

const connectivityLine = ({ connectivity }: Simulated): string => {
  const opened = connectivity.filter(({ newlyAllowed }) => newlyAllowed !== null).length;
  const closed = connectivity.filter(({ newlyBlocked }) => newlyBlocked !== null).length;
  return `over all pairs, seen or not: ${opened} open something new, ${closed} lose something`;
};

const otherFindings = ({ findings }: Simulated): readonly string[] => {
  const rest = findings.length - ownFindings(findings).length;
  return rest === 0
    ? []
    : [`${counted(rest, 'finding')} on the cluster beside these policies: see -o json`];
};

/** What the report does not show, or does not know. */
const notes = (simulated: Simulated): readonly string[] => [
  ...otherFindings(simulated),
  ...completenessLines(simulated.completeness),
  ...(simulated.foreignPolicies.length === 0 ? [] : [foreignText(simulated.foreignPolicies)]),
];

/** What no note says already. */
const isNew = ({ code }: ApiProblem): boolean => code !== 'FOREIGN_POLICIES';

const section = (rows: Rows, draw: (rows: Rows) => string): string =>
  rows.rows.length === 0 ? '' : `${draw(rows)}\n`;

const blastRows = ({ blastRadius }: Simulated, names: BlastNames): Rows =>
  blastRadius === null ? { heading: [], rows: [] } : blastTable(blastRadius, names);

const table = (simulated: Simulated, shown: Shown): string => {
  const { origin, terminal, assertionFile } = shown;
  return [
    section(policyTable(simulated.policies), rows => tableText(rows, terminal)),
    section(flowTable(simulated.flows, origin), rows => tableText(rows, terminal)),
    section(findingTable(simulated.findings, origin), rows => tableText(rows, terminal)),
    section(assertionTable(assertionLines(simulated.assertions, assertionFile)), rows =>
      tableText(rows, terminal),
    ),
    section(blastRows(simulated, shown), rows => tableText(rows, terminal)),
    `${summaryLine(simulated)}\n${connectivityLine(simulated)}\n`,
    notes(simulated)
      .map(line => `${line}\n`)
      .join(''),
  ].join('');
};

const markdown = (simulated: Simulated, shown: Shown): string => {
  const { origin, assertionFile } = shown;
  const policies = policyTable(simulated.policies);
  const assertions = assertionTable(assertionLines(simulated.assertions, assertionFile));
  const flows = flowTable(simulated.flows, origin);
  const findings = findingTable(simulated.findings, origin);
  const isClean = simulated.summary.newlyBlocked + simulated.summary.newlyAllowed === 0;
  return [
    `### ${isClean ? 'No observed flow changes' : 'Observed flows change'}\n\n`,
    `${summaryLine(simulated)}; ${connectivityLine(simulated)}.\n\n`,
    section(policies, markdownText),
    section(flows, markdownText),
    assertions.rows.length === 0 ? '' : '### Assertions\n\n',
    section(assertions, markdownText),
    findings.rows.length === 0 ? '' : '### Findings on the policies\n\n',
    section(findings, markdownText),
    section(blastRows(simulated, shown), markdownText),
    [...notes(simulated), ...problemLines(shown.problems.filter(isNew), origin)]
      .map(line => `- ${line.trimEnd()}\n`)
      .join(''),
  ].join('');
};

/** The report of a simulation. */
export const simulationText = (
  simulated: Simulated,
  format: SimulationFormat,
  shown: Shown,
): string => {
  switch (format) {
    case 'table':
      return table(simulated, shown);
    case 'json':
      return jsonText(documentOf(simulated, shown));
    case 'yaml':
      return yamlText(documentOf(simulated, shown));
    case 'markdown':
      return markdown(simulated, shown);
    case 'sarif':
      return jsonText(simulationSarif(simulated, shown));
  }
};
