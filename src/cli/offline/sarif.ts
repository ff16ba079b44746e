import { type Finding, LINT_RULES, Severity } from '../../netpol/index.js';
import { uriOf } from '../print/file-uri.js';

/** SARIF 2.1.0, 3.27.10: `level`. */
const LEVEL: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  [Severity.ERROR]: 'error',
  [Severity.WARNING]: 'warning',
  [Severity.INFO]: 'note',
};

const locationOf = ({ place, path, policy }: Finding): object => ({
  ...(place === null
    ? {}
    : {
        physicalLocation: {
          artifactLocation: { uri: uriOf(place.file ?? 'stdin') },
          region: { startLine: place.line, startColumn: place.column },
        },
      }),
  logicalLocations: [
    {
      fullyQualifiedName: [policy?.kind, policy?.namespace, policy?.name, path]
        .filter(part => part != null)
        .join('/'),
    },
  ],
});

const resultOf = (finding: Finding): object => ({
  ruleId: finding.rule,
  ruleIndex: LINT_RULES.findIndex(({ id }) => id === finding.rule),
  level: LEVEL[finding.severity],
  message: { text: `${finding.message}. Cure: ${finding.hint}` },
  ...(finding.policy === null && finding.place === null
    ? {}
    : { locations: [locationOf(finding)] }),
});

/** The findings as one run, for code scanning. */
export const sarifOf = (findings: readonly Finding[]): object => ({
  $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
  version: '2.1.0',
  runs: [
    {
      tool: {
        driver: {
          name: 'weirgate',
          rules: LINT_RULES.map(({ id, severity, description }) => ({
            id,
            shortDescription: { text: description },
            defaultConfiguration: { level: LEVEL[severity] },
          })),
        },
      },
      columnKind: 'utf16CodeUnits',
      results: findings.map(resultOf),
    },
  ],
});
