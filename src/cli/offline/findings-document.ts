import Table from 'cli-table3';
import { stringify } from 'yaml';
import type { Finding } from '../../netpol/index.js';
import { sarifOf } from './sarif.js';

export const FINDING_FORMATS = ['table', 'json', 'yaml', 'markdown', 'sarif'] as const;
export type FindingFormat = (typeof FINDING_FORMATS)[number];

const placeText = ({ place }: Finding): string =>
  place === null ? '' : `${place.file ?? '-'}:${place.line}:${place.column}`;

const policyText = ({ policy }: Finding): string =>
  policy === null ? '' : [policy.namespace, policy.name].filter(part => part !== null).join('/');

const cellsOf = (finding: Finding): string[] => [
  finding.severity,
  finding.rule,
  policyText(finding),
  placeText(finding),
  finding.message,
  finding.hint,
];

const HEADING = ['severity', 'rule', 'policy', 'place', 'message', 'hint'];

const table = (findings: readonly Finding[]): string => {
  if (findings.length === 0) return 'no findings\n';
  const drawn = new Table({
    head: HEADING,
    style: { head: [], border: [] },
    wordWrap: true,
    colWidths: [10, 24, 20, 24, 46, 40],
  });
  drawn.push(...findings.map(cellsOf));
  return `${drawn.toString()}\n`;
};

const markdown = (findings: readonly Finding[]): string => {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return [HEADING, HEADING.map(() => '---'), ...findings.map(cellsOf)].map(line).join('');
};

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

export const findingsDocument = (findings: readonly Finding[], format: FindingFormat): string => {
  switch (format) {
    case 'table':
      return table(findings);
    case 'json':
      return json(findings);
    case 'yaml':
      return stringify(findings);
    case 'markdown':
      return markdown(findings);
    case 'sarif':
      return json(sarifOf(findings));
  }
};
