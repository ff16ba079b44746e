import { uriOf } from './file-uri.js';
import type { Cell, Rows } from './table.js';

/** Whether an assertion holds, as reports show it. */
export type AssertionLine = {
  readonly name: string;
  readonly text: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly holds: boolean;
  readonly violations: readonly {
    /** `POLICIES` or `HISTORY`. */
    readonly basis: string;
    readonly ports: string;
    readonly path: readonly string[];
  }[];
  readonly violationCount: number;
};

type Violation = AssertionLine['violations'][number];

/** `A reaches B` asks for what may be; all other sentences say what may not. */
const WANTED =
  /^(?!.*\b(?:reached|not reach|reaches only|no path)\b).*\b(?:reaches|may reach|must reach)\b/i;

const wordsOf = (text: string, basis: string): string => {
  if (basis === 'HISTORY') return 'was seen';
  return WANTED.test(text) ? 'is not possible' : 'is possible';
};

const violationText =
  (text: string) =>
  ({ basis, ports, path }: Violation): string =>
    `${wordsOf(text, basis)}: ${path.join(' -> ')} (${ports}${path.length > 2 ? ' at the last step' : ''})`;

/** What is contrary to it, in one text. */
export const violationsText = ({ text, violations, violationCount }: AssertionLine): string => {
  const rest = violationCount - violations.length;
  return [...violations.map(violationText(text)), ...(rest > 0 ? [`and ${rest} more`] : [])].join(
    '; ',
  );
};

const placeText = ({ file, line, column }: AssertionLine): string =>
  line === null ? '' : `${file ?? '-'}:${line}:${column ?? 1}`;

export const assertionTable = (assertions: readonly AssertionLine[]): Rows => ({
  heading: ['assertion', 'result', 'place', 'contrary to it'],
  first: 3,
  rows: assertions.map((each): readonly Cell[] => [
    each.name,
    each.holds ? { text: 'holds', color: 'green' } : { text: 'does not hold', color: 'red' },
    placeText(each),
    violationsText(each),
  ]),
});

export const ASSERTION_RULE = {
  id: 'assertion-violated',
  level: 'error',
  text: 'something is contrary to an assertion',
} as const;

/** Results of SARIF for those that do not hold. */
export const assertionResults = (assertions: readonly AssertionLine[]): readonly object[] =>
  assertions
    .filter(({ holds }) => !holds)
    .map(each => ({
      ruleId: ASSERTION_RULE.id,
      level: ASSERTION_RULE.level,
      message: { text: `\`${each.name}\` does not hold: ${violationsText(each)}` },
      locations: [
        {
          ...(each.line !== null && {
            physicalLocation: {
              artifactLocation: { uri: uriOf(each.file ?? 'stdin') },
              region: { startLine: each.line, startColumn: each.column ?? 1 },
            },
          }),
          logicalLocations: [{ fullyQualifiedName: each.name }],
        },
      ],
    }));
