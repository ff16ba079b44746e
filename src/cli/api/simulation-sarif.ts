import { LINT_RULES } from '../../netpol/index.js';
import { ASSERTION_RULE, assertionResults } from '../print/assertion-rows.js';
import { uriOf } from '../print/file-uri.js';
import { foreignText } from './foreign.js';
import { type ApiProblem, type Origin, problemLine } from './problem-text.js';
import type { FlowClass, Simulated, SimulatedFlow } from './simulated.js';
import {
  assertionLines,
  decidingReasons,
  ownFindings,
  simulatedConnection,
} from './simulation-rows.js';

type Level = 'error' | 'warning' | 'note';

const FLOW_RULES = [
  {
    class: 'NEWLY_BLOCKED',
    id: 'flow-newly-blocked',
    level: 'error',
    text: 'an observed flow that is allowed now would be blocked',
  },
  {
    class: 'NEWLY_ALLOWED',
    id: 'flow-newly-allowed',
    level: 'warning',
    text: 'an observed flow that is blocked now would be allowed',
  },
  {
    class: 'UNDECIDABLE',
    id: 'flow-undecidable',
    level: 'note',
    text: 'a fact is missing that decides about an observed flow',
  },
] as const satisfies readonly {
  readonly class: FlowClass;
  readonly id: string;
  readonly level: Level;
  readonly text: string;
}[];

/** SARIF 2.1.0, 3.27.10: `level`. */
const LEVELS = { ERROR: 'error', WARNING: 'warning', INFO: 'note' } as const;

const physical = (line: number | null, column: number | null, origin: Origin | null): object => {
  const own = line === null ? null : (origin?.(line) ?? null);
  if (own === null) return {};
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(own.file) },
      region: { startLine: own.line, startColumn: column ?? 1 },
    },
  };
};

const locations = (location: object, name: string | null): object => ({
  locations: [
    {
      ...location,
      ...(name === null ? {} : { logicalLocations: [{ fullyQualifiedName: name }] }),
    },
  ],
});

const flowResult = (each: SimulatedFlow, origin: Origin | null): readonly object[] => {
  const rule = FLOW_RULES.find(known => known.class === each.class);
  if (rule === undefined) return [];
  const reason = decidingReasons(each).find(({ file }) => file === null);
  const connection = simulatedConnection(each);
  const location = reason === undefined ? {} : physical(reason.line, reason.column, origin);
  return [
    {
      ruleId: rule.id,
      level: rule.level,
      message: { text: `${connection}: ${each.explanation.text}` },
      ...locations(location, connection),
    },
  ];
};

const findingResult = (
  { rule, severity, message, hint, policy, line, column }: Simulated['findings'][number],
  origin: Origin | null,
): object => ({
  ruleId: rule,
  level: LEVELS[severity],
  message: { text: hint === null ? message : `${message}. Cure: ${hint}` },
  ...locations(physical(line, column, origin), policy),
});

type Beside = {
  readonly origin: Origin | null;
  readonly assertionFile: string | null;
  readonly problems: readonly ApiProblem[];
};

/** What was told of the answer as a whole (3.20.21). */
const notificationOf = (problem: ApiProblem, origin: Origin | null): object => ({
  level: LEVELS[problem.severity],
  message: { text: problemLine(problem, origin).trimEnd() },
  descriptor: { id: problem.code },
});

const FOREIGN = 'FOREIGN_POLICIES';

/** Policies that are not read stand with the simulation, which may be looked at again later. */
const notificationsOf = (
  { foreignPolicies }: Simulated,
  problems: readonly ApiProblem[],
  origin: Origin | null,
): readonly object[] => [
  ...(foreignPolicies.length === 0
    ? []
    : [
        {
          level: LEVELS.WARNING,
          message: { text: foreignText(foreignPolicies) },
          descriptor: { id: FOREIGN },
        },
      ]),
  ...problems.filter(({ code }) => code !== FOREIGN).map(each => notificationOf(each, origin)),
];

/** Flows that change and findings on the policies as one run, for code scanning. */
export const simulationSarif = (
  simulated: Simulated,
  { origin, assertionFile, problems }: Beside,
): object => ({
  $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
  version: '2.1.0',
  runs: [
    {
      tool: {
        driver: {
          name: 'weirgate',
          rules: [
            ...[...FLOW_RULES, ASSERTION_RULE].map(({ id, level, text }) => ({
              id,
              shortDescription: { text },
              defaultConfiguration: { level },
            })),
            ...LINT_RULES.map(({ id, severity, description }) => ({
              id,
              shortDescription: { text: description },
              defaultConfiguration: { level: LEVELS[severity] },
            })),
          ],
        },
      },
      columnKind: 'utf16CodeUnits',
      invocations: [
        {
          executionSuccessful: true,
          toolExecutionNotifications: notificationsOf(simulated, problems, origin),
        },
      ],
      results: [
        ...simulated.flows.flatMap(each => flowResult(each, origin)),
        ...ownFindings(simulated.findings).map(each => findingResult(each, origin)),
        ...assertionResults(assertionLines(simulated.assertions, assertionFile)),
      ],
    },
  ],
});
