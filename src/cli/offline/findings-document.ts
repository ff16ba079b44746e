import { type Finding, Severity } from '../../netpol/index.js';
import { jsonText, LISTING_FORMATS, type Listing, listingText } from '../print/listing.js';
import type { Cell } from '../print/table.js';
import type { Color, Terminal } from '../print/terminal.js';
import { sarifOf } from './sarif.js';

export const FINDING_FORMATS = [...LISTING_FORMATS, 'sarif'] as const;
export type FindingFormat = (typeof FINDING_FORMATS)[number];

const COLOR: Readonly<Record<Severity, Color>> = {
  [Severity.ERROR]: 'red',
  [Severity.WARNING]: 'yellow',
  [Severity.INFO]: 'gray',
};

const placeText = ({ place }: Finding): string =>
  place === null ? '' : `${place.file ?? '-'}:${place.line}:${place.column}`;

const policyText = ({ policy }: Finding): string =>
  policy === null ? '' : [policy.namespace, policy.name].filter(part => part !== null).join('/');

const cellsOf = (finding: Finding): readonly Cell[] => [
  { text: finding.severity, color: COLOR[finding.severity] },
  finding.rule,
  policyText(finding),
  placeText(finding),
  finding.message,
  finding.hint,
];

const listingOf = (findings: readonly Finding[]): Listing => ({
  heading: ['severity', 'rule', 'policy', 'place', 'message', 'hint'],
  rows: findings.map(cellsOf),
  value: { findings },
  empty: 'no findings',
});

export const findingsDocument = (
  findings: readonly Finding[],
  format: FindingFormat,
  terminal: Terminal,
): string =>
  format === 'sarif'
    ? jsonText(sarifOf(findings))
    : listingText(listingOf(findings), format, terminal);
